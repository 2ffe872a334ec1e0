#pragma once
// For unit tests: bytes written as hex, the samples in */testdata, and what a Result says.
#include <fstream>
#include <initializer_list>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tocsin/bytes.h"
#include "tocsin/error.h"

namespace tocsin::test {

/// Spaces between the digits are passed over.
inline Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  unsigned digits = 0, value = 0;
  for (const char c : hex) {
    if (c == ' ') continue;
    value = value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    if (++digits % 2 == 0) bytes.push_back(static_cast<std::uint8_t>(value));
  }
  return bytes;
}

inline std::string to_hex(ByteView bytes) {
  std::string hex;
  for (const std::uint8_t byte : bytes)
    for (const int nibble : {byte >> 4, byte & 15}) hex += "0123456789abcdef"[nibble];
  return hex;
}

inline Bytes join(std::initializer_list<Bytes> parts) {
  Bytes whole;
  for (const Bytes& part : parts) append(whole, part);
  return whole;
}

inline Bytes copy_of(ByteView view) { return Bytes(view.begin(), view.end()); }

/// Why there is no value; nothing if there is one.
template <class T>
std::optional<Reason> refusal_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error().why);
}

/// The rows of a tab-separated file after its head line; lines that begin with # are comments. Tests run in the tree's top
/// folder.
inline std::vector<std::vector<std::string>> read_rows(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    rows.emplace_back();
    for (std::string field; std::getline(fields, field, '\t');) rows.back().push_back(field);
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

}  // namespace tocsin::test
