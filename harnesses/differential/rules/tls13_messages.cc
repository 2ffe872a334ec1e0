// What the messages behind the hellos hold.
#include <algorithm>
#include <set>
#include <utility>

#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/rules/fields.h"
#include "harnesses/differential/rules/placement.h"
#include "harnesses/differential/rules/tls13_conversation.h"
#include "harnesses/dissect/dissect.h"
#include "harnesses/dissect/read.h"

namespace tocsin::rules::tls13 {
namespace {

using dissect::Node;

void collect_extensions(const Node& node, std::vector<const Node*>& into) {
  for (const Node& field : node.fields) {
    if (field.name == "Extension" && !field.fields.empty() && field.fields[0].number) into.push_back(&field);
    collect_extensions(field, into);
  }
}
std::vector<const Node*> extensions_in(const Node& node) {
  std::vector<const Node*> found;
  collect_extensions(node, found);
  return found;
}
std::uint64_t type_of(const Node& extension) { return *extension.fields[0].number; }

bool is_in_its_header(const Node& place, const Node& extension) {
  const Node* length = field_of(&extension, "length");
  return length == nullptr || place.offset == length->offset || &place == &extension;
}

// Of an extension that stands where others do.
Rule rule_of_place(std::uint64_t type) { return is_known_to_all(type) ? Rule::extension_forbidden : Rule::extension_foreign; }

std::string path_of(const Node& message, const Node& extension) {
  return std::string(message.value) + ".extensions." + extension.value;
}

ByteView first_certificate(ByteView message) {
  constexpr std::size_t header_bytes = 4;
  // certificate_request_context, certificate_list's length, the entry's length
  if (message.size() < header_bytes + 1) return {};
  ByteView rest = message.subspan(header_bytes);
  const std::size_t before_bytes = std::size_t{1} + rest[0] + 3 + 3;
  if (rest.size() < before_bytes) return {};
  const ByteView length = rest.subspan(before_bytes - 3, 3);
  const std::size_t bytes = std::size_t{length[0]} << 16 | std::size_t{length[1]} << 8 | std::size_t{length[2]};
  rest = rest.subspan(before_bytes);
  return rest.first(std::min(bytes, rest.size()));
}

}  // namespace

// The message's own fields; of_extension tells the rule for each extension that cannot be read.
template <class OfExtension>
void Conversation::read_syntax(const Node& node, Rule of_fields, OfExtension&& of_extension) {
  const auto extensions = extensions_in(node);
  for (const dissect::Fault& fault : dissect::faults_of(node.fields)) {
    const Node* extension = extension_around(*fault.node, extensions);
    if (fault.node->name == "Extension") continue;  // where it may stand is asked elsewhere
    const bool is_of_message = extension == nullptr || is_in_its_header(*fault.node, *extension);
    const bool is_empty_entry = fault.path.ends_with("cert_data.length") && fault.node->number == std::uint64_t{0};
    const Rule rule = is_empty_entry  ? Rule::certificate_entry_empty
                      : is_of_message ? of_fields
                                      : of_extension(type_of(*extension));
    add(rule, std::string(node.value) + "." + fault.path, fault.node->offset);
  }
  read_repeated(node, node.value);
}

void Conversation::read_body(std::uint8_t type, ByteView message, const Node& node) {
  constexpr std::uint8_t of_fields[] = {encrypted_extensions, certificate_request, certificate, certificate_verify};
  if (message.size() == header_bytes && std::ranges::count(of_fields, type) != 0)
    return add(Rule::message_empty, "Handshake.length", 1);
  switch (type) {
    case new_session_ticket:
      return read_new_session_ticket(node);
    case encrypted_extensions:
      return read_encrypted_extensions(node);
    case certificate:
      return read_certificate(node, message);
    case certificate_request:
      return read_certificate_request(node);
    case certificate_verify:
      read_certificate_verify(node, message);
      return read_late_chain();
    case finished:
      return read_finished(message);
    case key_update:
      if (message.size() != header_bytes + 1) add(Rule::key_update_length, "KeyUpdate");
      if (message.size() > header_bytes && message[header_bytes] > 1)
        add(Rule::key_update_value, "KeyUpdate.request_update", header_bytes);
      if (std::exchange(has_asked_for_keys_, false) && message.size() > header_bytes && message[header_bytes] == 1)
        add(Rule::key_update_crossed, "KeyUpdate.request_update", header_bytes);
      return;
    default:
      return;
  }
}

void Conversation::read_repeated(const Node& node, std::string_view message) {
  std::set<std::uint64_t> seen;
  for (const Node& field : node.fields) {
    if (field.name != "Extension") {
      read_repeated(field, message);
    } else if (!field.fields.empty() && field.fields[0].number && !seen.insert(type_of(field)).second) {
      add(Rule::extension_of_message_repeated, std::string(message) + ".extensions." + field.value, field.offset);
    }
  }
}

// Whether the client that is judged has offered what this answers.
bool Conversation::was_offered(std::uint64_t extension) const {
  const stacks::PeerConfig& config = setup_.config;
  return extension == server_name || extension == supported_groups ||
         (extension == alpn && !config.application_protocols.empty()) ||
         (extension == max_fragment_length && config.max_fragment_length != MaxFragmentLength::none) ||
         (extension == record_size_limit && config.record_size_limit != 0);
}

void Conversation::read_encrypted_extensions(const Node& node) {
  read_syntax(node, Rule::message_syntax, [&](std::uint64_t extension) {
    if (!was_offered(extension)) return Rule::extension_not_known_syntax;
    if (extension == server_name) return Rule::server_name_answer_not_empty;
    if (extension == supported_groups) return Rule::groups_of_server_syntax;
    if (extension == alpn) return Rule::alpn_answer_syntax;
    return extension == max_fragment_length ? Rule::fragment_length_answer_syntax : Rule::size_limit_answer_syntax;
  });
  bool has_limit = false, has_length = false;
  for (const Node* one : extensions_in(node)) {
    const std::uint64_t type = type_of(*one);
    const bool is_of_others = placement_of(type) != nullptr && !may_stand(type, in_encrypted_extensions);
    if (is_of_others) add(rule_of_place(type), path_of(node, *one), one->offset);
    if (!is_of_others && !was_offered(type)) add(Rule::extension_unsolicited, path_of(node, *one), one->offset);
    has_limit = has_limit || type == record_size_limit;
    has_length = has_length || type == max_fragment_length;
    if (!was_offered(type)) continue;
    const Numbers lengths = numbers_in(one, "max_fragment_length"), limits = numbers_in(one, "RecordSizeLimit");
    if (!lengths.empty() && lengths[0] != static_cast<std::uint64_t>(setup_.config.max_fragment_length))
      add(Rule::fragment_length_answer_differs, path_of(node, *one), one->offset);
    if (!limits.empty() && (limits[0] < 64 || limits[0] > 16385))
      add(Rule::size_limit_answer_value, path_of(node, *one), one->offset);
    if (type == alpn) read_protocol(node, *one);
  }
  // RFC 8449 4: the content's type counts as well.
  if (has_length && was_offered(max_fragment_length))
    record_bytes_max_ = std::size_t{256} << static_cast<unsigned>(setup_.config.max_fragment_length);
  if (has_limit && was_offered(record_size_limit)) {
    record_bytes_max_ = setup_.config.record_size_limit - 1u;
    is_padding_counted_ = true;  // RFC 6066 4 tells of the content alone
  }
  if (!has_limit || !has_length) return;
  add(Rule::size_limit_beside_fragment_length, std::string(node.value) + ".extensions");
  // Or it is refused for the one that was not asked for, which may be all that the client knows of it.
  faults_.back().may_pass = !was_offered(record_size_limit) || !was_offered(max_fragment_length);
}

// The name stands quoted in the node; the length before it tells a name from none.
void Conversation::read_protocol(const Node& message, const Node& extension) {
  const Node* name = field_of(field_of(field_of(&extension, "protocol_name_list"), "ProtocolName"), "opaque");
  if (name == nullptr) return;
  const auto is_it = [&](const std::string& one) { return name->value == dissect::quoted(bytes_of(one)); };
  if (std::ranges::none_of(setup_.config.application_protocols, is_it))
    add(Rule::alpn_not_offered, path_of(message, extension), name->offset);
}

void Conversation::read_certificate_request(const Node& node) {
  read_syntax(node, Rule::message_syntax, [](std::uint64_t extension) {
    const bool is_of_schemes = extension == signature_algorithms || extension == signature_algorithms_cert;
    return is_of_schemes ? Rule::request_schemes_syntax : Rule::extension_not_known_syntax;
  });
  if (field_of(field_of(&node, "certificate_request_context"), "opaque") != nullptr)
    add(Rule::request_context_not_empty, "CertificateRequest.certificate_request_context", header_bytes);
  const auto extensions = extensions_in(node);
  for (const Node* one : extensions) {
    const Placement* placement = placement_of(type_of(*one));
    if (type_of(*one) == server_name) add(Rule::server_name_in_request, path_of(node, *one), one->offset);
    if (placement == nullptr || (placement->carriers & in_certificate_request) != 0) continue;
    add(is_known_to_all(placement->extension) ? Rule::extension_of_request_misplaced : Rule::extension_of_other_message,
        path_of(node, *one), one->offset);
  }
  const bool has_schemes =
      std::ranges::any_of(extensions, [](const Node* one) { return type_of(*one) == signature_algorithms; });
  const bool is_refused = must_be_refused();  // or for this, if it is looked for first
  if (has_schemes) return;
  add(Rule::request_without_schemes, "CertificateRequest.extensions");
  faults_.back().may_pass = is_refused;
}

void Conversation::read_certificate(const Node& node, ByteView message) {
  read_syntax(node, Rule::message_syntax, [](std::uint64_t) { return Rule::extension_not_known_syntax; });
  const Node* list = field_of(&node, "certificate_list");
  if (message[header_bytes] != 0)  // whether or not so many bytes are there
    add(is_client() ? Rule::certificate_context_not_empty : Rule::certificate_context_differs,
        "Certificate.certificate_request_context", header_bytes);
  if (list == nullptr) return;
  const bool is_refused = must_be_refused();  // or for what stands before that: a stack reads one certificate after the other
  std::size_t entries = 0;
  for (const Node& entry : list->fields) entries += entry.name == "CertificateEntry" ? 1 : 0;
  is_certificate_empty_ = entries == 0;
  if (entries == 0) {
    if (is_refused) return;
    if (is_client()) return add(Rule::certificate_list_empty, "Certificate.certificate_list", list->offset);
    if (setup_.config.client_authentication == ClientAuthentication::required)
      add(Rule::certificate_required, "Certificate.certificate_list", list->offset);
    return;
  }
  for (const Node* one : extensions_in(node)) {
    const bool is_known = placement_of(type_of(*one)) != nullptr;
    add(is_known ? rule_of_place(type_of(*one)) : Rule::extension_unsolicited, path_of(node, *one), one->offset);
  }
  if (entries > 1) add(Rule::certificates_more, "Certificate.certificate_list", list->offset);
  const auto is_the_honest_one = [&](const Bytes& honest) {
    return honest[0] == message[0] && std::ranges::equal(first_certificate(honest), first_certificate(message));
  };
  // A server that only asks may go on with a client that it does not know.
  const bool is_optional = setup_.config.client_authentication == ClientAuthentication::optional && !is_client();
  const bool is_other = !first_certificate(message).empty() && std::ranges::none_of(honest_, is_the_honest_one);
  if (!setup_.is_certificate_trusted || is_other) {
    add(is_client() ? Rule::certificate_not_valid : Rule::certificate_of_client_not_valid, "Certificate.certificate_list",
        list->offset);
    is_chain_late_ = setup_.verifies_chains_late && !is_optional && !is_refused;
    is_key_other_ = is_other;
    faults_.back().may_pass = is_optional || is_refused || is_chain_late_;
  }
  // Or it is refused for its signature.
  const auto is_taken = [&](SignatureScheme scheme) { return std::ranges::count(setup_.schemes, scheme) != 0; };
  if (std::ranges::none_of(setup_.schemes_of_key, is_taken))
    add(Rule::certificate_key_unfit, "Certificate.certificate_list", list->offset);
}

void Conversation::read_certificate_verify(const Node& node, ByteView message) {
  read_syntax(node, Rule::message_syntax, [](std::uint64_t) { return Rule::message_syntax; });
  constexpr std::uint64_t for_certificates[] = {0x0201, 0x0203, 0x0401, 0x0501, 0x0601};
  const Numbers algorithms = numbers_in(&node, "algorithm");
  if (algorithms.empty()) return;
  const std::uint64_t algorithm = algorithms[0];
  const auto scheme = static_cast<SignatureScheme>(algorithm);
  constexpr std::string_view path = "CertificateVerify.algorithm";
  if (std::ranges::find(for_certificates, algorithm) != std::end(for_certificates))
    return add(Rule::verify_scheme_of_certificates, std::string(path), header_bytes);
  if (std::ranges::count(setup_.schemes, scheme) == 0)
    return add(Rule::verify_scheme_not_offered, std::string(path), header_bytes);
  if (std::ranges::count(setup_.schemes_of_key, scheme) == 0)
    return add(Rule::verify_scheme_of_other_key, std::string(path), header_bytes);
  if (!is_honest(message) && !must_be_refused())
    add(is_client() ? Rule::verify_signature_wrong : Rule::verify_signature_of_client_wrong, "CertificateVerify.signature",
        header_bytes + 2);
}

void Conversation::read_late_chain() {
  if (!std::exchange(is_chain_late_, false)) return;
  for (Fault& fault : faults_)
    if (fault.rule == Rule::certificate_not_valid || fault.rule == Rule::certificate_of_client_not_valid)
      fault.may_pass = false;
  // With another key what an honest end has signed is wrong, and that may be found first.
  const Rule rule = is_client() ? Rule::verify_signature_wrong : Rule::verify_signature_of_client_wrong;
  if (is_key_other_) faults_.push_back({rule, "CertificateVerify.signature", header_bytes + 2, true});
}

void Conversation::read_finished(ByteView message) {
  if (is_honest(message)) return;
  const auto is_as_long = [&](const Bytes& honest) { return honest[0] == message[0] && honest.size() == message.size(); };
  if (std::ranges::none_of(honest_, is_as_long)) return add(Rule::finished_length, "Finished.verify_data", header_bytes);
  add(is_client() ? Rule::finished_wrong : Rule::finished_of_client_wrong, "Finished.verify_data", header_bytes);
}

void Conversation::read_new_session_ticket(const Node& node) {
  read_syntax(node, Rule::ticket_syntax, [](std::uint64_t) { return Rule::ticket_syntax; });
  constexpr std::uint64_t week_s = 604800;
  const Node* lifetime = field_of(&node, "ticket_lifetime");
  if (lifetime != nullptr && lifetime->number.value_or(0) > week_s)
    add(Rule::ticket_lifetime, "NewSessionTicket.ticket_lifetime", header_bytes);
  for (const Node* one : extensions_in(node)) {
    const Placement* placement = placement_of(type_of(*one));
    if (placement != nullptr && (placement->carriers & in_new_session_ticket) == 0)
      add(Rule::extension_of_other_message, path_of(node, *one), one->offset);
  }
}

}  // namespace tocsin::rules::tls13
