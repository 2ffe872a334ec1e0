#include "harnesses/dissect/read.h"

#include <algorithm>

#include "harnesses/dissect/extensions.h"

namespace tocsin::dissect {
namespace {

std::string bytes_text(std::size_t bytes) { return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes"); }

// The node of a field that is this long, of which the region may hold less. Nothing if it would say nothing.
bool add_leaf(const Field& field, std::size_t wanted_bytes, Region& region, std::vector<Node>& into) {
  const std::size_t left_bytes = region.bytes.size();
  if (left_bytes == 0 && wanted_bytes != 0 && region.is_cut) return false;
  Node node{field.name, region.offset, std::min(left_bytes, wanted_bytes)};
  region.take(node.size_bytes);
  if (node.size_bytes < wanted_bytes && !region.is_cut) {
    node.fault = bytes_text(wanted_bytes) + " wanted, " + (left_bytes == 0 ? "none" : bytes_text(left_bytes)) + " left";
    region.is_cut = true;
  } else if (node.size_bytes < wanted_bytes) {
    node.value = "(cut off)";
  }
  into.push_back(std::move(node));
  return into.back().size_bytes == wanted_bytes;
}

bool read_number(const Field& field, Region& region, std::vector<Node>& into) {
  const ByteView bytes = region.bytes;
  if (!add_leaf(field, field.size_bytes, region, into)) return false;
  Node& node = into.back();
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes.first(field.size_bytes)) number = number << 8 | byte;
  node.number = number;
  node.registry = field.registry;
  if (number < field.value_min) node.fault = "at least " + std::to_string(field.value_min);
  if (number > field.value_max) node.fault = "at most " + std::to_string(field.value_max);
  return true;
}

void add_opaque(std::string_view name, Region content, Show show, std::vector<Node>& into) {
  if (content.empty()) return;
  Node node{name, content.offset, content.bytes.size()};
  if (show == Show::text) node.value = quoted(content.bytes);
  into.push_back(std::move(node));
}

void check_place(std::uint64_t type, wire::Carrier carrier, bool is_repeated, bool is_last, Node& extension) {
  if (carrier == server_hello_of_tls12) return;
  constexpr std::uint64_t pre_shared_key = 41;
  if (is_repeated)
    extension.fault = "an extension of this type stood before (RFC 9846 4.3)";
  else if (is_misplaced(type, carrier))
    extension.fault = misplaced;
  else if (type == pre_shared_key && carrier == wire::Carrier::client_hello && !is_last)
    extension.fault = "not the last extension (RFC 9846 4.3.11)";
}

void read_extensions(wire::Carrier carrier, Region content, std::vector<Node>& into) {
  static constexpr Field extension_type = number(2, "extension_type", &extension_types);
  static constexpr Field extension_data = vector("length", 2, 0, 0xffff);
  static constexpr Field unknown[] = {rest("extension_data")};
  std::vector<std::uint64_t> seen;  // in rising order
  while (!content.empty()) {
    Node node{"Extension", content.offset};
    if (read_number(extension_type, content, node.fields)) {
      const std::uint64_t type = *node.fields.back().number;
      node.value = extension_types.find(type);
      if (node.value.empty()) node.value = "unknown";
      const Region data = read_length(extension_data, content, node.fields);
      read_whole(fields_of_extension(type, carrier).value_or(Fields(unknown)), data, node.fields);
      const auto at = std::lower_bound(seen.begin(), seen.end(), type);
      const bool is_repeated = at != seen.end() && *at == type;
      check_place(type, carrier, is_repeated, content.empty(), node);
      if (!is_repeated) seen.insert(at, type);
    }
    node.size_bytes = content.offset - node.offset;
    into.push_back(std::move(node));
  }
}

void read_list(const Field& field, Region content, std::vector<Node>& into) {
  const Field& first = field.parts[0];
  if (field.parts.size() == 1 && first.kind == Kind::number)
    into.reserve(into.size() + content.bytes.size() / first.size_bytes + 1);
  while (!content.empty()) {
    if (field.element.empty()) {
      read(field.parts, content, into);
    } else {
      Node element{field.element, content.offset};
      read(field.parts, content, element.fields);
      element.size_bytes = content.offset - element.offset;
      into.push_back(std::move(element));
    }
  }
}

bool read_vector(const Field& field, Region& region, std::vector<Node>& into) {
  if (region.empty() && region.is_cut) return false;
  Node node{field.name, region.offset};
  Field length = field;
  length.name = "length";
  const Region content = read_length(length, region, node.fields);
  const bool is_complete = !content.is_cut;
  if (field.kind == Kind::vector) add_opaque("opaque", content, field.show, node.fields);
  if (field.kind == Kind::enclosed) read_whole(field.parts, content, node.fields);
  if (field.kind == Kind::list) read_list(field, content, node.fields);
  if (field.kind == Kind::extensions) read_extensions(field.carrier, content, node.fields);
  node.size_bytes = region.offset - node.offset;
  into.push_back(std::move(node));
  return is_complete;
}

bool read(const Field& field, Region& region, std::vector<Node>& into) {
  if (field.may_be_absent && region.empty()) return true;
  switch (field.kind) {
    case Kind::number:
      return read_number(field, region, into);
    case Kind::opaque:
      return add_leaf(field, field.size_bytes, region, into);
    case Kind::rest:
      add_opaque(field.name, region.take(region.bytes.size()), field.show, into);
      return true;
    case Kind::vector:
    case Kind::enclosed:
    case Kind::list:
    case Kind::extensions:
      return read_vector(field, region, into);
    case Kind::choice: {
      const bool is_first = !into.empty() && into.back().number == field.value_min;
      return read(is_first ? field.parts : field.otherwise, region, into);
    }
  }
  __builtin_unreachable();
}

}  // namespace

Region Region::take(std::size_t size_bytes) {
  const Region taken{bytes.first(std::min(size_bytes, bytes.size())), offset, is_cut};
  bytes = bytes.subspan(taken.bytes.size());
  offset += taken.bytes.size();
  return taken;
}

bool read(Fields fields, Region& region, std::vector<Node>& into) {
  if (into.empty()) into.reserve(fields.size());
  return std::all_of(fields.begin(), fields.end(), [&](const Field& field) { return read(field, region, into); });
}

void read_whole(Fields fields, Region region, std::vector<Node>& into) {
  read(fields, region, into);
  if (region.empty()) return;
  Node node{"left over", region.offset, region.bytes.size()};
  node.fault = bytes_text(node.size_bytes) + " more than this holds";
  into.push_back(std::move(node));
}

Region read_length(const Field& field, Region& region, std::vector<Node>& into) {
  if (!read_number({.kind = Kind::number, .name = field.name, .size_bytes = field.size_bytes}, region, into)) {
    region.is_cut = true;
    return {{}, region.offset, true};
  }
  Node& length = into.back();
  const auto announced_bytes = static_cast<std::size_t>(*length.number);
  const std::size_t left_bytes = region.bytes.size();
  if (announced_bytes < field.min_bytes) length.fault = "at least " + std::to_string(field.min_bytes);
  if (announced_bytes > field.max_bytes) length.fault = "at most " + std::to_string(field.max_bytes);
  Region content = region.take(announced_bytes);
  content.is_cut = announced_bytes > left_bytes;
  if (content.is_cut && !region.is_cut)
    length.fault = bytes_text(announced_bytes) + " announced, " + bytes_text(left_bytes) + " left";
  region.is_cut = region.is_cut || content.is_cut;
  return content;
}

std::string quoted(ByteView text, std::size_t characters_max) {
  std::string out = "\"";
  for (const std::uint8_t byte : text.first(std::min(text.size(), characters_max))) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (byte < 0x20 || byte > 0x7e) {
      out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    } else {
      if (byte == '"' || byte == '\\') out += '\\';
      out += static_cast<char>(byte);
    }
  }
  return out + (text.size() > characters_max ? "\"..." : "\"");
}

}  // namespace tocsin::dissect
