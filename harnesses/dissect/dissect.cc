#include "harnesses/dissect/dissect.h"

#include <algorithm>

#include "core/base/types.h"
#include "core/record/header.h"
#include "harnesses/dissect/read.h"

namespace tocsin::dissect {
namespace {

constexpr Field record_type = number(1, "type", &content_types);
constexpr Field record_version = number(2, "legacy_record_version", &versions);
constexpr Field alert_fields[] = {number(1, "level", &alert_levels), number(1, "description", &alert_descriptions)};
constexpr Field change_cipher_spec_fields[] = {between(1, 1, number(1, "type", &change_cipher_specs))};
constexpr Field encrypted_fields[] = {rest("encrypted_record")};
constexpr Field unknown_fields[] = {rest("fragment")};

struct Record {
  Node node;
  Region content;  // of the fragment
  ContentType type;
  bool is_encrypted;
  std::size_t begin, end;  // in the stream, of what it adds there; where it stands for a record that adds nothing
};

bool is_known(std::uint8_t type) {
  return type >= static_cast<std::uint8_t>(ContentType::change_cipher_spec) &&
         type <= static_cast<std::uint8_t>(ContentType::application_data);
}

// What no version of TLS ever sent: there is no telling where it ends.
bool is_no_record(ByteView bytes) { return !is_known(bytes[0]) && (bytes.size() < 2 || bytes[1] != 3); }

Node unrecognised(const Region& rest) {
  Node node{"not TLS", rest.offset, rest.bytes.size(), quoted(rest.bytes)};
  node.fault = "neither a content type nor a version of TLS";
  return node;
}

void check_header(const Record& record, Node& type, Node& version, Node& length) {
  if (!is_known(static_cast<std::uint8_t>(record.type))) type.fault = "no content type of TLS 1.3 (RFC 9846 5.1)";
  if (*version.number < 0x0300) version.fault = "older than SSL 3.0 (RFC 9846 E.5)";
  const std::size_t bytes_max =
      record.type == ContentType::application_data ? record::ciphertext_bytes_max : record::plaintext_bytes_max;
  if (*length.number > bytes_max) length.fault = "at most " + std::to_string(bytes_max) + " (RFC 9846 5.1, 5.2)";
  if (*length.number == 0 && (record.type == ContentType::handshake || record.type == ContentType::alert))
    length.fault = "at least 1 (RFC 9846 5.1)";
}

Record read_record(Region& rest) {
  Record record{{"TLSPlaintext", rest.offset}, {}, static_cast<ContentType>(rest.bytes[0]), false, 0, 0};
  auto& fields = record.node.fields;
  read({&record_type, 1}, rest, fields);
  if (read({&record_version, 1}, rest, fields)) {
    record.content = read_length(vector("length", 2, 0, 0xffff), rest, fields);
    if (fields.back().number) check_header(record, fields[0], fields[1], fields[2]);
  } else {
    record.content = {{}, rest.offset, true};
  }
  record.node.size_bytes = rest.offset - record.node.offset;
  record.node.value = content_types.find(static_cast<std::uint64_t>(record.type));
  return record;
}

/// The part of a message that lies in [begin, end) of the stream, moved to where that stands in the input.
Node clipped(const Node& node, std::size_t begin, std::size_t end, std::size_t to) {
  const std::size_t from = std::max(node.offset, begin), until = std::min(node.end(), end);
  Node part{node.name, from - begin + to, until - from, node.value, node.number, node.fault, {}, node.registry};
  if (node.offset < begin) {
    part.value = "(continued)";
    part.number.reset();
    part.fault.clear();
  } else if (node.end() > end) {
    part.value = text_of(node);
    part.value += part.value.empty() ? "(goes on in a later record)" : " (goes on in a later record)";
  }
  auto field =
      std::partition_point(node.fields.begin(), node.fields.end(), [&](const Node& one) { return one.end() <= begin; });
  for (; field != node.fields.end() && field->offset <= end; ++field) {
    // What has no bytes stands behind some that do.
    if (field->size_bytes == 0 || field->offset < end) part.fields.push_back(clipped(*field, begin, end, to));
  }
  return part;
}

using Messages = std::vector<Message>;

// The first message that ends behind that place of the stream. They stand one after another.
Messages::const_iterator first_behind(const Messages& messages, std::size_t at) {
  return std::partition_point(messages.begin(), messages.end(),
                              [&](const Message& message) { return message.node.end() <= at; });
}

// Whether the stream is in the middle of a message there.
bool is_inside_message(const Messages& messages, std::size_t at) {
  const auto message = first_behind(messages, at);
  if (message != messages.end()) return message->node.offset < at;
  return !messages.empty() && !messages.back().is_whole;
}

void finish(Record& record, const Messages& messages) {
  auto& fields = record.node.fields;
  if (record.is_encrypted) {
    record.node.name = record.type == ContentType::application_data ? "TLSCiphertext" : "record of TLS 1.2, encrypted";
    return read_whole(encrypted_fields, record.content, fields);
  }
  if (record.type == ContentType::handshake) {
    for (auto message = first_behind(messages, record.begin); message != messages.end() && message->node.offset < record.end;
         ++message)
      fields.push_back(clipped(message->node, record.begin, record.end, record.content.offset));
    return;
  }
  if (is_inside_message(messages, record.begin))
    record.node.fault = "between the fragments of a handshake message (RFC 9846 5.1)";
  if (record.type == ContentType::alert)
    read_whole(alert_fields, record.content, fields);
  else if (record.type == ContentType::change_cipher_spec)
    read_whole(change_cipher_spec_fields, record.content, fields);
  else
    read_whole(unknown_fields, record.content, fields);
}

// A node with those that it is in.
struct Place {
  const Node& node;
  const Place* around;  // null at the top
};

std::string path_of(const Place& place) {
  const Node& node = place.node;
  const bool is_told_by_value = (node.name == "Handshake" || node.name == "Extension") && !node.value.empty();
  const std::string own = is_told_by_value ? node.value : std::string(node.name);
  return place.around == nullptr ? own : path_of(*place.around) + "." + own;
}

void add_faults(const std::vector<Node>& nodes, const Place* around, std::vector<Fault>& into) {
  for (const Node& node : nodes) {
    const Place place{node, around};
    if (!node.fault.empty()) into.push_back({&node, path_of(place)});
    add_faults(node.fields, &place, into);
  }
}

}  // namespace

Document dissect_records(ByteView input) {
  Document document;
  std::vector<Record> records;
  std::optional<Node> tail;
  Tls12Search search;
  bool is_encrypted_tls12 = false;
  for (Region rest{input}; !rest.empty();) {
    if (is_no_record(rest.bytes)) {
      tail = unrecognised(rest);
      break;
    }
    Record record = read_record(rest);
    record.is_encrypted = record.type == ContentType::application_data ||
                          (is_encrypted_tls12 && is_known(static_cast<std::uint8_t>(record.type)));
    record.begin = document.stream.size();
    if (record.type == ContentType::handshake && !record.is_encrypted) append(document.stream, record.content.bytes);
    record.end = document.stream.size();
    if (record.type == ContentType::change_cipher_spec) is_encrypted_tls12 = search.finds(document.stream);
    records.push_back(std::move(record));
  }
  document.messages = read_messages(document.stream);
  for (Record& record : records) {
    finish(record, document.messages);
    document.nodes.push_back(std::move(record.node));
  }
  if (tail) document.nodes.push_back(std::move(*tail));
  return document;
}

Document dissect_messages(ByteView input) {
  Document document;
  document.stream.assign(input.begin(), input.end());
  document.messages = read_messages(document.stream);
  for (const Message& message : document.messages) document.nodes.push_back(message.node);
  return document;
}

std::vector<Fault> faults_of(const std::vector<Node>& nodes) {
  std::vector<Fault> faults;
  add_faults(nodes, nullptr, faults);
  return faults;
}

std::vector<std::string> outline(ByteView records) {
  std::vector<std::string> lines;
  for (const Node& record : dissect_records(records).nodes) {
    std::string line = record.value.empty() ? std::string(record.name) : record.value;
    std::string_view separator = ": ";
    for (const Node& part : record.fields) {
      if (part.name != "Handshake") continue;
      line += std::string(separator) + part.value;
      separator = ", ";
    }
    lines.push_back(line + ", " + std::to_string(record.size_bytes) + " bytes");
  }
  return lines;
}

}  // namespace tocsin::dissect
