#include "harnesses/stacks/openssl/datagram_bio.h"

#include <algorithm>
#include <utility>

#include "harnesses/stacks/openssl/bio_method.h"

namespace tocsin::stacks {
namespace {

// Of IPv4 and UDP. libssl's least MTU is 256 less this.
constexpr long header_bytes = 28;

DatagramWire& wire_of(BIO* bio) { return *static_cast<DatagramWire*>(BIO_get_data(bio)); }

int write(BIO* bio, const char* data, int size_bytes) {
  const ByteView datagram = bytes_of({data, static_cast<std::size_t>(size_bytes)});
  wire_of(bio).written.emplace_back(datagram.begin(), datagram.end());
  return size_bytes;
}

// As from a socket: what does not fit is lost, and an empty datagram gives 0.
int read(BIO* bio, char* out, int size_bytes) {
  BIO_clear_retry_flags(bio);
  const std::optional<ByteView> datagram = std::exchange(wire_of(bio).to_read, std::nullopt);
  if (!datagram) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t taken_bytes = std::min(datagram->size(), static_cast<std::size_t>(size_bytes));
  std::copy_n(datagram->begin(), taken_bytes, out);
  return static_cast<int>(taken_bytes);
}

long control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
      return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
      return static_cast<long>(wire_of(bio).mtu_bytes);
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
      return header_bytes;
    default:
      return 0;
  }
}

}  // namespace

BIO* new_bio(DatagramWire& wire) {
  static const BIO_METHOD* const method = make_bio_method("datagrams", write, read, control);
  return new_bio_over(&wire, method);
}

}  // namespace tocsin::stacks
