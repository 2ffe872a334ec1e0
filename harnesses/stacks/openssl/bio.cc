#include "harnesses/stacks/openssl/bio.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tocsin::stacks {
namespace {

Wire& stream_of(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

int write_stream(BIO* bio, const char* data, int size_bytes) {
  append(stream_of(bio).written, bytes_of({data, static_cast<std::size_t>(size_bytes)}));
  return size_bytes;
}

int read_stream(BIO* bio, char* out, int size_bytes) {
  Wire& wire = stream_of(bio);
  BIO_clear_retry_flags(bio);
  const ByteView rest = ByteView(wire.to_read).subspan(wire.read_bytes);
  if (rest.empty()) {
    if (wire.is_at_end) return 0;
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t taken_bytes = std::min(rest.size(), static_cast<std::size_t>(size_bytes));
  std::copy_n(rest.begin(), taken_bytes, out);
  wire.read_bytes += taken_bytes;
  return static_cast<int>(taken_bytes);
}

long control_stream(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return stream_of(bio).is_at_end ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// Of IPv4 and UDP. libssl's least MTU is 256 less this.
constexpr long header_bytes = 28;

DatagramWire& datagrams_of(BIO* bio) { return *static_cast<DatagramWire*>(BIO_get_data(bio)); }

int write_datagram(BIO* bio, const char* data, int size_bytes) {
  const ByteView datagram = bytes_of({data, static_cast<std::size_t>(size_bytes)});
  datagrams_of(bio).written.emplace_back(datagram.begin(), datagram.end());
  return size_bytes;
}

// As from a socket: what does not fit is lost, and an empty datagram gives 0.
int read_datagram(BIO* bio, char* out, int size_bytes) {
  BIO_clear_retry_flags(bio);
  const std::optional<ByteView> datagram = std::exchange(datagrams_of(bio).to_read, std::nullopt);
  if (!datagram) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t taken_bytes = std::min(datagram->size(), static_cast<std::size_t>(size_bytes));
  std::copy_n(datagram->begin(), taken_bytes, out);
  return static_cast<int>(taken_bytes);
}

long control_datagrams(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
      return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
      return static_cast<long>(datagrams_of(bio).mtu_bytes);
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
      return header_bytes;
    default:
      return 0;
  }
}

}  // namespace

BIO* new_bio(Wire& wire) {
  static const BIO_METHOD* const method = make_bio_method("bytes", write_stream, read_stream, control_stream);
  return new_bio_over(&wire, method);
}

BIO* new_bio(DatagramWire& wire) {
  static const BIO_METHOD* const method = make_bio_method("datagrams", write_datagram, read_datagram, control_datagrams);
  return new_bio_over(&wire, method);
}

BIO_METHOD* make_bio_method(const char* name, int (*write)(BIO*, const char*, int), int (*read)(BIO*, char*, int),
                            long (*control)(BIO*, int, long, void*)) {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, name);
  if (method == nullptr || BIO_meth_set_write(method, write) != 1 || BIO_meth_set_read(method, read) != 1 ||
      BIO_meth_set_ctrl(method, control) != 1)
    std::abort();
  return method;
}

BIO* new_bio_over(void* data, const BIO_METHOD* method) {
  BIO* bio = BIO_new(method);
  BIO_set_data(bio, data);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace tocsin::stacks
