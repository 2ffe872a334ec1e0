#include "core/record/dtls/protection.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::record {
namespace {

using test::copy_of;
using test::from_hex;

constexpr CipherSuite gcm = CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256;
constexpr CipherSuite chacha = CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256;
const Bytes hello{'h', 'e', 'l', 'l', 'o'};

tls12::Protection protection(CipherSuite suite = gcm) {
  static const auto provider = make_openssl_provider();
  auto aead = (*provider)->aead(suite, Bytes(key_bytes(suite), 0x11));
  return {std::move(*aead), Bytes(tls12::Protection::fixed_iv_bytes(suite), 0x22)};
}

DtlsRecord read_whole(const Bytes& bytes) {
  DatagramReader reader(bytes, DtlsVersions::initial);
  const auto record = reader.next();
  if (!record || !*record || reader.next()) {
    ADD_FAILURE() << "not one whole record";
    return {};
  }
  return **record;
}

Bytes seal_one(DtlsSealer& sealer, ByteView content = hello, ContentType type = ContentType::application_data) {
  Bytes out;
  EXPECT_TRUE(sealer.seal(type, content, out));
  return out;
}

struct OpenedOne {
  std::optional<DiscardReason> discarded;
  Bytes content{};
  bool operator==(const OpenedOne&) const = default;
};
OpenedOne open_one(DtlsOpener& opener, const Bytes& bytes, std::size_t content_bytes_max = plaintext_bytes_max) {
  const DtlsRecord record = read_whole(bytes);
  Bytes room(opener.content_bytes_of(record));
  const auto content = opener.open(record, content_bytes_max, room);
  if (!content) return {content.error().why};
  return {std::nullopt, copy_of(content->content)};
}

TEST(DtlsProtection, what_is_sealed_opens_in_every_order_and_once_only) {
  for (const CipherSuite suite : {gcm, chacha, CipherSuite::ecdhe_rsa_aes_256_gcm_sha384}) {
    DtlsSealer sealer(1, protection(suite));
    DtlsOpener opener(1, protection(suite));
    std::vector<Bytes> records;
    for (const std::size_t size : {0u, 1u, 300u, 16384u}) records.push_back(seal_one(sealer, Bytes(size, 0x5a)));
    for (const std::size_t i : {2u, 0u, 3u, 1u}) {
      const Bytes content(records[i].size() - sealer.overhead_bytes(), 0x5a);
      EXPECT_EQ(open_one(opener, records[i]), (OpenedOne{std::nullopt, content}));
      EXPECT_EQ(open_one(opener, records[i]), OpenedOne{DiscardReason::record_replayed});
    }
    EXPECT_EQ(sealer.records_sealed(), 4u);
    EXPECT_EQ(opener.records_opened(), 4u);
  }
}

TEST(DtlsProtection, epoch_0_is_plaintext_behind_its_header) {
  DtlsSealer sealer = DtlsSealer::plaintext(5);
  Bytes out;
  ASSERT_TRUE(sealer.seal(ContentType::handshake, hello, out, DtlsVersion::dtls10));
  EXPECT_EQ(out, from_hex("16 feff 0000 000000000005 0005 68656c6c6f"));
  EXPECT_EQ(sealer.overhead_bytes(), dtls_header_bytes);
  DtlsOpener opener = DtlsOpener::plaintext();
  EXPECT_EQ(open_one(opener, out), (OpenedOne{std::nullopt, hello}));
}

TEST(DtlsProtection, a_forged_number_in_epoch_0_has_no_record_refused) {
  DtlsOpener opener = DtlsOpener::plaintext();
  EXPECT_FALSE(open_one(opener, from_hex("15 fefd 0000 ffffffffffff 0002 0100")).discarded);
  EXPECT_FALSE(open_one(opener, from_hex("15 fefd 0000 000000000000 0002 0100")).discarded);
  EXPECT_FALSE(open_one(opener, from_hex("16 fefd 0000 000000000000 0001 01")).discarded);
}

TEST(DtlsProtection, numbers_go_on_over_records_that_are_sealed_anew) {
  DtlsSealer sealer(1, protection());
  const Bytes once = seal_one(sealer), again = seal_one(sealer);
  EXPECT_EQ(read_whole(once).header.sequence, 0u);
  EXPECT_EQ(read_whole(again).header.sequence, 1u);
  EXPECT_NE(copy_of(read_whole(once).fragment), copy_of(read_whole(again).fragment));
}

//= RFC 6347 4.1 //# As in TLS, implementations MUST either abandon an association or rehandshake prior to
TEST(DtlsProtection, the_last_of_the_48_bit_numbers_is_used_and_never_wraps) {
  DtlsSealer sealer(1, protection(), dtls_sequence_max);
  DtlsOpener opener(1, protection());
  const Bytes last = seal_one(sealer);
  EXPECT_EQ(open_one(opener, last), (OpenedOne{std::nullopt, hello}));
  Bytes out{1};
  EXPECT_EQ(test::refusal_of(sealer.seal(ContentType::alert, hello, out)), Reason::record_sequence_exhausted);
  EXPECT_EQ(out, Bytes{1});
  EXPECT_EQ(sealer.records_sealed(), 1u);
}

//= RFC 6347 4.1.2.1 //# In DTLS, the receiving implementation MAY simply discard the offending record and
//= RFC 6347 4.1.2.1 //# In general, DTLS implementations SHOULD silently discard records with bad MACs or that
//= RFC 6347 4.1.2.6 //# If the MAC validation fails, the receiver MUST discard the received record as invalid.
TEST(DtlsProtection, every_flipped_bit_is_discarded_and_the_record_itself_still_opens) {
  for (const CipherSuite suite : {gcm, chacha}) {
    DtlsSealer sealer(1, protection(suite));
    DtlsOpener opener(1, protection(suite));
    const Bytes sealed = seal_one(sealer);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
      Bytes flipped = sealed;
      flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1 << bit % 8));
      DatagramReader reader(flipped, DtlsVersions::initial);
      while (const auto record = reader.next()) {
        if (!*record) continue;
        Bytes room(opener.content_bytes_of(**record));
        EXPECT_FALSE(opener.open(**record, plaintext_bytes_max, room)) << bit;
      }
    }
    EXPECT_EQ(opener.records_opened(), 0u);
    EXPECT_FALSE(open_one(opener, sealed).discarded);
  }
}

//= RFC 6347 4.1.2.6 //# The receive window is updated only if the MAC verification succeeds.
TEST(DtlsProtection, a_forged_record_does_not_move_the_window) {
  DtlsSealer sealer(1, protection());
  DtlsOpener opener(1, protection());
  Bytes forged = seal_one(sealer);
  const Bytes sealed = seal_one(sealer);
  forged[5] = 0xff;  // the number
  EXPECT_EQ(open_one(opener, forged), OpenedOne{DiscardReason::record_bad_mac});
  EXPECT_FALSE(open_one(opener, sealed).discarded);
}

TEST(DtlsProtection, records_before_the_window_are_too_old) {
  DtlsSealer sealer(1, protection());
  DtlsOpener opener(1, protection());
  std::vector<Bytes> records;
  for (std::uint64_t i = 0; i <= ReplayWindow::size_records; ++i) records.push_back(seal_one(sealer));
  EXPECT_FALSE(open_one(opener, records.back()).discarded);
  EXPECT_EQ(open_one(opener, records[0]), OpenedOne{DiscardReason::record_too_old});
  EXPECT_FALSE(open_one(opener, records[1]).discarded);
}

TEST(DtlsProtection, a_fragment_too_short_for_nonce_and_tag_is_a_bad_mac) {
  DtlsOpener opener(1, protection());
  EXPECT_EQ(open_one(opener, from_hex("17 fefd 0001 000000000000 0003 010203")), OpenedOne{DiscardReason::record_bad_mac});
  EXPECT_EQ(open_one(opener, from_hex("17 fefd 0001 000000000000 0000")), OpenedOne{DiscardReason::record_bad_mac});
}

//= RFC 6347 4.1 //# As in TLS 1.2, the length should not exceed 2^14.
TEST(DtlsProtection, what_is_longer_than_the_limit_is_discarded_only_beyond_it) {
  DtlsSealer sealer(1, protection());
  DtlsOpener opener(1, protection());
  EXPECT_EQ(open_one(opener, seal_one(sealer, Bytes(65)), 64), OpenedOne{DiscardReason::record_too_long});
  EXPECT_FALSE(open_one(opener, seal_one(sealer, Bytes(64)), 64).discarded);
}

TEST(DtlsProtection, only_application_data_may_be_empty) {
  DtlsSealer sealer(1, protection()), plain = DtlsSealer::plaintext();
  DtlsOpener opener(1, protection()), reader = DtlsOpener::plaintext();
  for (const auto type : {ContentType::change_cipher_spec, ContentType::alert, ContentType::handshake}) {
    EXPECT_EQ(open_one(opener, seal_one(sealer, {}, type)), OpenedOne{DiscardReason::record_empty});
    EXPECT_EQ(open_one(reader, seal_one(plain, {}, type)), OpenedOne{DiscardReason::record_empty});
  }
  EXPECT_EQ(open_one(opener, seal_one(sealer, {})), OpenedOne{});
}

//= RFC 6347 4.1 //# In general, implementations SHOULD discard packets from earlier epochs, but if packet
TEST(DtlsProtection, a_record_of_another_epoch_is_not_tried) {
  DtlsSealer sealer(2, protection());
  DtlsOpener opener(1, protection());
  EXPECT_EQ(open_one(opener, seal_one(sealer)), OpenedOne{DiscardReason::epoch_unknown});
}

//= RFC 6347 4.1 //# Until the handshake has completed, implementations MUST accept packets from the old
TEST(Epochs, keep_the_epoch_before_for_a_flight_that_is_sent_again) {
  Epochs<DtlsSealer> epochs(DtlsSealer::plaintext());
  EXPECT_EQ(epochs.current().epoch(), 0);
  seal_one(epochs.current());
  epochs.advance(DtlsSealer(1, protection()));
  EXPECT_EQ(epochs.current().epoch(), 1);
  ASSERT_NE(epochs.of(0), nullptr);
  EXPECT_EQ(read_whole(seal_one(*epochs.of(0))).header.sequence, 1u);
  EXPECT_EQ(epochs.of(1), &epochs.current());
  EXPECT_EQ(epochs.of(2), nullptr);
}

}  // namespace
}  // namespace tocsin::record
