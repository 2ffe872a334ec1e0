#include "harnesses/bench/datagram_queue.h"

#include <algorithm>

#include "harnesses/bench/keys.h"
#include "harnesses/stacks/openssl/bio.h"

namespace tocsin::bench {

void DatagramQueue::put(std::span<const std::uint8_t> datagram) {
  must(size() < count_max && datagram.size() <= size_bytes_max);
  Slot& slot = slots_[put_++ % count_max];
  std::ranges::copy(datagram, slot.bytes.begin());
  slot.size_bytes = datagram.size();
}

std::span<const std::uint8_t> DatagramQueue::take() {
  const Slot& slot = slots_[taken_++ % count_max];
  return std::span(slot.bytes).first(slot.size_bytes);
}

namespace {

constexpr long header_bytes = 28;  // of IPv4 and UDP

DatagramQueue& queue_of(BIO* bio) { return *static_cast<DatagramQueue*>(BIO_get_data(bio)); }

int write(BIO* bio, const char* data, int size_bytes) {
  queue_of(bio).put({reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size_bytes)});
  return size_bytes;
}

int read(BIO* bio, char* out, int size_bytes) {
  BIO_clear_retry_flags(bio);
  if (queue_of(bio).empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const auto datagram = queue_of(bio).take();
  must(datagram.size() <= static_cast<std::size_t>(size_bytes));
  std::ranges::copy(datagram, out);
  return static_cast<int>(datagram.size());
}

long control(BIO*, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
      return 1;
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
      return header_bytes;
    default:
      return 0;
  }
}

}  // namespace

BIO* new_bio(DatagramQueue& queue) {
  static const BIO_METHOD* const method = stacks::make_bio_method("queue of datagrams", write, read, control);
  return stacks::new_bio_over(&queue, method);
}

}  // namespace tocsin::bench
