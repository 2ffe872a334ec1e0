#include "harnesses/differential/verdict.h"

#include "core/wire/extensions.h"
#include "core/wire/server_hello.h"
#include "harnesses/differential/encrypted_extensions.h"
#include "harnesses/differential/flight.h"
#include "harnesses/dissect/records.h"

namespace tocsin::differential {
namespace {

// The extensions of TLS 1.2 are read by a lenient eye: OpenSSL answers some that tocsin does not know.
void note_tls12_server_hello(ByteView body, Verdict& verdict) {
  const HelloSeen hello = read_server_hello(body);
  verdict.answered = true;
  verdict.version = ProtocolVersion::tls12;
  const ExtensionSeen* alpn =
      hello.find(static_cast<std::uint16_t>(wire::ExtensionType::application_layer_protocol_negotiation));
  if (alpn == nullptr) return;
  Reader reader(alpn->body);
  verdict.application_protocol = text_of(Reader(reader.vector16()).vector8());
}

void note_server_hello(ByteView body, Verdict& verdict) {
  const auto decoded = wire::decode_server_hello(body);
  if (!decoded) return;
  if (const auto* retry = std::get_if<wire::HelloRetryRequest>(&*decoded)) {
    verdict.retried = true;
    verdict.cipher_suite = retry->cipher_suite;
    verdict.group = retry->selected_group.value_or(NamedGroup{});
  } else {
    const auto& hello = std::get<wire::ServerHello>(*decoded);
    verdict.cipher_suite = hello.cipher_suite;
    if (!hello.supported_version) return note_tls12_server_hello(body, verdict);
    verdict.answered = true;
    verdict.version = *hello.supported_version;
    if (hello.key_share) verdict.group = hello.key_share->group;
  }
}

// RFC 8422 5.4: a curve type, then the group.
std::optional<NamedGroup> group_in(const dissect::MessageView& message) {
  if (message.type != HandshakeType::server_key_exchange || message.body.size() < 3) return std::nullopt;
  return static_cast<NamedGroup>(Reader(message.body.subspan(1)).u16());
}

void note_messages(ByteView messages, Verdict& verdict) {
  std::size_t client_hellos = 0;
  while (const auto message = dissect::take_message(messages)) {
    if (message->type == HandshakeType::server_hello) note_server_hello(message->body, verdict);
    if (const auto group = group_in(*message)) verdict.group = *group;
    if (message->type == HandshakeType::client_hello && ++client_hellos > 1) verdict.retried = true;
  }
}

End end_of(const stacks::Peer& peer) {
  switch (peer.status()) {
    case stacks::Status::handshaking:
      return End::waiting;
    case stacks::Status::complete:
      return End::complete;
    case stacks::Status::failed:
      break;
  }
  return peer.alert_received() && !peer.alert_sent() ? End::told : End::rejected;
}

}  // namespace

std::string_view name_of(End end) {
  switch (end) {
    case End::waiting:
      return "waits";
    case End::complete:
      return "completed";
    case End::rejected:
      return "rejected";
    case End::told:
      return "was told to end";
    case End::harmed:
      return "shuts out honest clients";
  }
  __builtin_unreachable();
}

Verdict verdict_of(const stacks::Peer& peer, stacks::Role role, ByteView sent) {
  Verdict verdict;
  Bytes messages;  // they may go over several records, as max_fragment_length makes them
  for (ByteView rest = sent; const auto record = dissect::take_record(rest);)
    if (record->type == ContentType::handshake) append(messages, record->fragment);
  note_messages(messages, verdict);
  verdict.end = end_of(peer);
  const bool has_handshake_secret = !peer.server_handshake_secret().empty();
  verdict.answered = verdict.answered || has_handshake_secret;
  if (role == stacks::Role::server && has_handshake_secret)
    verdict.application_protocol =
        application_protocol_in(sent, verdict.cipher_suite, peer.server_handshake_secret()).value_or("(unreadable)");
  verdict.alert = peer.alert_sent();
  verdict.peer = &peer;
  return verdict;
}

std::string describe_outcome(const Verdict& verdict) {
  std::string line;
  if (verdict.retried) line += "retried, ";
  if (verdict.answered) line += "answered, ";
  line += name_of(verdict.end);
  if (verdict.alert) line.append(", ").append(alert_name(static_cast<AlertDescription>(verdict.alert->description)));
  return line;
}

std::string describe(const Verdict& verdict) {
  std::string line;
  if (verdict.retried) line += "retried, ";
  if (verdict.answered) line += "answered, ";
  if (verdict.version != ProtocolVersion{}) line += std::string(name_of(verdict.version)) + ", ";
  if (verdict.cipher_suite != CipherSuite{})
    line += std::string(name_of(verdict.cipher_suite)) + ", " + std::string(name_of(verdict.group)) + ", ";
  if (!verdict.application_protocol.empty()) line += verdict.application_protocol + ", ";
  line += name_of(verdict.end);
  if (verdict.alert) {
    line += ", alert " + std::to_string(verdict.alert->description) + " ";
    line += alert_name(static_cast<AlertDescription>(verdict.alert->description));
  } else if (verdict.end == End::rejected) {
    line += ", no alert";
  }
  if (verdict.end != End::waiting && verdict.peer != nullptr) line += " (" + verdict.peer->failure() + ")";
  return line;
}

}  // namespace tocsin::differential
