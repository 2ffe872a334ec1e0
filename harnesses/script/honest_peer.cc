#include "harnesses/script/honest_peer.h"

#include "harnesses/script/tls12/honest_peer.h"
#include "harnesses/script/tls13/honest_peer.h"

namespace tocsin::script {

void HonestPeer::take_messages(ByteView content) {
  append(messages_in_, content);
  ByteView rest = messages_in_;
  while (const auto message = dissect::take_message(rest)) take_message(*message);
  messages_in_.erase(messages_in_.begin(), messages_in_.end() - static_cast<std::ptrdiff_t>(rest.size()));
}

std::optional<SignatureScheme> own_scheme_of(const ScriptedPeerConfig& config) {
  if (!config.certificate) return std::nullopt;
  const auto version = config.version == ProtocolVersion::tls13 ? ProtocolVersion::tls13 : ProtocolVersion::tls12;
  for (const SignatureScheme scheme : ClientConfig{}.signature_schemes)
    if (config.certificate->key->can_sign_with(scheme, version)) return scheme;
  return std::nullopt;
}

std::unique_ptr<HonestPeer> make_honest_peer(const ScriptedPeerConfig& config) {
  if (config.version == ProtocolVersion::tls12) return std::make_unique<tls12::HonestPeer>(config);
  return std::make_unique<tls13::HonestPeer>(config);
}

}  // namespace tocsin::script
