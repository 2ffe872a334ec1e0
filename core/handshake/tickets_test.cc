#include "core/handshake/tickets.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/crypto/editing_testing.h"
#include "core/crypto/testing.h"

namespace tocsin::handshake {
namespace {

using test::openssl;

const Bytes secret(32, 7);
constexpr UnixSeconds noon{1'700'000'000 - 1'700'000'000 % 7200};

TicketKeys keys(ByteView from = secret, std::uint32_t period_s = 7200) { return {*openssl(), from, period_s}; }

std::optional<std::string> opened(const TicketKeys& by, ByteView ticket, UnixSeconds now = noon) {
  const auto session = open_ticket(by, ticket, now);
  EXPECT_TRUE(session);
  if (!*session) return std::nullopt;
  return std::string(text_of((*session)->view()));
}

UnixSeconds plus(UnixSeconds at, std::int64_t seconds) { return UnixSeconds{static_cast<std::int64_t>(at) + seconds}; }

TEST(Tickets, open_to_what_was_sealed) {
  const Bytes ticket = *seal_ticket(keys(), bytes_of("session"), noon);
  EXPECT_EQ(ticket.size(), 7 + ticket_overhead_bytes);
  EXPECT_EQ(opened(keys(), ticket), "session");
  EXPECT_EQ(opened(keys(), *seal_ticket(keys(), {}, noon)), "");
}

TEST(Tickets, no_two_are_alike) {
  EXPECT_NE(*seal_ticket(keys(), bytes_of("session"), noon), *seal_ticket(keys(), bytes_of("session"), noon));
}

TEST(Tickets, of_another_secret_or_period_do_not_open) {
  const Bytes ticket = *seal_ticket(keys(), bytes_of("session"), noon);
  Bytes other = secret;
  other[31] ^= 1;
  EXPECT_EQ(opened(keys(other), ticket), std::nullopt);
  EXPECT_EQ(opened(keys(secret, 3600), ticket), std::nullopt);
}

TEST(Tickets, that_were_changed_anywhere_or_cut_do_not_open) {
  const Bytes ticket = *seal_ticket(keys(), bytes_of("session"), noon);
  for (std::size_t bit = 0; bit < 8 * ticket.size(); ++bit) {
    Bytes changed = ticket;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    EXPECT_EQ(opened(keys(), changed), std::nullopt) << bit;
  }
  for (std::size_t size = 0; size < ticket.size(); ++size)
    EXPECT_EQ(opened(keys(), ByteView(ticket).first(size)), std::nullopt);
}

TEST(Tickets, open_in_their_period_and_in_the_next) {
  for (const UnixSeconds begin : {noon, UnixSeconds{0}, UnixSeconds{-7200}, UnixSeconds{-72000}})
    for (const UnixSeconds made : {begin, plus(begin, 7199)}) {
      const Bytes ticket = *seal_ticket(keys(), bytes_of("session"), made);
      EXPECT_EQ(opened(keys(), ticket, plus(begin, -1)), std::nullopt);
      EXPECT_EQ(opened(keys(), ticket, begin), "session");
      EXPECT_EQ(opened(keys(), ticket, plus(begin, 14399)), "session");
      EXPECT_EQ(opened(keys(), ticket, plus(begin, 14400)), std::nullopt);
      EXPECT_EQ(opened(keys(), ticket, plus(begin, 256 * 7200)), std::nullopt);
    }
}

/// Keeps the keys of the AEADs that it makes.
struct KeyKeepingProvider final : test::EditingProvider {
  KeyKeepingProvider() : EditingProvider(openssl()) {}
  Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) override {
    keys.emplace_back(key.begin(), key.end());
    return EditingProvider::aead(suite, key);
  }
  std::vector<Bytes> keys;
};

TEST(Tickets, of_one_period_have_one_key_and_of_another_period_another) {
  KeyKeepingProvider provider;
  for (const std::int64_t after_s : {0, 7199, 7200, 2 * 7200})
    ASSERT_TRUE(seal_ticket({provider, secret, 7200}, bytes_of("session"), plus(noon, after_s)));
  ASSERT_EQ(provider.keys.size(), 4u);
  EXPECT_EQ(provider.keys[0], provider.keys[1]);
  EXPECT_NE(provider.keys[1], provider.keys[2]);
  EXPECT_NE(provider.keys[2], provider.keys[3]);
}

TEST(Tickets, any_time_will_do) {
  for (const std::int64_t at : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    EXPECT_EQ(opened(keys(), *seal_ticket(keys(), bytes_of("session"), UnixSeconds{at}), UnixSeconds{at}), "session");
}

}  // namespace
}  // namespace tocsin::handshake
