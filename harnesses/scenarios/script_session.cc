#include "harnesses/scenarios/script_session.h"

namespace tocsin::harness {

namespace {

script::Script full_handshake(const script::ScriptedPeerConfig& config) {
  using script::What;
  std::vector<What> whats;
  if (config.role == stacks::Role::server) {
    whats = {What::hello, What::certificate, What::server_key_exchange, What::server_hello_done};
    if (config.begins_session == script::SessionBy::ticket) whats.push_back(What::new_session_ticket);
  } else if (config.client_authentication == ClientAuthentication::none) {
    whats = {What::hello, What::client_key_exchange};
  } else if (config.certificate) {
    whats = {What::hello, What::certificate, What::client_key_exchange, What::certificate_verify};
  } else {
    whats = {What::hello, What::certificate, What::client_key_exchange};
  }
  for (const What last : {What::change_cipher_spec, What::finished, What::end_closes, What::alert}) whats.push_back(last);
  script::Script script;
  for (const What what : whats) script.push_back({.what = what});
  const bool is_server = config.role == stacks::Role::server;
  if (is_server && config.begins_session == script::SessionBy::ticket) script.front().argument = script::promises_ticket;
  return script;
}

}  // namespace

script::SessionBy session_by(const Input& input, ProtocolVersion version) {
  if (version != ProtocolVersion::tls12) return script::SessionBy::none;
  constexpr script::SessionBy ways[] = {script::SessionBy::none, script::SessionBy::ticket, script::SessionBy::id,
                                        script::SessionBy::ticket};
  return ways[input.option(Tag::resumption, 0) % 4];
}

std::shared_ptr<const script::Session> begin_session(script::ScriptedPeerConfig config, script::SessionBy by,
                                                     stacks::Peer& end) {
  config.begins_session = by;
  const script::Script script = full_handshake(config);
  script::ScriptedPeer peer(std::move(config));
  peer.play(script, end);
  return end.status() == stacks::Status::complete ? peer.session() : nullptr;
}

}  // namespace tocsin::harness
