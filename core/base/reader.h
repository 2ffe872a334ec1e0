#pragma once
// Reads the presentation language of RFC 9846 section 3. A read that does not fit marks the reader as failed and gives zeros or
// an empty view; ask once, at the end, with done(). So decoders read like the RFC's schemas.
#include <cstddef>
#include <cstdint>

#include "core/base/big_endian.h"
#include "tocsin/bytes.h"

namespace tocsin {

class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(integer<1>()); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(integer<2>()); }
  std::uint32_t u24() { return integer<3>(); }
  std::uint32_t u32() { return integer<4>(); }

  /// Exactly this many bytes.
  ByteView take(std::size_t size_bytes) {
    if (size_bytes > rest_.size()) {
      fail();
      return {};
    }
    const ByteView taken = rest_.first(size_bytes);
    rest_ = rest_.subspan(size_bytes);
    return taken;
  }

  /// opaque name<min..max> with a length of one, two or three bytes. max is the caller's where it is below the length's own.
  ByteView vector8(std::size_t min_bytes = 0, std::size_t max_bytes = 0xff) { return vector(u8(), min_bytes, max_bytes); }
  ByteView vector16(std::size_t min_bytes = 0, std::size_t max_bytes = 0xffff) { return vector(u16(), min_bytes, max_bytes); }
  ByteView vector24(std::size_t min_bytes = 0, std::size_t max_bytes = 0xffffff) { return vector(u24(), min_bytes, max_bytes); }

  /// Marks the input as malformed.
  void fail() {
    failed_ = true;
    rest_ = {};
  }
  void require(bool condition) {
    if (!condition) fail();
  }

  bool failed() const { return failed_; }
  bool empty() const { return rest_.empty(); }
  std::size_t size() const { return rest_.size(); }
  /// Nothing failed and nothing is left over.
  bool done() const { return !failed_ && rest_.empty(); }

 private:
  template <std::size_t size_bytes>
  std::uint32_t integer() {
    const ByteView taken = take(size_bytes);
    return taken.empty() ? 0 : static_cast<std::uint32_t>(load_big_endian(taken.first<size_bytes>()));
  }
  ByteView vector(std::size_t size_bytes, std::size_t min_bytes, std::size_t max_bytes) {
    if (failed_ || size_bytes < min_bytes || size_bytes > max_bytes) {
      fail();
      return {};
    }
    return take(size_bytes);
  }

  ByteView rest_;
  bool failed_ = false;
};

}  // namespace tocsin
