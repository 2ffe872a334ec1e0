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

std::optional<SignatureScheme> HonestPeer::own_scheme() const {
  if (!config_.certificate) return std::nullopt;
  for (const SignatureScheme scheme : ClientConfig{}.signature_schemes)
    if (config_.certificate->key->can_sign_with(scheme, config_.version)) return scheme;
  return std::nullopt;
}

std::unique_ptr<HonestPeer> make_honest_peer(const ScriptedPeerConfig& config) {
  if (config.version == ProtocolVersion::tls12) return std::make_unique<tls12::HonestPeer>(config);
  return std::make_unique<tls13::HonestPeer>(config);
}

}  // namespace tocsin::script
