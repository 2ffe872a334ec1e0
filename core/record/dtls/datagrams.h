#pragma once
// Datagrams to be sent, and what puts records together into them (RFC 6347 section 4.1.1).
#include <cstddef>
#include <vector>

#include "core/record/dtls/protection.h"
#include "tocsin/datagrams.h"

namespace tocsin::record {

/// A datagram holds at least one byte of a handshake message, whatever the path is said to carry.
constexpr std::size_t datagram_bytes_min = 64;

/// Puts as many records into a datagram as it can hold, and begins the next one when it is full.
class DatagramWriter {
 public:
  /// datagram_bytes_max: what the path carries, without the headers of IP and UDP; taken for datagram_bytes_min if it is less.
  DatagramWriter(Datagrams& out, std::size_t datagram_bytes_max);

  /// How much content a record of this sealer may have to fit into the datagram that is being written.
  std::size_t room_bytes(const DtlsSealer& sealer) const;
  /// What comes next goes into a datagram of its own.
  void begin_next() { open_bytes_ = 0; }
  /// Whether what comes next begins a datagram.
  bool is_fresh() const { return open_bytes_ == 0; }

  /// Writes a record, into the next datagram if it does not fit into this one. One that fits into no datagram gets one for
  /// itself, too long for the path. Reasons: those of DtlsSealer::seal; nothing is appended then.
  Result<Done> seal(DtlsSealer& sealer, ContentType type, ByteView content, DtlsVersion version = DtlsVersion::dtls12);

 private:
  Datagrams& out_;
  std::size_t datagram_bytes_max_;
  std::size_t open_bytes_ = 0;  // of the datagram that is being written
};

}  // namespace tocsin::record
