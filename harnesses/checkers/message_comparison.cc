#include "harnesses/checkers/message_comparison.h"

#include <algorithm>
#include <vector>

#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using namespace wire;

template <class Value>
bool eq(const Value& a, const Value& b) {
  return a == b;
}
bool eq(ByteView a, ByteView b) { return std::ranges::equal(a, b); }
bool eq(const ServerName& a, const ServerName& b) { return a.type == b.type && eq(a.bytes, b.bytes); }
bool eq(const KeyShareEntry& a, const KeyShareEntry& b) { return a.group == b.group && eq(a.key_exchange, b.key_exchange); }
bool eq(const CertificateEntry& a, const CertificateEntry& b) {
  return eq(a.cert_data, b.cert_data) && eq(a.extensions, b.extensions);
}
bool eq(const PreSharedKeys& a, const PreSharedKeys& b) { return eq(a.identities, b.identities) && eq(a.binders, b.binders); }
template <class Codec>
bool eq(const ListView<Codec>& a, const ListView<Codec>& b) {
  const auto same = [](const auto& x, const auto& y) { return eq(x, y); };
  return eq(a.wire(), b.wire()) && std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}
template <class Value>
bool eq(const std::optional<Value>& a, const std::optional<Value>& b) {
  return a.has_value() == b.has_value() && (!a || eq(*a, *b));
}

template <class Message>
bool has_same_extensions(const Message& a, const Message& b) {
  bool is_same = true;
  for_each_extension<Message>([&](ExtensionType, auto, auto member) { is_same = is_same && eq(a.*member, b.*member); });
  return is_same;
}

/// A message's body, cut where its extensions begin. Messages that have none, or whose extensions are a list's, are not cut.
struct Parts {
  ByteView before;  // the length of the block not included
  ByteView extensions;
  bool has_extensions;
};

Parts cut_at(ByteView body, Reader& extensions) {
  const ByteView before = body.first(body.size() - extensions.size());
  const bool has_extensions = !extensions.empty();
  return {before, has_extensions ? extensions.vector16() : ByteView{}, has_extensions};
}

Parts cut(HandshakeType type, ByteView body) {
  Reader reader(body);
  switch (type) {
    case HandshakeType::client_hello:
      reader.take(2 + 32);
      reader.vector8();
      reader.vector16();
      reader.vector8();
      break;
    case HandshakeType::server_hello:
      reader.take(2 + 32);
      reader.vector8();
      reader.take(2 + 1);
      break;
    case HandshakeType::new_session_ticket:
      reader.take(4 + 4);
      reader.vector8();
      reader.vector16();
      break;
    case HandshakeType::certificate_request:
      reader.vector8();
      break;
    case HandshakeType::encrypted_extensions:
      break;
    case HandshakeType::hello_request:
    case HandshakeType::hello_verify_request:
    case HandshakeType::server_key_exchange:
    case HandshakeType::server_hello_done:
    case HandshakeType::client_key_exchange:
    case HandshakeType::end_of_early_data:
    case HandshakeType::certificate:
    case HandshakeType::certificate_verify:
    case HandshakeType::finished:
    case HandshakeType::key_update:
    case HandshakeType::message_hash:
      return {body, {}, false};
  }
  return cut_at(body, reader);
}

/// Of TLS 1.2 and DTLS 1.2.
Parts cut_tls12_message(HandshakeType type, ByteView body) {
  if (type != HandshakeType::client_hello)
    return cut(type == HandshakeType::server_hello ? type : HandshakeType::certificate, body);
  Reader reader(body);
  reader.take(2 + 32);
  reader.vector8();
  reader.vector8();  // the cookie
  reader.vector16();
  reader.vector8();
  return cut_at(body, reader);
}

const Extension* find(const std::vector<Extension>& extensions, ExtensionType type) {
  const auto found = std::ranges::find(extensions, type, &Extension::type);
  return found == extensions.end() ? nullptr : &*found;
}

/// The extensions that a message means: those that the table knows, and padding means nothing.
std::vector<Extension> meant(ByteView block) {
  std::vector<Extension> extensions;
  for (const Extension& extension : ExtensionList(block))
    if (name_of(extension.type) != "unknown" && extension.type != ExtensionType::padding) extensions.push_back(extension);
  return extensions;
}

bool has_exactly(ByteView block, const std::vector<Extension>& expected) {
  std::size_t written = 0;
  for (const Extension& extension : ExtensionList(block)) {
    const Extension* original = find(expected, extension.type);
    if (original == nullptr || !eq(original->body, extension.body)) return false;
    ++written;
  }
  return written == expected.size();
}

}  // namespace

void check_refusal(const Fatal& refusal) {
  using enum AlertDescription;
  note_refusal(refusal);
  emit([&] { return NoteEvent{"decoder", "refuses: " + Error(refusal).describe()}; });
  const AlertDescription alert = alert_for(refusal.why);
  if (alert != decode_error && alert != illegal_parameter && alert != unsupported_extension)
    finding("a decoder refused with " + std::string(name_of(refusal.why)));
}

bool is_same(const ClientHello& a, const ClientHello& b) {
  return a.legacy_version == b.legacy_version && a.random == b.random && eq(a.legacy_session_id, b.legacy_session_id) &&
         eq(a.cipher_suites, b.cipher_suites) && eq(a.legacy_compression_methods, b.legacy_compression_methods) &&
         a.has_extensions == b.has_extensions && has_same_extensions(a, b);
}

bool is_same(const ServerHello& a, const ServerHello& b) {
  return a.legacy_version == b.legacy_version && a.random == b.random &&
         eq(a.legacy_session_id_echo, b.legacy_session_id_echo) && a.cipher_suite == b.cipher_suite &&
         a.legacy_compression_method == b.legacy_compression_method && a.has_extensions == b.has_extensions &&
         has_same_extensions(a, b);
}

bool is_same(const HelloRetryRequest& a, const HelloRetryRequest& b) {
  return a.legacy_version == b.legacy_version && eq(a.legacy_session_id_echo, b.legacy_session_id_echo) &&
         a.cipher_suite == b.cipher_suite && a.legacy_compression_method == b.legacy_compression_method &&
         has_same_extensions(a, b);
}

bool is_same(const std::variant<ServerHello, HelloRetryRequest>& a, const std::variant<ServerHello, HelloRetryRequest>& b) {
  if (a.index() != b.index()) return false;
  if (const auto* hello = std::get_if<ServerHello>(&a)) return is_same(*hello, std::get<ServerHello>(b));
  return is_same(std::get<HelloRetryRequest>(a), std::get<HelloRetryRequest>(b));
}

bool is_same(const EncryptedExtensions& a, const EncryptedExtensions& b) { return has_same_extensions(a, b); }

bool is_same(const Certificate& a, const Certificate& b) {
  return eq(a.certificate_request_context, b.certificate_request_context) && eq(a.certificate_list, b.certificate_list);
}

bool is_same(const CertificateRequest& a, const CertificateRequest& b) {
  return eq(a.certificate_request_context, b.certificate_request_context) && has_same_extensions(a, b);
}

bool is_same(const CertificateVerify& a, const CertificateVerify& b) {
  return a.algorithm == b.algorithm && eq(a.signature, b.signature);
}

bool is_same(const Finished& a, const Finished& b) { return eq(a.verify_data, b.verify_data); }

bool is_same(const NewSessionTicket& a, const NewSessionTicket& b) {
  return a.ticket_lifetime_s == b.ticket_lifetime_s && a.ticket_age_add == b.ticket_age_add &&
         eq(a.ticket_nonce, b.ticket_nonce) && eq(a.ticket, b.ticket) && has_same_extensions(a, b);
}

bool is_same(const KeyUpdate& a, const KeyUpdate& b) { return a.request_update == b.request_update; }

bool is_canonical_form(HandshakeType type, ByteView encoded, ByteView body) {
  const Parts now = cut(type, encoded), before = cut(type, body);
  if (!eq(now.before, before.before) || now.has_extensions != before.has_extensions) return false;
  std::vector<Extension> expected = meant(before.extensions);
  const bool is_retry = type == HandshakeType::server_hello && eq(body.subspan(2, 32), hello_retry_request_random);
  if (type == HandshakeType::server_hello && !is_retry && find(expected, ExtensionType::supported_versions) == nullptr)
    expected.clear();
  std::erase_if(expected, [](const Extension& extension) { return extension.type == ExtensionType::connection_id; });
  // RFC 9846 4.3 lets a server_name stand there; a client that has no use for it passes over it.
  if (type == HandshakeType::certificate_request)
    std::erase_if(expected, [](const Extension& extension) { return extension.type == ExtensionType::server_name; });
  return has_exactly(now.extensions, expected);
}

bool is_canonical_tls12_form(HandshakeType type, ByteView encoded, ByteView body) {
  const Parts now = cut_tls12_message(type, encoded), before = cut_tls12_message(type, body);
  return eq(now.before, before.before) && now.has_extensions == before.has_extensions &&
         has_exactly(now.extensions, meant(before.extensions));
}

}  // namespace tocsin::harness
