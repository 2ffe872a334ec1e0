#pragma once
// Writes the presentation language of RFC 9846 section 3 to the end of a byte string.
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/big_endian.h"
#include "tocsin/bytes.h"

namespace tocsin {

class Writer {
 public:
  explicit Writer(Bytes& out) : out_(out) {}

  void u8(std::uint8_t value) { out_.push_back(value); }
  void u16(std::uint16_t value) { integer<2>(value); }
  void u24(std::uint32_t value) { integer<3>(value); }
  void u32(std::uint32_t value) { integer<4>(value); }
  void bytes(ByteView value) { append(out_, value); }

  void vector8(ByteView value) {
    with_length(1, [&] { bytes(value); });
  }
  void vector16(ByteView value) {
    with_length(2, [&] { bytes(value); });
  }
  void vector24(ByteView value) {
    with_length(3, [&] { bytes(value); });
  }

  /// Writes what body writes, behind its length in this many bytes. A body too long for its length marks the writer as
  /// overflowed.
  template <class Body>
  void with_length(std::size_t length_bytes, Body&& body) {
    const std::size_t at = out_.size();
    out_.resize(at + length_bytes);
    body();
    std::size_t length = out_.size() - at - length_bytes;
    for (std::size_t i = length_bytes; i-- > 0; length >>= 8) out_[at + i] = static_cast<std::uint8_t>(length);
    if (length != 0) overflowed_ = true;
  }

  bool overflowed() const { return overflowed_; }

 private:
  template <std::size_t size_bytes>
  void integer(std::uint32_t value) {
    std::array<std::uint8_t, size_bytes> encoded;
    store_big_endian(value, std::span(encoded));
    append(out_, encoded);
  }

  Bytes& out_;
  bool overflowed_ = false;
};

}  // namespace tocsin
