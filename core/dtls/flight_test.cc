#include "core/dtls/flight.h"

#include <gtest/gtest.h>

#include <numeric>

#include "core/base/testing.h"
#include "core/base/writer.h"
#include "core/dtls/reassembly.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::dtls {
namespace {

using record::DtlsOpener;
using record::DtlsSealer;
using test::copy_of;

record::tls12::Protection protection() {
  static const auto provider = make_openssl_provider();
  constexpr CipherSuite suite = CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256;
  auto aead = (*provider)->aead(suite, Bytes(key_bytes(suite), 0x11));
  return {std::move(*aead), Bytes(record::tls12::Protection::fixed_iv_bytes(suite), 0x22)};
}

record::Epochs<DtlsSealer> both_epochs() {
  record::Epochs<DtlsSealer> epochs(DtlsSealer::plaintext());
  epochs.advance(DtlsSealer(1, protection()));
  return epochs;
}

Bytes message_of(HandshakeType type, std::size_t body_bytes) {
  Bytes message, body(body_bytes);
  std::iota(body.begin(), body.end(), std::uint8_t{0});
  Writer out(message);
  out.u8(static_cast<std::uint8_t>(type));
  out.vector24(body);
  return message;
}

/// Certificate, change_cipher_spec, Finished.
Flight flight_of(std::size_t certificate_bytes) {
  Flight flight(4);
  flight.add_message(message_of(HandshakeType::certificate, certificate_bytes), 0);
  flight.add_change_cipher_spec(0);
  flight.add_message(message_of(HandshakeType::finished, 12), 1);
  return flight;
}

/// What a receiver makes of the datagrams: the records' epochs and numbers, their contents if they are no handshake messages,
/// and the messages.
struct Received {
  std::vector<std::uint64_t> full_sequences;
  std::vector<Bytes> others, messages;
};
Received receive(const Datagrams& datagrams) {
  DtlsOpener openers[] = {DtlsOpener::plaintext(), DtlsOpener(1, protection())};
  Received received;
  Reassembly reassembly({}, 4);
  ByteView rest = datagrams.bytes;
  for (const std::size_t size : datagrams.sizes_bytes) {
    record::DatagramReader reader(rest.first(size), record::DtlsVersions::negotiated);
    rest = rest.subspan(size);
    while (const auto next = reader.next()) {
      if (!*next) {
        ADD_FAILURE() << name_of(next->error().why);
        continue;
      }
      const record::DtlsRecord& record = **next;
      received.full_sequences.push_back(record::full_sequence(record.header.epoch, record.header.sequence));
      Bytes room(record.fragment.size());
      const auto content = openers[record.header.epoch].open(record, record::plaintext_bytes_max, room);
      if (!content) {
        ADD_FAILURE() << name_of(content.error().why);
        continue;
      }
      if (record.header.type != ContentType::handshake) {
        received.others.push_back(copy_of(content->content));
        continue;
      }
      Reader fragments(content->content);
      const auto fragment = wire::read_fragment(fragments);
      EXPECT_TRUE(fragment && fragments.done() && reassembly.add(*fragment, record.header.epoch));
      while (const auto message = reassembly.whole()) {
        received.messages.push_back(copy_of(message->message));
        reassembly.take();
      }
    }
  }
  EXPECT_TRUE(rest.empty());
  return received;
}

//= RFC 6347 4.2.3 //# As noted in Section 4.1.1, each DTLS message MUST fit within a single transport layer
//= RFC 6347 4.2.3 //# These ranges MUST NOT be larger than the maximum handshake fragment size and MUST
TEST(Flight, arrives_whole_over_every_path_and_no_datagram_is_longer_than_it_may_be) {
  for (const std::size_t certificate_bytes : {0u, 1u, 700u, 40000u}) {
    for (std::size_t path_bytes = 0; path_bytes < 2000; path_bytes += path_bytes < 300 ? 1 : 97) {
      auto epochs = both_epochs();
      Datagrams out;
      ASSERT_TRUE(flight_of(certificate_bytes).write(epochs, {path_bytes}, out));
      for (const std::size_t size : out.sizes_bytes) ASSERT_LE(size, std::max(path_bytes, record::datagram_bytes_min));
      const Received received = receive(out);
      ASSERT_EQ(received.others, std::vector<Bytes>{Bytes{1}});
      ASSERT_EQ(received.messages, (std::vector{message_of(HandshakeType::certificate, certificate_bytes),
                                                message_of(HandshakeType::finished, 12)}));
    }
  }
}

TEST(Flight, what_fits_into_one_datagram_goes_in_one) {
  auto epochs = both_epochs();
  Datagrams out;
  const std::size_t whole = 13 + 12 + 700 + 13 + 1 + 13 + 24 + 12 + 12;
  ASSERT_TRUE(flight_of(700).write(epochs, {whole}, out));
  EXPECT_EQ(out.sizes_bytes, std::vector{whole});
  ASSERT_TRUE(flight_of(700).write(epochs, {whole - 1}, out));
  EXPECT_EQ(out.sizes_bytes.size(), 3u);
}

TEST(Flight, datagrams_but_the_last_are_full_or_lack_less_than_a_sliver) {
  auto epochs = both_epochs();
  Datagrams out;
  ASSERT_TRUE(flight_of(5000).write(epochs, {1200}, out));
  ASSERT_EQ(out.sizes_bytes.size(), 5u);
  for (std::size_t i = 0; i + 1 < out.sizes_bytes.size(); ++i) EXPECT_EQ(out.sizes_bytes[i], 1200u);
}

TEST(Flight, is_sent_anew_under_new_numbers_and_over_another_path) {
  auto epochs = both_epochs();
  const Flight flight = flight_of(700);
  Datagrams once, again;
  ASSERT_TRUE(flight.write(epochs, {10000}, once));
  ASSERT_TRUE(flight.write(epochs, {400}, again));
  const Received first = receive(once), second = receive(again);
  EXPECT_EQ(first.messages, second.messages);
  EXPECT_EQ(first.full_sequences, (std::vector<std::uint64_t>{0, 1, std::uint64_t{1} << 48}));
  EXPECT_EQ(second.full_sequences, (std::vector<std::uint64_t>{2, 3, 4, (std::uint64_t{1} << 48) + 1}));
}

TEST(Flight, records_hold_no_more_content_than_the_peer_takes) {
  auto epochs = both_epochs();
  Datagrams out;
  ASSERT_TRUE(flight_of(1000).write(epochs, {60000, 64}, out));
  EXPECT_EQ(out.sizes_bytes.size(), 1u);
  record::DatagramReader reader(out.bytes, record::DtlsVersions::negotiated);
  while (const auto next = reader.next()) EXPECT_LE((*next)->header.length_bytes, 64u + ((*next)->header.epoch == 1 ? 24 : 0));
  EXPECT_EQ(receive(out).messages.size(), 2u);
}

TEST(Flight, messages_are_numbered_on_in_the_next_flight) {
  Flight flight(1);
  flight.add_message(message_of(HandshakeType::finished, 2), 1);
  flight.begin();
  EXPECT_TRUE(flight.empty());
  EXPECT_EQ(flight.next_message_seq(), 2);
  flight.add_message(message_of(HandshakeType::finished, 2), 1);
  EXPECT_EQ(flight.next_message_seq(), 3);
}

TEST(Flight, of_a_first_client_hello_may_say_dtls_1_0) {
  record::Epochs<DtlsSealer> epochs(DtlsSealer::plaintext());
  Flight flight;
  flight.add_message(message_of(HandshakeType::client_hello, 3), 0);
  Datagrams out;
  ASSERT_TRUE(flight.write(epochs, {1200, record::plaintext_bytes_max, record::DtlsVersion::dtls10}, out));
  EXPECT_EQ(out.bytes, test::from_hex("16 feff 0000 000000000000 000f 01 000003 0000 000000 000003 000102"));
}

TEST(Flight, without_the_keys_of_its_epoch_it_is_a_bug_here) {
  record::Epochs<DtlsSealer> epochs(DtlsSealer::plaintext());
  Datagrams out;
  EXPECT_EQ(test::refusal_of(flight_of(1).write(epochs, {1200}, out)), Reason::invariant_broken);
}

}  // namespace
}  // namespace tocsin::dtls
