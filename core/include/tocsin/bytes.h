#pragma once
/// @file
/// Bytes, and the two ways to look at them. Views never own: each function says how long what it was given must live.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// All of the library.
namespace tocsin {

using Bytes = std::vector<std::uint8_t>;         ///< a byte string that owns its bytes
using ByteView = std::span<const std::uint8_t>;  ///< bytes of somebody else, to be read
using MutableBytes = std::span<std::uint8_t>;    ///< bytes of somebody else, to be written

/// The bytes of a string, without a terminating zero. The view lives as long as the string.
inline ByteView bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

/// The characters of a byte string. The view lives as long as the bytes.
inline std::string_view text_of(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Adds what at the end of to. They may not overlap.
inline void append(Bytes& to, ByteView what) { to.insert(to.end(), what.begin(), what.end()); }

}  // namespace tocsin
