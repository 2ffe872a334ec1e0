#pragma once
// What readers of hellos have in common: a dissected hello, its extensions, and what of both cannot be read.
#include <set>

#include "harnesses/differential/rules/fault.h"
#include "harnesses/differential/rules/fields.h"
#include "harnesses/dissect/dissect.h"

namespace tocsin::rules {

class HelloReader {
 protected:
  using Node = dissect::Node;

  /// name: how paths begin. Both outlive the reader.
  HelloReader(const dissect::Message& hello, std::string_view name);

  const Node* extension(std::uint64_t type) const;
  /// The same if it can be read.
  const Node* readable(std::uint64_t type) const { return is_readable(type) ? extension(type) : nullptr; }
  /// Also if it is not there.
  bool is_readable(std::uint64_t type) const { return !unreadable_extensions_.contains(type); }
  const Node* readable_field(std::string_view name) const;
  Numbers numbers(std::uint64_t type, std::string_view name) const { return numbers_in(readable(type), name); }
  /// The extension that a fault is in, or null.
  const Node* around(const dissect::Fault& fault) const;
  ByteView bytes_of(const Node& node) const { return bytes_of_node(node, message_); }
  /// The content of a vector of that name below the node, which may be null.
  ByteView content_of(const Node* node, std::string_view vector) const;

  void add(Rule rule, const Node& where, std::string path) { reading_.faults.push_back({rule, std::move(path), where.offset}); }
  void add(Rule rule, const Node& where) { add(rule, where, path_of(where)); }
  /// Something is missing: the place is that of the whole.
  void add_missing(Rule rule) { add(rule, hello_, std::string(name_)); }
  /// What cannot be read is judged no further. extension: the one that it is in, or null.
  void add_unreadable(Rule rule, const dissect::Fault& fault, const Node* extension);

  const dissect::Message& message_;
  const Node& hello_;
  std::vector<const Node*> extensions_;  // with a type
  Reading reading_;

 private:
  std::string path_of(const Node& where) const;

  std::string_view name_;
  std::set<std::string> unreadable_fields_;
  std::set<std::uint64_t> unreadable_extensions_;
};

}  // namespace tocsin::rules
