// The server's transitions of a resumed handshake of TLS 1.2 (RFC 5246 section 7.3).
#include "core/handshake/tls12/server_resumption.h"

#include <algorithm>

#include "core/handshake/record_limits.h"
#include "core/handshake/tickets.h"
#include "core/handshake/tls12/keys.h"
#include "core/handshake/tls12/negotiation.h"
#include "core/handshake/tls12/server_hello.h"

namespace tocsin::handshake::tls12::server_resumed {
namespace {

using server::makes_tickets;

/// As the client brought it, or as the store has it under the session's id.
Result<std::optional<Found>> look_up(const ServerConfig& config, UnixSeconds now, const wire::ClientHello& hello) {
  SecretBytes encoded;
  Bytes store_key;
  if (hello.session_ticket && !hello.session_ticket->empty() && makes_tickets(config, now)) {
    // RFC 5077 3.4: beside a ticket the session id says nothing.
    const TicketKeys keys{*config.provider, config.ticket_secret, session_lifetime_s(config)};
    TOCSIN_TRY_SET(auto opened, open_ticket(keys, *hello.session_ticket, now));
    if (opened) encoded = std::move(*opened);
  } else if (!hello.legacy_session_id.empty() && keeps_sessions(config, now)) {
    store_key = key_of_server_session(hello.legacy_session_id);
    encoded = config.sessions->find(store_key);
  }
  auto session = decode_session(encoded.view());
  if (!session) return std::optional<Found>{};
  return std::optional<Found>(Found{std::move(*session), std::move(store_key)});
}

/// Whether the session says of the client what a full handshake would. Reason: crypto_failed.
Result<bool> authenticates_as_wanted(const ServerConfig& config, const Session& session, UnixSeconds now) {
  const ClientAuthentication wanted = config.client_authentication;
  if (session.peer_chain.empty()) return wanted != ClientAuthentication::required;
  if (wanted == ClientAuthentication::none) return false;
  const std::vector<ByteView> chain(session.peer_chain.begin(), session.peer_chain.end());
  const auto verified = config.client_verifier->verify(chain, now);
  if (!verified && verified.error().why == Reason::crypto_failed) return verified.error();
  return bool(verified);
}

bool is_wanted(const ServerConfig& config, const wire::ClientHello& hello, CipherSuite suite) {
  return hello.cipher_suites.contains(suite) && std::ranges::find(config.cipher_suites, suite) != config.cipher_suites.end();
}

Negotiated negotiated_again(const Session& session, std::string application_protocol) {
  Negotiated negotiated;
  negotiated.version = session.version;
  negotiated.cipher_suite = session.cipher_suite;
  negotiated.application_protocol = std::move(application_protocol);
  negotiated.server_name = session.server_name;
  negotiated.resumed = true;
  if (!session.peer_chain.empty()) negotiated.client_certificate = session.peer_chain.front();
  return negotiated;
}

}  // namespace

Result<std::optional<Found>> find_session(const ServerConfig& config, const wire::ClientHello& hello, const Context& context) {
  TOCSIN_TRY_SET(auto found, look_up(config, context.date, hello));
  if (!found) return std::optional<Found>{};
  const Session& session = found->session;
  if (session.version != tls12_over(context.transport) || !is_alive(session, config, context.date) ||
      session.server_name != server_name_of(hello) || !is_wanted(config, hello, session.cipher_suite) ||
      session.max_fragment_length != granted_max_fragment_length(config, hello))
    return std::optional<Found>{};
  TOCSIN_TRY_SET(const bool authenticates, authenticates_as_wanted(config, session, context.date));
  if (!authenticates) return std::optional<Found>{};
  if (!hello.extended_master_secret) return Fatal{Reason::extended_master_secret_changed};  // RFC 7627 5.3
  return found;
}

Result<WaitChangeCipherSpec> resume(Config config, const wire::ClientHello& hello, const HandshakeMessage& message, Found found,
                                    const Context& context, Effects& effects) {
  const Session& session = found.session;
  Provider& provider = *config->provider;
  TOCSIN_TRY_SET(std::string protocol, choose_application_protocol(*config, hello));
  Randoms randoms{hello.random, {}};
  TOCSIN_TRY_SET(randoms.server, server::make_random(*config, context.transport));
  // A session of the store, and a client that would rather have a ticket.
  const bool gives_ticket = hello.session_ticket && hello.session_ticket->empty() && makes_tickets(*config, context.date);
  Transcript transcript(context.next_message_seq);
  TOCSIN_TRY(transcript.add_received(message));
  TOCSIN_TRY(transcript.start(provider, hash_of(session.cipher_suite), transcript_form_of(session.version)));
  // RFC 6066 3: a resumed session does not acknowledge the name.
  const server::HelloChoices choices{.suite = session.cipher_suite,
                                     .application_protocol = bytes_of(protocol),
                                     .session_id = hello.legacy_session_id,
                                     .acknowledges_name = false,
                                     .promises_ticket = gives_ticket,
                                     .is_resumed = true};
  TOCSIN_TRY(server::send_server_hello(*config, hello, choices, randoms.server, transcript, context, effects));
  if (gives_ticket) TOCSIN_TRY(server::send_ticket(*config, session, context.date, transcript, effects));
  Negotiated negotiated = negotiated_again(session, protocol);
  server::take_connection_id(hello, context, negotiated);
  TOCSIN_TRY_SET(PendingKeys keys, resume_keys(*config, Role::server, std::move(transcript), randoms, session.master,
                                               std::move(negotiated), effects));
  TOCSIN_TRY(send_finished(provider, Role::server, keys, effects));
  if (!found.store_key.empty()) effects.add(PendingSession{std::move(found.store_key)});
  return WaitChangeCipherSpec{std::move(config), std::move(keys)};
}

To<WaitFinished> on(WaitChangeCipherSpec state, const wire::ChangeCipherSpec&, const Context&, Effects& effects) {
  TOCSIN_TRY(install_read(*state.config->provider, state.keys, effects));
  return {WaitFinished{std::move(state.config), std::move(state.keys)}};
}

To<server::Connected> on(WaitFinished state, const wire::Finished& message, const Context& context, Effects& effects) {
  TOCSIN_TRY(take_finished(*state.config->provider, Role::client, state.keys, message.verify_data, context.message));
  effects.add(Raise{Event::handshake_complete});
  return {server::Connected{std::move(state.config), established_by(std::move(state.keys))}};
}

}  // namespace tocsin::handshake::tls12::server_resumed
