#pragma once
// What a dissection gives: a tree of fields over the input.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::dissect {

struct Node {
  std::string_view name;  // the RFC's
  std::size_t offset = 0, size_bytes = 0;
  std::string value{};  // decoded, in printable ASCII; empty: the bytes say it
  std::optional<std::uint64_t> number{};
  std::string fault{};  // why the bytes do not fit the RFC's layout; empty: they do
  std::vector<Node> fields{};

  std::size_t end() const { return offset + size_bytes; }
  /// The leaves cover the input: each byte stands in exactly one. Some cover nothing, and only say what is missing.
  bool is_leaf() const { return fields.empty(); }
};

}  // namespace tocsin::dissect
