#include "harnesses/differential/rules/client_offer.h"

#include "harnesses/differential/rules/codes.h"
#include "harnesses/dissect/dissect.h"

namespace tocsin::rules {
namespace {

using dissect::Node;

ByteView bytes_of(const dissect::Document& read, const Node* node) {
  return node == nullptr ? ByteView{} : ByteView(read.stream).subspan(node->offset, node->size_bytes);
}

const Node* host_name_in(const Node& extension) {
  return field_of(field_of(field_of(field_of(&extension, "server_name_list"), "ServerName"), "HostName"), "opaque");
}

void add_protocols(const dissect::Document& read, const Node& extension, std::vector<std::string>& into) {
  const Node* list = field_of(&extension, "protocol_name_list");
  if (list == nullptr) return;
  for (const Node& name : list->fields)
    if (name.name == "ProtocolName") into.emplace_back(text_of(bytes_of(read, field_of(&name, "opaque"))));
}

}  // namespace

std::optional<ClientOffer> read_client_offer(ByteView messages) {
  const dissect::Document read = dissect::dissect_messages(messages);
  if (read.messages.empty() || read.messages[0].type != client_hello || !read.messages[0].is_whole) return std::nullopt;
  const Node& hello = read.messages[0].node;
  ClientOffer offer;
  const ByteView session_id = bytes_of(read, field_of(field_of(&hello, "legacy_session_id"), "opaque"));
  offer.session_id.assign(session_id.begin(), session_id.end());
  offer.suites = numbers_in(field_of(&hello, "cipher_suites"), "CipherSuite");
  if (field_of(&hello, "extensions") == nullptr) return std::nullopt;
  for (const Node* one : extensions_of(hello)) {
    const Node& extension = *one;
    const std::uint64_t type = *extension.fields[0].number;
    offer.extensions.push_back(type);
    if (type == supported_versions) offer.versions = numbers_in(&extension, "ProtocolVersion");
    if (type == supported_groups) offer.groups = numbers_in(&extension, "NamedGroup");
    if (type == signature_algorithms) offer.schemes = numbers_in(&extension, "SignatureScheme");
    if (type == server_name) offer.server_name = text_of(bytes_of(read, host_name_in(extension)));
    if (type == key_share) offer.share_groups = numbers_in(&extension, "group");
    if (type == max_fragment_length) offer.max_fragment_length = numbers_in(&extension, "max_fragment_length");
    if (type == alpn) add_protocols(read, extension, offer.protocols);
  }
  if (!has(offer.extensions, supported_versions)) offer.versions = {tls12_code};
  // RFC 5746 3.3: the suite stands for the extension.
  if (has(offer.suites, renegotiation_scsv)) offer.extensions.push_back(renegotiation_info);
  return offer;
}

}  // namespace tocsin::rules
