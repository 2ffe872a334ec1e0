#include "core/record/dtls/datagrams.h"

#include <algorithm>

namespace tocsin::record {

DatagramWriter::DatagramWriter(Datagrams& out, std::size_t datagram_bytes_max)
    : out_(out), datagram_bytes_max_(std::max(datagram_bytes_max, datagram_bytes_min)) {}

std::size_t DatagramWriter::room_bytes(const DtlsSealer& sealer) const {
  const std::size_t taken_bytes = open_bytes_ + sealer.overhead_bytes();
  return datagram_bytes_max_ - std::min(datagram_bytes_max_, taken_bytes);
}

Result<Done> DatagramWriter::seal(DtlsSealer& sealer, ContentType type, ByteView content, DtlsVersion version) {
  const std::size_t at = out_.bytes.size();
  // Zeros fill the datagram that the content goes into: this one, or the next.
  const std::size_t least_bytes = sealer.overhead_bytes() + content.size();
  const std::size_t taken_bytes = open_bytes_ + least_bytes <= datagram_bytes_max_ ? open_bytes_ : 0;
  const std::size_t padded_bytes_max =
      datagram_bytes_max_ - std::min(datagram_bytes_max_, taken_bytes + sealer.overhead_bytes());
  TOCSIN_TRY(sealer.seal(type, content, out_.bytes, version, padded_bytes_max));
  const std::size_t record_bytes = out_.bytes.size() - at;
  //= RFC 6347 4.1.1 //# Each DTLS record MUST fit within a single datagram.
  if (is_fresh() || open_bytes_ + record_bytes > datagram_bytes_max_) {
    open_bytes_ = 0;
    out_.sizes_bytes.push_back(0);
  }
  open_bytes_ += record_bytes;
  out_.sizes_bytes.back() += record_bytes;
  return Done{};
}

}  // namespace tocsin::record
