#pragma once
// Numbers as the presentation language writes them (RFC 9846 section 3.3), their size known beforehand: no loop is left of it.
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace tocsin {

/// The low bytes of value, the most significant first.
template <std::size_t size_bytes>
constexpr void store_big_endian(std::uint64_t value, std::span<std::uint8_t, size_bytes> out) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    ((out[i] = static_cast<std::uint8_t>(value >> (8 * (size_bytes - 1 - i)))), ...);
  }
  (std::make_index_sequence<size_bytes>());
}

template <std::size_t size_bytes>
constexpr std::uint64_t load_big_endian(std::span<const std::uint8_t, size_bytes> bytes) {
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    return ((std::uint64_t{bytes[i]} << (8 * (size_bytes - 1 - i))) | ...);
  }
  (std::make_index_sequence<size_bytes>());
}

}  // namespace tocsin
