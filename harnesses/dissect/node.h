#pragma once
// What a dissection gives: a tree of fields over the input.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::dissect {

struct Registry;

struct Node {
  std::string_view name;  // the RFC's
  std::size_t offset = 0, size_bytes = 0;
  std::string value{};  // decoded, in printable ASCII; empty: the number says it, or the bytes; see text_of
  std::optional<std::uint64_t> number{};
  std::string fault{};  // why the bytes do not fit the RFC's layout; empty: they do
  std::vector<Node> fields{};
  const Registry* registry = nullptr;  // what the number is registered as

  std::size_t end() const { return offset + size_bytes; }
  /// The leaves cover the input: each byte stands in exactly one. Some cover nothing, and only say what is missing.
  bool is_leaf() const { return fields.empty(); }
};

/// What the node says, for people: its value, or its number with the registered name; empty: the bytes say it. Numbers are
/// not decoded before somebody asks, since while fuzzing nobody does.
std::string text_of(const Node& node);

}  // namespace tocsin::dissect
