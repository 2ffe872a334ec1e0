#pragma once
// How readers of rules find what they look at in a dissected message.
#include <algorithm>
#include <vector>

#include "harnesses/dissect/messages.h"
#include "harnesses/dissect/records.h"

namespace tocsin::rules {

using Numbers = std::vector<std::uint64_t>;

/// The first field of that name, or null.
inline const dissect::Node* field_of(const dissect::Node* node, std::string_view name) {
  if (node == nullptr) return nullptr;
  const auto found =
      std::find_if(node->fields.begin(), node->fields.end(), [&](const dissect::Node& field) { return field.name == name; });
  return found == node->fields.end() ? nullptr : &*found;
}

inline void collect_numbers(const dissect::Node& node, std::string_view name, Numbers& into) {
  if (node.name == name && node.number) into.push_back(*node.number);
  for (const dissect::Node& field : node.fields) collect_numbers(field, name, into);
}
/// The numbers of that name below the node, at any depth, in their order. node may be null.
inline Numbers numbers_in(const dissect::Node* node, std::string_view name) {
  Numbers numbers;
  if (node != nullptr) collect_numbers(*node, name, numbers);
  return numbers;
}

/// Those of a hello that have a type, in their order.
inline std::vector<const dissect::Node*> extensions_of(const dissect::Node& hello) {
  std::vector<const dissect::Node*> extensions;
  if (const dissect::Node* block = field_of(&hello, "extensions"))
    for (const dissect::Node& field : block->fields)
      if (field.name == "Extension" && !field.fields.empty() && field.fields[0].number) extensions.push_back(&field);
  return extensions;
}

/// The one that a place is in, or null. What is missing at the end of one stands behind it, where the next one begins.
inline const dissect::Node* extension_around(const dissect::Node& place, const std::vector<const dissect::Node*>& extensions) {
  for (const dissect::Node* one : extensions)
    if (place.size_bytes == 0 && place.offset == one->end()) return one;
  for (const dissect::Node* one : extensions)
    if (one->offset <= place.offset && place.offset < std::max(one->end(), one->offset + 1)) return one;
  return nullptr;
}

/// What a node of the message covers.
inline ByteView bytes_of_node(const dissect::Node& node, const dissect::Message& message) {
  return message.body.subspan(node.offset - message.node.offset - dissect::MessageView::header_bytes, node.size_bytes);
}

inline bool has(const Numbers& numbers, std::uint64_t wanted) {
  return std::find(numbers.begin(), numbers.end(), wanted) != numbers.end();
}

template <class Code>
bool shares_one(const std::vector<Code>& ours, const Numbers& theirs) {
  return std::any_of(ours.begin(), ours.end(), [&](Code one) { return has(theirs, static_cast<std::uint16_t>(one)); });
}

}  // namespace tocsin::rules
