#pragma once
// Bytes that a user hands in: a file or standard input, raw or as hex.
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/bytes.h"

namespace tocsin::tool {

enum class Encoding : std::uint8_t { guessed, hex, raw };

/// The longest input that is read: as much as libFuzzer makes, and more than any flight needs. What is read becomes some
/// hundred times as long in memory, and a device or a pipe may have no end.
inline constexpr std::size_t input_bytes_max = std::size_t{1} << 20;

/// The whole file, or standard input for "-". Throws UsageError, which names the file and what is wrong with it: also if it is
/// longer than input_bytes_max.
Bytes read_input(const std::string& path);

/// Whether it is nothing but hex digits with space, colons, commas, 0x or \x between them.
bool looks_like_hex(ByteView content);
/// Throws UsageError with the offset of what is no hex digit, or for half a byte.
Bytes from_hex(std::string_view text);

}  // namespace tocsin::tool
