#pragma once
// Datagrams that wait to be read, as in a socket's buffer, and a BIO over them for libssl. Without the heap: it is not what is
// measured.
#include <openssl/bio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tocsin::bench {

class DatagramQueue {
 public:
  static constexpr std::size_t count_max = 32, size_bytes_max = 2048;

  bool empty() const { return taken_ == put_; }
  std::size_t size() const { return put_ - taken_; }
  void clear() { taken_ = put_; }
  /// Ends the run if it is full.
  void put(std::span<const std::uint8_t> datagram);
  /// The next one, until something else is put; the queue is not empty.
  std::span<const std::uint8_t> take();

 private:
  struct Slot {
    std::array<std::uint8_t, size_bytes_max> bytes;
    std::size_t size_bytes;
  };
  std::array<Slot, count_max> slots_;
  std::size_t put_ = 0, taken_ = 0;  // ever
};

/// Reads and writes there; the queue must outlive it.
BIO* new_bio(DatagramQueue& queue);

}  // namespace tocsin::bench
