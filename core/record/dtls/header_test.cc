#include "core/record/dtls/header.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"

namespace tocsin::record {
namespace {

using test::from_hex;
using test::join;

Bytes header_bytes_of(const DtlsHeader& header) {
  const auto bytes = make_dtls_header(header);
  return Bytes(bytes.begin(), bytes.end());
}

Bytes record_of(std::uint64_t sequence, std::size_t length_bytes) {
  return join({header_bytes_of({ContentType::handshake, DtlsVersion::dtls12, 0, sequence, length_bytes}),
               Bytes(length_bytes, static_cast<std::uint8_t>(sequence))});
}

std::optional<DiscardReason> refusal_of(ByteView bytes, DtlsVersions versions = DtlsVersions::negotiated) {
  const auto header = parse_dtls_header(bytes, versions);
  return header ? std::nullopt : std::optional(header.error().why);
}

/// The numbers of the datagram's records, then why the rest was discarded.
struct Walked {
  std::vector<std::uint64_t> sequences;
  std::vector<DiscardReason> discarded;
};
Walked walk(ByteView datagram, DtlsVersions versions = DtlsVersions::negotiated) {
  Walked walked;
  DatagramReader reader(datagram, versions);
  while (const auto record = reader.next()) {
    if (*record)
      walked.sequences.push_back((*record)->header.sequence);
    else
      walked.discarded.push_back(record->error().why);
  }
  EXPECT_FALSE(reader.next());
  return walked;
}

TEST(DtlsHeader, make_dtls_header_writes_what_rfc_6347_lays_out) {
  EXPECT_EQ(header_bytes_of({ContentType::application_data, DtlsVersion::dtls12, 0x0102, 0x030405060708, 0x090a}),
            from_hex("17 fefd 0102 030405060708 090a"));
  EXPECT_EQ(header_bytes_of({ContentType::handshake, DtlsVersion::dtls10, 0, 0, 0}),
            from_hex("16 feff 0000 000000000000 0000"));
}

TEST(DtlsHeader, what_make_dtls_header_makes_parse_dtls_header_reads) {
  for (const auto type :
       {ContentType::change_cipher_spec, ContentType::alert, ContentType::handshake, ContentType::application_data}) {
    for (const std::uint64_t sequence : {std::uint64_t{0}, std::uint64_t{0x0123456789ab}, dtls_sequence_max}) {
      const auto header =
          parse_dtls_header(header_bytes_of({type, DtlsVersion::dtls12, 0xfffe, sequence, 0x0123}), DtlsVersions::negotiated);
      ASSERT_TRUE(header);
      EXPECT_EQ(header->type, type);
      EXPECT_EQ(header->version, DtlsVersion::dtls12);
      EXPECT_EQ(header->epoch, 0xfffe);
      EXPECT_EQ(header->sequence, sequence);
      EXPECT_EQ(header->length_bytes, 0x0123u);
    }
  }
}

TEST(DtlsHeader, every_unknown_type_is_discarded) {
  for (int type = 0; type < 256; ++type) {
    const Bytes bytes = join({Bytes{static_cast<std::uint8_t>(type)}, from_hex("fefd 0000 000000000000 0000")});
    EXPECT_EQ(refusal_of(bytes), type >= 20 && type <= 23 ? std::nullopt : std::optional(DiscardReason::record_type_unknown));
  }
}

TEST(DtlsHeader, only_dtls_1_2_passes_and_dtls_1_0_before_a_version_is_agreed_on) {
  for (int version = 0; version < 0x10000; ++version) {
    const Bytes bytes = header_bytes_of({ContentType::handshake, static_cast<DtlsVersion>(version), 0, 0, 0});
    const auto wrong = std::optional(DiscardReason::record_version_wrong);
    EXPECT_EQ(refusal_of(bytes, DtlsVersions::negotiated), version == 0xfefd ? std::nullopt : wrong);
    EXPECT_EQ(refusal_of(bytes, DtlsVersions::initial), version == 0xfefd || version == 0xfeff ? std::nullopt : wrong);
  }
}

TEST(DtlsHeader, a_length_beyond_the_epochs_limit_is_too_long) {
  EXPECT_FALSE(refusal_of(from_hex("16 fefd 0000 000000000000 4000")));
  EXPECT_EQ(refusal_of(from_hex("16 fefd 0000 000000000000 4001")), DiscardReason::record_too_long);
  EXPECT_FALSE(refusal_of(from_hex("16 fefd 0001 000000000000 4800")));
  EXPECT_EQ(refusal_of(from_hex("16 fefd 0001 000000000000 4801")), DiscardReason::record_too_long);
}

//= RFC 6347 4.1.1 //# Note, however, that the first byte of the datagram payload must be the beginning of a
TEST(DatagramReader, gives_every_record_of_a_datagram_with_its_fragment) {
  const Bytes datagram = join({record_of(7, 3), record_of(8, 0), record_of(9, 1)});
  DatagramReader reader(datagram, DtlsVersions::negotiated);
  for (const std::uint64_t sequence : {7u, 8u, 9u}) {
    const auto record = reader.next();
    ASSERT_TRUE(record && *record);
    EXPECT_EQ((*record)->header.sequence, sequence);
    EXPECT_EQ(test::copy_of((*record)->fragment), Bytes(sequence == 7   ? 3
                                                        : sequence == 8 ? 0
                                                                        : 1,
                                                        static_cast<std::uint8_t>(sequence)));
  }
  EXPECT_FALSE(reader.next());
}

TEST(DatagramReader, an_empty_datagram_is_discarded_once) {
  EXPECT_EQ(walk({}).discarded, std::vector{DiscardReason::datagram_empty});
}

//= RFC 6347 4.1.1 //# Records may not span datagrams.
TEST(DatagramReader, a_record_that_the_datagram_cuts_off_anywhere_is_truncated) {
  const Bytes whole = join({record_of(1, 2), record_of(2, 4)});
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Walked walked = walk(ByteView(whole).first(size));
    const bool is_first_whole = size >= dtls_header_bytes + 2, is_second_begun = size != dtls_header_bytes + 2;
    EXPECT_EQ(walked.sequences.size(), is_first_whole ? 1u : 0u);
    EXPECT_EQ(walked.discarded, is_second_begun ? std::vector{DiscardReason::record_truncated} : std::vector<DiscardReason>{})
        << size;
  }
}

TEST(DatagramReader, what_cannot_be_parsed_takes_the_rest_of_the_datagram_with_it) {
  for (const auto& [middle, why] : {std::pair{from_hex("aa fefd 0000 000000000000 0000"), DiscardReason::record_type_unknown},
                                    {from_hex("16 0303 0000 000000000000 0000"), DiscardReason::record_version_wrong},
                                    {from_hex("16 fefd 0000 000000000000 ffff"), DiscardReason::record_too_long},
                                    {from_hex("16 fefd 0000 000000000000 0fff"), DiscardReason::record_truncated}}) {
    const Walked walked = walk(join({record_of(1, 2), middle, record_of(2, 4)}));
    EXPECT_EQ(walked.sequences, std::vector<std::uint64_t>{1});
    EXPECT_EQ(walked.discarded, std::vector{why});
  }
}

}  // namespace
}  // namespace tocsin::record
