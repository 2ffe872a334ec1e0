#include "harnesses/differential/rules/server_hello_reader.h"

#include <algorithm>

#include "harnesses/differential/rules/codes.h"

namespace tocsin::rules {
namespace {

// An RFC says what it is: a client may recognise it. Those of the registry up to ticket_request, and three beyond.
bool is_named_by_an_rfc(std::uint64_t extension_type) {
  return extension_type <= ticket_request || extension_type == ech_outer_extensions ||
         extension_type == encrypted_client_hello || extension_type == renegotiation_info;
}

}  // namespace

// RFC 9846 4.2.3
bool is_retry(const dissect::Message& hello, ByteView messages) {
  constexpr std::uint8_t special[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                      0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                      0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
  const dissect::Node* random = field_of(&hello.node, "random");
  return random != nullptr && std::ranges::equal(messages.subspan(random->offset, random->size_bytes), special);
}

void ServerHelloReader::judge_syntax() {
  for (const dissect::Fault& fault : dissect::faults_of(hello_.fields)) {
    if (fault.node->name == "Extension") continue;  // it may not stand here: judge_extension_list
    const Node* extension = around(fault);
    const Node* length = field_of(extension, "length");
    const bool is_of_frame = extension == nullptr || length == nullptr || fault.node->offset == length->offset;
    if (is_of_frame) {
      is_framed_ = is_framed_ && !note_frame(fault, extension);
    } else if (is_readable(*extension->fields[0].number)) {
      add_unreadable(rule_of_body(fault, *extension), fault, extension);
      // What nobody asked for is refused for that, and need not be read.
      reading_.faults.back().may_pass = !is_asked_for(*extension->fields[0].number);
    }
  }
}

bool ServerHelloReader::note_frame(const dissect::Fault& fault, const Node* extension) {
  const bool is_long_session_id = fault.path == "legacy_session_id_echo.length" && fault.node->number.value_or(0) > 32;
  const Rule rule = is_long_session_id                     ? Rule::session_id_echo_length
                    : fault.path.starts_with("extensions") ? Rule::server_extension_syntax
                                                           : Rule::server_hello_syntax;
  add_unreadable(rule, fault, extension);
  return !is_long_session_id;
}

Rule ServerHelloReader::rule_of_body(const dissect::Fault& fault, const Node& extension) const {
  const bool is_place_told = fault.node->number == std::uint64_t{0} || fault.node->name == "left over";
  Rule rule = Rule::server_extension_syntax;
  for (const AnswerSyntax& syntax : kind_.syntaxes) {
    if (syntax.extension != extension.fields[0].number) continue;
    if (is_place_told && !syntax.place.empty() && fault.path.ends_with(syntax.place)) return syntax.rule_at_place;
    rule = syntax.rule;
  }
  return rule;
}

// RFC 9846 4.3.2: a cookie alone needs no question.
bool ServerHelloReader::is_asked_for(std::uint64_t extension_type) const {
  return has(offer_.extensions, extension_type) || (extension_type == cookie && kind_.may_hold(cookie));
}

void ServerHelloReader::judge_extension_list() {
  std::set<std::uint64_t> seen;
  for (const Node* one : extensions_) {
    const std::uint64_t type = *one->fields[0].number;
    if (!seen.insert(type).second) {
      add(Rule::server_extension_repeated, *one);
      continue;
    }
    const bool is_asked = is_asked_for(type);
    if (!is_asked) add(kind_.unsolicited, *one);
    if (!kind_.may_hold(type) && (is_asked || is_named_by_an_rfc(type))) add(kind_.misplaced, *one);
  }
}

std::optional<std::uint64_t> ServerHelloReader::number(std::string_view name) const {
  const Node* field = readable_field(name);
  return field == nullptr ? std::nullopt : field->number;
}

}  // namespace tocsin::rules
