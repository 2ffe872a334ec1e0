#pragma once
/// @file
/// Byte strings and views of them. A view never owns its bytes: each function says how long its arguments must live.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// The whole library.
namespace tocsin {

using Bytes = std::vector<std::uint8_t>;         ///< a byte string that owns its bytes
using ByteView = std::span<const std::uint8_t>;  ///< someone else's bytes, to read
using MutableBytes = std::span<std::uint8_t>;    ///< someone else's bytes, to write

/// The bytes of a string, without a terminating zero. The view lives as long as the string.
inline ByteView bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

/// The characters of a byte string. The view lives as long as the bytes.
inline std::string_view text_of(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Appends what to the end of to. The two must not overlap.
inline void append(Bytes& to, ByteView what) { to.insert(to.end(), what.begin(), what.end()); }

}  // namespace tocsin
