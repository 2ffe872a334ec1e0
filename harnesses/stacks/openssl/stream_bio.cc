#include "harnesses/stacks/openssl/stream_bio.h"

#include <algorithm>

#include "harnesses/stacks/openssl/bio_method.h"

namespace tocsin::stacks {
namespace {

Wire& wire_of(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

int write(BIO* bio, const char* data, int size_bytes) {
  append(wire_of(bio).written, bytes_of({data, static_cast<std::size_t>(size_bytes)}));
  return size_bytes;
}

int read(BIO* bio, char* out, int size_bytes) {
  Wire& wire = wire_of(bio);
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

long control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return wire_of(bio).is_at_end ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

}  // namespace

BIO* new_bio(Wire& wire) {
  static const BIO_METHOD* const method = make_bio_method("bytes", write, read, control);
  return new_bio_over(&wire, method);
}

}  // namespace tocsin::stacks
