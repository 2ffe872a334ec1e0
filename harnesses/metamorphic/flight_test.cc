#include "harnesses/metamorphic/flight.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harnesses/differential/rules/codes.h"
#include "harnesses/metamorphic/testing.h"

namespace tocsin::metamorphic {
namespace {

constexpr std::uint64_t draws = 200;

/// The content of each handshake record.
std::vector<Bytes> records_in(ByteView bytes) {
  std::vector<Bytes> contents;
  while (const auto record = dissect::take_record(bytes))
    contents.emplace_back(record->fragment.begin(), record->fragment.end());
  return contents;
}
Bytes joined(const std::vector<Bytes>& contents) {
  Bytes all;
  for (const Bytes& content : contents) append(all, content);
  return all;
}

Bytes first_hello() { return *message_of(client_hello({})); }
Bytes key_exchange() { return message(HandshakeType::client_key_exchange, 40); }
/// A ServerHello of TLS 1.2 and what follows it, each in a record of its own.
Bytes tls12_server_flight() {
  Bytes flight;
  for (const Bytes& one :
       {*message_of(server_hello({})), message(HandshakeType::certificate, 300), message(HandshakeType::server_hello_done, 0)})
    append(flight, record(one));
  return flight;
}

TEST(MetamorphicFlight, is_put_together_as_it_was) {
  Bytes flight = record(first_hello());
  append(flight, record(key_exchange()));
  append(flight, change_cipher_spec());
  append(flight, record(Bytes(40, 1)));
  const Flight read = read_flight(flight);
  EXPECT_EQ(bytes_of(read), flight);
  ASSERT_EQ(read.runs.size(), 2u);
  EXPECT_EQ(read.runs[1].content, key_exchange());
  EXPECT_EQ(read.rest.size(), change_cipher_spec().size() + record(Bytes(40, 1)).size()) << "it may be protected";
}

TEST(MetamorphicFlight, goes_past_a_change_cipher_spec_between_two_client_hellos) {
  Bytes flight = record(first_hello());
  append(flight, change_cipher_spec());
  append(flight, record(first_hello()));
  const Flight read = read_flight(flight);
  EXPECT_EQ(bytes_of(read), flight);
  ASSERT_EQ(read.runs.size(), 2u);
  EXPECT_EQ(read.runs[1].before, change_cipher_spec());
}

TEST(MetamorphicFlight, other_records_hold_the_same_and_none_is_empty) {
  Bytes flight = record(first_hello());
  append(flight, record(key_exchange()));
  bool is_changed = false;
  for (std::uint64_t which = 0; which < draws; ++which) {
    Flight other = read_flight(flight);
    Draw draw({}, which);
    ASSERT_TRUE(refragment(other, draw));
    const auto records = records_in(bytes_of(other));
    EXPECT_EQ(joined(records), joined(records_in(flight)));
    EXPECT_TRUE(std::ranges::none_of(records, &Bytes::empty));
    is_changed = is_changed || records.size() != 2;
  }
  EXPECT_TRUE(is_changed);
}

TEST(MetamorphicFlight, a_message_ends_its_record_where_it_did_and_nowhere_else) {
  Bytes together = first_hello();
  append(together, key_exchange());
  append(together, first_hello());
  Bytes flight = record(ByteView(together).first(first_hello().size() + 3));
  append(flight, record(ByteView(together).subspan(first_hello().size() + 3)));
  append(flight, record(key_exchange()));
  const std::size_t hello = first_hello().size(), key = key_exchange().size();
  for (std::uint64_t which = 0; which < draws; ++which) {
    Flight other = read_flight(flight);
    Draw draw({}, which);
    ASSERT_TRUE(refragment(other, draw));
    const auto& ends = other.runs.at(0).ends;
    EXPECT_EQ(std::ranges::count(ends, hello), 0);
    EXPECT_EQ(std::ranges::count(ends, hello + key), 0);
    EXPECT_EQ(std::ranges::count(ends, hello + key + hello), 1);
    EXPECT_EQ(ends.back(), hello + key + hello + key);
  }
}

TEST(MetamorphicFlight, messages_of_a_server_of_tls12_may_share_a_record) {
  bool is_shared = false;
  for (std::uint64_t which = 0; which < draws; ++which) {
    Flight other = read_flight(tls12_server_flight());
    Draw draw({}, which);
    ASSERT_TRUE(refragment(other, draw));
    is_shared = is_shared || std::ranges::count(other.runs.at(0).ends, message_of(server_hello({}))->size()) == 0;
  }
  EXPECT_TRUE(is_shared);
}

TEST(MetamorphicFlight, is_left_alone_where_a_record_may_be_too_long) {
  Bytes flight = record(*message_of(client_hello({{rules::max_fragment_length, {1}}})));
  Flight fits = read_flight(flight);
  Draw draw({});
  EXPECT_TRUE(refragment(fits, draw));
  append(flight, record(message(HandshakeType::certificate, 600)));
  Flight too_long = read_flight(flight);
  EXPECT_FALSE(refragment(too_long, draw));
  EXPECT_EQ(bytes_of(too_long), flight);
}

}  // namespace
}  // namespace tocsin::metamorphic
