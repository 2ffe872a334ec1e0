// Records with a connection id (RFC 9146 sections 4 and 5.3).
#include <gtest/gtest.h>

#include "core/base/testing.h"
#include "core/record/dtls/datagrams.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::record {
namespace {

using test::copy_of;
using test::from_hex;

constexpr CipherSuite gcm = CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256;
constexpr CipherSuite chacha = CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256;
const Bytes id = from_hex("c0ffee01");
const Bytes hello{'h', 'e', 'l', 'l', 'o'};

tls12::Protection protection(CipherSuite suite = gcm) {
  static const auto provider = make_openssl_provider();
  auto aead = (*provider)->aead(suite, Bytes(key_bytes(suite), 0x11));
  return {std::move(*aead), Bytes(tls12::Protection::fixed_iv_bytes(suite), 0x22)};
}

/// A record that holds exactly these bytes: content, type, zeros; or anything else.
Bytes wrap(ByteView inner, std::uint64_t sequence = 0) {
  Bytes fragment;
  EXPECT_TRUE(!inner.empty());
  const auto type = static_cast<ContentType>(inner.back());  // what seals puts a type behind: the last byte is it
  const tls12::RecordId of{full_sequence(1, sequence), type, 0xfefd, id};
  EXPECT_TRUE(protection().seal(of, inner.first(inner.size() - 1), fragment));
  Bytes record;
  append_dtls_header({tls12_cid, DtlsVersion::dtls12, 1, sequence, fragment.size(), id}, record);
  append(record, fragment);
  return record;
}

struct OpenedOne {
  std::optional<DiscardReason> discarded;
  Bytes content{};
  ContentType type{};
  bool operator==(const OpenedOne&) const = default;
};
OpenedOne open_one(DtlsOpener& opener, const Bytes& bytes, std::size_t id_bytes = id.size()) {
  DatagramReader reader(bytes, DtlsVersions::negotiated, id_bytes);
  const auto record = reader.next();
  if (!record) return {};
  if (!*record) return {record->error().why};
  Bytes room(opener.content_bytes_of(**record));
  const auto opened = opener.open(**record, plaintext_bytes_max, room);
  if (!opened) return {opened.error().why};
  return {std::nullopt, copy_of(opened->content), opened->type};
}

TEST(ConnectionId, records_are_those_that_another_implementation_computes) {
  // By hand from RFC 9146 5.3, with the AEADs of Python's cryptography: "hello", application_data, ten zeros.
  const Bytes of_gcm = from_hex(
      "19 fefd 0001 000000000007 c0ffee01 0028 "
      "0001000000000007ea42287a87ab357efc59cb9dc5fe65a5b94e9bfd0461bd6174511a77ded8c618");
  const Bytes of_chacha =
      from_hex("19 fefd 0001 000000000007 c0ffee01 0020 b84bcd05fc3567b82f2d3bc103a0f0ee6652f69d22a4f1d165653b6d89e56cfa");
  for (const auto& [suite, expected] : {std::pair{gcm, of_gcm}, std::pair{chacha, of_chacha}}) {
    DtlsSealer sealer(1, protection(suite), 7, {.connection_id = id, .padding_block_bytes = 16});
    Bytes sealed;
    ASSERT_TRUE(sealer.seal(ContentType::application_data, hello, sealed, DtlsVersion::dtls12, 1000));
    EXPECT_EQ(test::to_hex(sealed), test::to_hex(expected));
    DtlsOpener opener(1, protection(suite), id);
    EXPECT_EQ(open_one(opener, expected), (OpenedOne{std::nullopt, hello, ContentType::application_data}));
  }
}

TEST(ConnectionId, every_bit_of_a_record_is_authenticated) {
  DtlsSealer sealer(1, protection(), 0, {.connection_id = id});
  Bytes sealed;
  ASSERT_TRUE(sealer.seal(ContentType::handshake, hello, sealed));
  DtlsOpener opener(1, protection(), id);
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    Bytes flipped = sealed;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    EXPECT_TRUE(open_one(opener, flipped).discarded) << bit;
  }
  EXPECT_EQ(open_one(opener, sealed), (OpenedOne{std::nullopt, hello, ContentType::handshake}));
}

TEST(ConnectionId, the_id_is_a_part_of_what_is_authenticated) {
  DtlsSealer sealer(1, protection(), 0, {.connection_id = id});
  Bytes sealed;
  ASSERT_TRUE(sealer.seal(ContentType::handshake, hello, sealed));
  Bytes other = id;
  other[0] ^= 1;
  sealed[11] ^= 1;  // the id as it stands there
  DtlsOpener opener(1, protection(), other);
  EXPECT_EQ(open_one(opener, sealed), OpenedOne{DiscardReason::record_bad_mac});
}

TEST(ConnectionId, a_record_with_another_id_or_with_none_is_discarded_for_its_own_reason) {
  DtlsOpener with(1, protection(), id), without(1, protection());
  DtlsSealer plain(1, protection());
  Bytes sealed;
  ASSERT_TRUE(plain.seal(ContentType::application_data, hello, sealed));
  EXPECT_EQ(open_one(with, sealed), OpenedOne{DiscardReason::connection_id_missing});
  DtlsSealer covered(1, protection(), 0, {.connection_id = from_hex("00000000")});
  Bytes other;
  ASSERT_TRUE(covered.seal(ContentType::application_data, hello, other));
  EXPECT_EQ(open_one(with, other), OpenedOne{DiscardReason::connection_id_unknown});
  EXPECT_EQ(open_one(without, other), OpenedOne{DiscardReason::connection_id_unknown});
  EXPECT_EQ(open_one(without, other, 0), OpenedOne{DiscardReason::record_type_unknown});
}

TEST(ConnectionId, stands_in_no_record_of_epoch_0) {
  DtlsOpener opener = DtlsOpener::plaintext();
  EXPECT_EQ(open_one(opener, from_hex("19 fefd 0000 000000000000 c0ffee01 0002 0101")),
            OpenedOne{DiscardReason::connection_id_unprotected});
}

TEST(ConnectionId, a_header_that_ends_inside_the_id_is_truncated) {
  const Bytes whole = wrap(from_hex("17"));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    DatagramReader reader(ByteView(whole).first(size), DtlsVersions::negotiated, id.size());
    const auto record = reader.next();
    ASSERT_TRUE(record && !*record) << size;
    EXPECT_EQ(record->error().why, DiscardReason::record_truncated) << size;
  }
}

TEST(ConnectionId, what_is_inside_has_a_type_behind_the_content_and_before_the_zeros) {
  const std::pair<Bytes, OpenedOne> inners[] = {
      {from_hex("01 02 15"), {std::nullopt, from_hex("0102"), ContentType::alert}},
      {from_hex("01 00 16 00 00"), {std::nullopt, from_hex("0100"), ContentType::handshake}},
      {from_hex("01 14 00"), {std::nullopt, from_hex("01"), ContentType::change_cipher_spec}},
      {from_hex("17 00"), {std::nullopt, {}, ContentType::application_data}},
      {from_hex("16"), {DiscardReason::record_empty}},
      {from_hex("00"), {DiscardReason::inner_type_missing}},
      {Bytes(100), {DiscardReason::inner_type_missing}},
      {from_hex("01 13"), {DiscardReason::inner_type_wrong}},
      {from_hex("01 18"), {DiscardReason::inner_type_wrong}},  // heartbeat
      {from_hex("01 19"), {DiscardReason::inner_type_wrong}},  // wrapped twice
      {from_hex("01 ff 00"), {DiscardReason::inner_type_wrong}},
      {Bytes(plaintext_bytes_max, 0x17), {std::nullopt, Bytes(plaintext_bytes_max - 1, 0x17), ContentType::application_data}},
      {Bytes(plaintext_bytes_max + 1, 0x17), {DiscardReason::record_too_long}},
  };
  std::uint64_t sequence = 0;
  DtlsOpener opener(1, protection(), id);
  for (const auto& [inner, expected] : inners) {
    EXPECT_EQ(open_one(opener, wrap(inner, sequence)), expected) << test::to_hex(ByteView(inner).first(1)) << inner.size();
    ++sequence;
  }
  // What was discarded for what it holds left no trace.
  EXPECT_EQ(open_one(opener, wrap(from_hex("01 15"), 5)).discarded, std::nullopt);
}

TEST(ConnectionId, zeros_fill_blocks_as_far_as_there_is_room) {
  const auto sealed_bytes = [](std::size_t content_bytes, std::size_t block_bytes, std::size_t room_bytes) {
    DtlsSealer sealer(1, protection(), 0, {.connection_id = id, .padding_block_bytes = block_bytes});
    Bytes out;
    EXPECT_TRUE(sealer.seal(ContentType::application_data, Bytes(content_bytes), out, DtlsVersion::dtls12, room_bytes));
    return out.size() - sealer.overhead_bytes();  // content and zeros
  };
  EXPECT_EQ(sealed_bytes(5, 0, 1000), 5u);
  EXPECT_EQ(sealed_bytes(5, 16, 1000), 15u);
  EXPECT_EQ(sealed_bytes(15, 16, 1000), 15u);
  EXPECT_EQ(sealed_bytes(16, 16, 1000), 31u);
  EXPECT_EQ(sealed_bytes(16, 16, 20), 20u);
  EXPECT_EQ(sealed_bytes(16, 16, 3), 16u);
  EXPECT_EQ(sealed_bytes(16000, 10000, 60000), plaintext_bytes_max - 1);
}

TEST(ConnectionId, a_padded_record_fits_into_the_datagram_that_its_content_fits_into) {
  Datagrams out;
  DatagramWriter writer(out, 200);
  DtlsSealer sealer(1, protection(), 0, {.connection_id = id, .padding_block_bytes = 1000});
  const std::size_t room_bytes = writer.room_bytes(sealer);
  ASSERT_TRUE(writer.seal(sealer, ContentType::handshake, Bytes(room_bytes - 1)));
  ASSERT_TRUE(writer.seal(sealer, ContentType::handshake, Bytes(1)));
  EXPECT_EQ(out.sizes_bytes, (std::vector<std::size_t>{200, 200}));
}

TEST(ConnectionId, the_newest_record_is_known_for_it) {
  DtlsOpener opener(1, protection(), id);
  const auto is_newest = [&](std::uint64_t sequence) {
    const Bytes bytes = wrap(from_hex("01 17"), sequence);
    DatagramReader reader(bytes, DtlsVersions::negotiated, id.size());
    const auto record = reader.next();
    Bytes room(opener.content_bytes_of(**record));
    const auto opened = opener.open(**record, plaintext_bytes_max, room);
    return opened && opened->is_newest;
  };
  EXPECT_TRUE(is_newest(5));
  EXPECT_FALSE(is_newest(5));
  EXPECT_FALSE(is_newest(4));
  EXPECT_TRUE(is_newest(6));
  EXPECT_TRUE(is_newest(600));
  EXPECT_FALSE(is_newest(599));
}

TEST(ConnectionId, zeros_never_move_a_record_that_just_fits_to_the_next_datagram) {
  for (const std::size_t one_more : {std::size_t{0}, std::size_t{1}}) {
    Datagrams out;
    DatagramWriter writer(out, 200);
    DtlsSealer plaintext = DtlsSealer::plaintext();
    ASSERT_TRUE(writer.seal(plaintext, ContentType::change_cipher_spec, Bytes(37)));
    DtlsSealer sealer(1, protection(), 0, {.connection_id = id, .padding_block_bytes = 64});
    const Bytes content(writer.room_bytes(sealer) + one_more);
    ASSERT_TRUE(writer.seal(sealer, ContentType::handshake, content));
    const std::size_t padded_bytes = sealer.overhead_bytes() - 1 + 128;  // 109 bytes and the type fill two blocks with zeros
    EXPECT_EQ(out.sizes_bytes, one_more == 0 ? std::vector<std::size_t>{200} : (std::vector<std::size_t>{50, padded_bytes}));
  }
}

}  // namespace
}  // namespace tocsin::record
