#pragma once
// What an end of DTLS sent last, kept to be sent again as often as it must be (RFC 6347 section 4.2.4).
#include <cstddef>
#include <variant>
#include <vector>

#include "core/record/dtls/datagrams.h"
#include "core/wire/dtls/fragment.h"

namespace tocsin::dtls {

/// What a flight has to fit into.
struct Path {
  std::size_t datagram_bytes_max;                               // see record::DatagramWriter
  std::size_t content_bytes_max = record::plaintext_bytes_max;  // of a record, by record_size_limit; above 12
  record::DtlsVersion version = record::DtlsVersion::dtls12;    // of its records; dtls10 in a first ClientHello's
};

class Flight {
 public:
  /// next_message_seq: of the first message.
  explicit Flight(std::uint16_t next_message_seq = 0) : next_message_seq_(next_message_seq) {}

  /// The last flight was answered: forgets it. Messages are numbered on.
  void begin();

  /// message: as in TLS, with its 4-byte header.
  void add_message(ByteView message, std::uint16_t epoch);
  void add_change_cipher_spec(std::uint16_t epoch);

  bool empty() const { return items_.empty(); }
  std::uint16_t next_message_seq() const { return next_message_seq_; }

  /// Writes all of it, from a fresh datagram on, under the epochs that it was added with and with record numbers of its own.
  /// Only what does not fit is cut. epochs: still those. Nothing is appended on failure: the numbers are spent then, and nobody
  /// misses them. Reasons: record_sequence_exhausted, crypto_failed.
  Result<Done> write(record::Epochs<record::DtlsSealer>& epochs, const Path& path, Datagrams& out) const;

 private:
  struct Message {
    std::uint16_t message_seq;
    std::size_t offset_bytes, size_bytes;  // in bytes_
  };
  struct ChangeCipherSpec {};
  struct Item {
    std::uint16_t epoch;
    std::variant<Message, ChangeCipherSpec> what;
  };
  Result<Done> append_to(Datagrams& out, record::Epochs<record::DtlsSealer>& epochs, const Path& path) const;
  Result<Done> write_message(const Message& message, record::DtlsSealer& sealer, const Path& path,
                             record::DatagramWriter& writer) const;

  std::uint16_t next_message_seq_;
  Bytes bytes_;
  std::vector<Item> items_;
};

}  // namespace tocsin::dtls
