#include "core/record/tls13/protection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string_view>

#include "tocsin/openssl_provider.h"

namespace tocsin::record {
namespace {

constexpr std::size_t inner_bytes_max = plaintext_bytes_max + 1;

Bytes from_hex(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  return bytes;
}

// The traffic keys and records of RFC 8448 section 3.
struct Vector {
  std::string_view key, iv;
  std::uint64_t sequence;
  std::string_view record;
};
constexpr Vector server_flight{
    // EncryptedExtensions, Certificate, CertificateVerify, Finished
    "3fce516009c21727d0f2e4e86ee403bc", "5d313eb2671276ee13000b30", 0,
    "17030302a2d1ff334a56f5bff6594a07cc87b580233f500f45e489e7f33af35edf7869fcf40aa40aa2b8ea73f848a7ca07612ef9f945cb96"
    "0b4068905123ea78b111b429ba9191cd05d2a389280f526134aadc7fc78c4b729df828b5ecf7b13bd9aefb0e57f271585b8ea9bb355c7c79"
    "020716cfb9b1183ef3ab20e37d57a6b9d7477609aee6e122a4cf51427325250c7d0e509289444c9b3a648f1d71035d2ed65b0e3cdd0cbae8"
    "bf2d0b227812cbb360987255cc744110c453baa4fcd610928d809810e4b7ed1a8fd991f06aa6248204797e36a6a73b70a2559c09ead68694"
    "5ba246ab66e5edd8044b4c6de3fcf2a89441ac66272fd8fb330ef8190579b3684596c960bd596eea520a56a8d650f563aad27409960dca63"
    "d3e688611ea5e22f4415cf9538d51a200c27034272968a264ed6540c84838d89f72c24461aad6d26f59ecaba9acbbb317b66d902f4f292a3"
    "6ac1b639c637ce343117b659622245317b49eeda0c6258f100d7d961ffb138647e92ea330faeea6dfa31c7a84dc3bd7e1b7a6c7178af3687"
    "9018e3f252107f243d243dc7339d5684c8b0378bf30244da8c87c843f5e56eb4c5e8280a2b48052cf93b16499a66db7cca71e4599426f7d4"
    "61e66f99882bd89fc50800becca62d6c74116dbd2972fda1fa80f85df881edbe5a37668936b335583b599186dc5c6918a396fa48a181d6b6"
    "fa4f9d62d513afbb992f2b992f67f8afe67f76913fa388cb5630c8ca01e0c65d11c66a1e2ac4c85977b7c7a6999bbf10dc35ae69f5515614"
    "636c0b9b68c19ed2e31c0b3b66763038ebba42f3b38edc0399f3a9f23faa63978c317fc9fa66a73f60f0504de93b5b845e275592c12335ee"
    "340bbc4fddd502784016e4b3be7ef04dda49f4b440a30cb5d2af939828fd4ae3794e44f94df5a631ede42c1719bfdabf0253fe5175be898e"
    "750edc53370d2b"};
constexpr Vector client_finished{
    "dbfaa693d1762c5b666af5d950258d01", "5bd3c71b836e0b76bb73265f", 0,
    "170303003575ec4dc238cce60b298044a71e219c56cc77b0517fe9b93c7a4bfc44d87f38f80338ac98fc46deb384bd1caeacab6867d726c4"
    "0546"};
constexpr Vector client_data{
    "17422dda596ed5d9acd890e3c63f5051", "5b78923dee08579033e523d9", 0,
    "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a6292a2"
    "977014bd1e3deae63aeebb21694915e4"};
constexpr Vector server_data{
    // after a NewSessionTicket under the same keys
    "9f02283b6c9c07efc26bb9f2ac92e356", "cf782b88dd83549aadf1e984", 1,
    "17030300432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa1b36e30efaf97d90e6dffc602dcb501a59a8fcc49c4bf2e5f0a2"
    "1c0047c2abf332540dd032e167c2955d"};

Aead::Nonce nonce_from(std::string_view hex) {
  Aead::Nonce nonce{};
  const Bytes bytes = from_hex(hex);
  std::copy(bytes.begin(), bytes.end(), nonce.begin());
  return nonce;
}

std::unique_ptr<Aead> aead_of(std::string_view key_hex) {
  static const auto provider = make_openssl_provider();
  auto aead = (*provider)->aead(CipherSuite::aes_128_gcm_sha256, from_hex(key_hex));
  return std::move(*aead);
}

Sealer sealer_of(const Vector& vector) { return {aead_of(vector.key), nonce_from(vector.iv), vector.sequence}; }
Opener opener_of(const Vector& vector) { return {aead_of(vector.key), nonce_from(vector.iv), vector.sequence}; }

// Opens what the vector's first record would hold if these bytes, content type and padding included, were sealed in it.
Result<Opened> open_inner(ByteView inner, std::size_t limit = inner_bytes_max) {
  const std::size_t fragment_bytes = inner.size() + Aead::tag_bytes;
  const auto header = make_header(ContentType::application_data, 0x0303, fragment_bytes);
  Bytes record(header.begin(), header.end());
  record.resize(header_bytes + fragment_bytes);
  const auto sealed =
      aead_of(client_data.key)->seal(nonce_from(client_data.iv), header, inner, MutableBytes(record).subspan(5));
  EXPECT_TRUE(sealed);
  return opener_of(client_data).open(record, limit);
}

Reason refusal_of(const Result<Opened>& opened) {
  EXPECT_FALSE(opened);
  return opened ? Reason::invariant_broken : opened.error().why;
}

// An AEAD whose library has failed.
class BrokenAead : public Aead {
 public:
  Result<Done> seal(const Nonce&, ByteView, ByteView, MutableBytes) override { return Fatal{Reason::crypto_failed}; }
  Result<Done> open(const Nonce&, ByteView, ByteView, MutableBytes) override { return Fatal{Reason::crypto_failed}; }
};

//= RFC 9846 5.3 //# the first record transmitted under a particular traffic key MUST use sequence number 0.
TEST(RecordProtection, nonce_is_the_iv_xor_the_sequence_number_padded_on_the_left) {
  const auto iv = nonce_from("5d313eb2671276ee13000b30");
  EXPECT_EQ(nonce_for(iv, 0), iv);
  EXPECT_EQ(nonce_for(iv, 1), nonce_from("5d313eb2671276ee13000b31"));
  EXPECT_EQ(nonce_for(iv, 0x0123456789abcdef), nonce_from("5d313eb2663133899aabc6df"));
  EXPECT_EQ(nonce_for(iv, ~std::uint64_t{0}), nonce_from("5d313eb298ed8911ecfff4cf"));
}

TEST(RecordProtection, open_then_seal_gives_the_records_of_rfc_8448) {
  for (const Vector* vector : {&server_flight, &client_finished, &client_data, &server_data}) {
    Bytes record = from_hex(vector->record);
    auto opener = opener_of(*vector);
    const auto opened = opener.open(record, inner_bytes_max);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->content_bytes, record.size() - header_bytes - 1 - Aead::tag_bytes);
    EXPECT_EQ(opener.records_opened(), vector->sequence + 1);

    Bytes sealed;
    auto sealer = sealer_of(*vector);
    ASSERT_TRUE(sealer.seal(opened->type, ByteView(record).subspan(header_bytes, opened->content_bytes), 0, sealed));
    EXPECT_EQ(sealed, from_hex(vector->record));
    EXPECT_EQ(sealer.records_sealed(), vector->sequence + 1);
  }
}

TEST(RecordProtection, open_finds_the_content_that_rfc_8448_names) {
  Bytes data = from_hex(server_data.record);
  const auto opened = opener_of(server_data).open(data, inner_bytes_max);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->type, ContentType::application_data);
  ASSERT_EQ(opened->content_bytes, 50u);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(data[header_bytes + i], i);

  Bytes flight = from_hex(server_flight.record);
  const auto messages = opener_of(server_flight).open(flight, inner_bytes_max);
  ASSERT_TRUE(messages);
  EXPECT_EQ(messages->type, ContentType::handshake);
  ASSERT_EQ(messages->content_bytes, 657u);
  const Bytes finished = from_hex("140000209b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718");
  EXPECT_TRUE(std::equal(finished.begin(), finished.end(), flight.begin() + header_bytes + 657 - 36));
}

//= RFC 9846 5.4 //# Implementations MUST set the padding octets to all zeros before encrypting.
TEST(RecordProtection, open_takes_off_what_padding_seal_put_on) {
  for (const std::size_t padding_bytes : {std::size_t{1}, std::size_t{255}, plaintext_bytes_max - 3}) {
    Bytes out{1, 2, 3};
    auto sealer = sealer_of(client_data);
    ASSERT_TRUE(sealer.seal(ContentType::handshake, Bytes{7, 0, 0}, padding_bytes, out));
    ASSERT_EQ(out.size(), 3 + header_bytes + 3 + 1 + padding_bytes + Aead::tag_bytes);
    EXPECT_EQ(Bytes(out.begin(), out.begin() + 3), (Bytes{1, 2, 3}));
    const auto opened = opener_of(client_data).open(MutableBytes(out).subspan(3), inner_bytes_max);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->type, ContentType::handshake);
    EXPECT_EQ(opened->content_bytes, 3u);
  }
}

TEST(RecordProtection, seal_gives_the_same_content_another_record_each_time) {
  auto sealer = sealer_of(client_data);
  Bytes first, second;
  ASSERT_TRUE(sealer.seal(ContentType::application_data, Bytes(20), 0, first));
  ASSERT_TRUE(sealer.seal(ContentType::application_data, Bytes(20), 0, second));
  EXPECT_NE(first, second);
}

//= RFC 9846 5.4 //# the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets.
//= RFC 9846 5.2 //# The length MUST NOT exceed 2^14 + 256 bytes.
TEST(RecordProtection, seal_refuses_more_than_a_record_can_hold) {
  auto sealer = sealer_of(client_data);
  Bytes out;
  EXPECT_TRUE(sealer.seal(ContentType::application_data, Bytes(plaintext_bytes_max), 0, out));
  EXPECT_EQ(out.size(), header_bytes + inner_bytes_max + Aead::tag_bytes);
  out.clear();
  EXPECT_EQ(sealer.seal(ContentType::application_data, Bytes(plaintext_bytes_max), 1, out).error().why,
            Reason::invariant_broken);
  EXPECT_EQ(sealer.seal(ContentType::application_data, Bytes(plaintext_bytes_max + 1), 0, out).error().why,
            Reason::invariant_broken);
  EXPECT_TRUE(out.empty());
}

TEST(RecordProtection, a_failed_seal_appends_nothing_and_counts_nothing) {
  Sealer sealer(std::make_unique<BrokenAead>(), {});
  Bytes out{1, 2, 3};
  EXPECT_EQ(sealer.seal(ContentType::alert, Bytes{2, 80}, 0, out).error().why, Reason::crypto_failed);
  EXPECT_EQ(out, (Bytes{1, 2, 3}));
  EXPECT_EQ(sealer.records_sealed(), 0u);
}

//= RFC 9846 5.3 //# it MUST either rekey (Section 4.7.3) or terminate the connection.
TEST(RecordProtection, sequence_numbers_never_wrap) {
  constexpr std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  const Vector at_the_end{client_data.key, client_data.iv, last - 1, ""};
  auto sealer = sealer_of(at_the_end);
  auto opener = opener_of(at_the_end);
  Bytes record;
  ASSERT_TRUE(sealer.seal(ContentType::application_data, Bytes{1}, 0, record));
  Bytes again = record;
  EXPECT_TRUE(opener.open(record, inner_bytes_max));
  EXPECT_EQ(refusal_of(opener.open(again, inner_bytes_max)), Reason::record_sequence_exhausted);
  EXPECT_EQ(sealer.seal(ContentType::application_data, Bytes{1}, 0, record).error().why, Reason::record_sequence_exhausted);
}

//= RFC 9846 5.2 //# If the decryption fails, the receiver MUST terminate the connection with a
TEST(RecordProtection, open_refuses_every_flipped_bit_and_then_still_opens_the_record) {
  const Bytes good = from_hex(client_finished.record);
  auto opener = opener_of(client_finished);
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Bytes bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(refusal_of(opener.open(bad, inner_bytes_max)), Reason::record_bad_mac);
  }
  EXPECT_EQ(opener.records_opened(), 0u);
  Bytes record = good;
  EXPECT_TRUE(opener.open(record, inner_bytes_max));
}

TEST(RecordProtection, open_refuses_a_record_at_another_sequence_number) {
  for (const std::uint64_t sequence : {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{1} << 63}) {
    Bytes record = from_hex(server_data.record);
    Opener opener(aead_of(server_data.key), nonce_from(server_data.iv), sequence);
    EXPECT_EQ(refusal_of(opener.open(record, inner_bytes_max)), Reason::record_bad_mac);
  }
}

TEST(RecordProtection, open_refuses_a_fragment_too_short_for_a_type_and_a_tag) {
  for (std::size_t fragment_bytes = 0; fragment_bytes <= Aead::tag_bytes; ++fragment_bytes) {
    const auto header = make_header(ContentType::application_data, 0x0303, fragment_bytes);
    Bytes record(header.begin(), header.end());
    record.resize(header_bytes + fragment_bytes);
    EXPECT_EQ(refusal_of(opener_of(client_data).open(record, inner_bytes_max)), Reason::record_bad_mac);
  }
  EXPECT_EQ(refusal_of(open_inner({})), Reason::record_bad_mac);
}

TEST(RecordProtection, open_refuses_an_inner_plaintext_beyond_the_limit) {
  Bytes inner(64, 0x55);
  inner.back() = 23;
  EXPECT_TRUE(open_inner(inner, 64));
  EXPECT_EQ(refusal_of(open_inner(inner, 63)), Reason::record_overflow);
  inner.push_back(0);  // padding counts too (RFC 8449 4)
  EXPECT_EQ(refusal_of(open_inner(inner, 64)), Reason::record_overflow);
}

//= RFC 9846 5.4 //# Implementations MUST limit their scanning to the cleartext returned from the AEAD
//= RFC 9846 5.4 //# it MUST terminate the connection with an "unexpected_message" alert.
TEST(RecordProtection, open_refuses_a_record_of_padding_only) {
  EXPECT_EQ(refusal_of(open_inner(Bytes(1))), Reason::record_without_content_type);
  EXPECT_EQ(refusal_of(open_inner(Bytes(300))), Reason::record_without_content_type);
}

//= RFC 9846 5 //# which receives a protected change_cipher_spec record MUST abort the handshake with an
TEST(RecordProtection, open_lets_only_alert_handshake_and_application_data_be_protected) {
  for (int type = 1; type < 256; ++type) {
    const auto opened = open_inner(Bytes{1, 2, static_cast<std::uint8_t>(type), 0});
    if (type >= 21 && type <= 23) {
      ASSERT_TRUE(opened);
      EXPECT_EQ(static_cast<int>(opened->type), type);
      EXPECT_EQ(opened->content_bytes, 2u);
    } else {
      EXPECT_EQ(refusal_of(opened), Reason::record_inner_type_wrong);
    }
  }
}

TEST(RecordProtection, open_finds_a_content_of_no_bytes) {
  const auto opened = open_inner(Bytes{23, 0, 0});
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->content_bytes, 0u);
}

}  // namespace
}  // namespace tocsin::record
