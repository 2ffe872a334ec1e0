// The client's transitions of a resumed handshake of TLS 1.2 (RFC 5246 section 7.3).
#include "core/handshake/tls12/client_resumption.h"

#include <algorithm>

#include "core/handshake/tls12/keys.h"

namespace tocsin::handshake::tls12::client_resumed {
namespace {

/// Over datagrams a server that keeps nothing reads a ClientHello only as a whole (RFC 6347 4.2.1), and so a ticket must leave
/// room for the rest of it.
bool fits(const ClientConfig& config, Transport transport, const Bytes& ticket) {
  return transport == Transport::stream || ticket.size() <= config.datagram_bytes_max / 2;
}

bool shows_the_same(const ClientConfig& config, const ClientSession& session) {
  if (session.own_certificate.empty()) return !session.asks_for_certificate || config.certificates.empty();
  return std::ranges::any_of(config.certificates,
                             [&](const auto& own) { return own->chain.front() == session.own_certificate; });
}

}  // namespace

std::unique_ptr<ClientSession> session_to_offer(const ClientConfig& config, Transport transport, std::string_view server_name,
                                                UnixSeconds now) {
  if (!keeps_sessions(config, now)) return nullptr;
  const ProtocolVersion version = tls12_over(transport);
  const SecretBytes kept = config.sessions->find(key_of_client_session(version, server_name));
  auto found = decode_client_session(kept.view());
  if (!found) return nullptr;
  const Session& session = found->session;
  const auto& suites = config.cipher_suites;
  if (session.version != version || session.server_name != server_name || !is_alive(session, config, now) ||
      now >= found->until || session.peer_chain.empty() || !fits(config, transport, found->ticket) ||
      std::ranges::find(suites, session.cipher_suite) == suites.end() || !shows_the_same(config, *found) ||
      found->max_fragment_length_asked != config.max_fragment_length)
    return nullptr;
  const std::vector<ByteView> chain(session.peer_chain.begin(), session.peer_chain.end());
  if (!config.verifier->verify(chain, server_name, now)) return nullptr;
  return std::make_unique<ClientSession>(std::move(*found));
}

bool echoes_session_id(const ClientOffer& offer, const wire::tls12::ServerHello& message) {
  return std::ranges::equal(message.session_id, ByteView(offer.session_id).first(offer.session_id_bytes));
}

bool is_resumed(const ClientOffer& offer, const ClientSession* offered, const wire::tls12::ServerHello& message) {
  return offered != nullptr && echoes_session_id(offer, message);
}

Result<Resumed> begin(ClientOffer offer, std::unique_ptr<ClientSession> offered, Transcript transcript,
                      const wire::tls12::ServerHello& message, Negotiated negotiated, const Context& context,
                      Effects& effects) {
  const ClientConfig& config = *offer.config;
  const ClientSession& session = *offered;
  if (message.cipher_suite != session.session.cipher_suite) return Fatal{Reason::session_cipher_suite_changed};
  if (!message.extended_master_secret) return Fatal{Reason::extended_master_secret_changed};
  negotiated.resumed = true;
  negotiated.client_certificate = session.own_certificate;
  TOCSIN_TRY(transcript.start(*config.provider, hash_of(message.cipher_suite), transcript_form_of(negotiated.version)));
  TOCSIN_TRY(transcript.add_received(context.message));
  TOCSIN_TRY_SET(PendingKeys keys, resume_keys(config, Role::client, std::move(transcript), {offer.random, message.random},
                                               session.session.master, std::move(negotiated), effects));
  if (message.session_ticket)
    return Resumed(WaitNewSessionTicket{std::move(offer.config), std::move(keys), std::move(offered)});
  return Resumed(WaitChangeCipherSpec{std::move(offer.config), std::move(keys), nullptr});
}

void take_ticket(const ClientConfig& config, const wire::tls12::NewSessionTicket& message, UnixSeconds now,
                 ClientSession& session) {
  if (message.ticket.empty()) return;
  session.id.clear();
  session.ticket.assign(message.ticket.begin(), message.ticket.end());
  session.until = later(session.session.since, session_lifetime_s(config));
  if (message.ticket_lifetime_hint_s != 0) session.until = std::min(session.until, later(now, message.ticket_lifetime_hint_s));
}

void keep(const ClientConfig& config, const ClientSession* session, Effects& effects) {
  if (session == nullptr || (session->id.empty() && session->ticket.empty())) return;
  SecretBytes encoded = encode_session(*session);
  if (encoded.view().size() > config.limits.session_bytes_max) return;
  effects.add(StoreSession{key_of_client_session(session->session.version, session->session.server_name), std::move(encoded),
                           session->until});
}

To<WaitChangeCipherSpec> on(WaitNewSessionTicket state, const wire::tls12::NewSessionTicket& message, const Context& context,
                            Effects&) {
  TOCSIN_TRY(state.keys.transcript.add_received(context.message));
  take_ticket(*state.config, message, context.date, *state.session);
  return {WaitChangeCipherSpec{std::move(state.config), std::move(state.keys), std::move(state.session)}};
}

To<WaitFinished> on(WaitChangeCipherSpec state, const wire::ChangeCipherSpec&, const Context&, Effects& effects) {
  TOCSIN_TRY(install_read(*state.config->provider, state.keys, effects));
  return {WaitFinished{std::move(state.config), std::move(state.keys), std::move(state.renewed)}};
}

To<client::Connected> on(WaitFinished state, const wire::Finished& message, const Context& context, Effects& effects) {
  Provider& provider = *state.config->provider;
  TOCSIN_TRY(take_finished(provider, Role::server, state.keys, message.verify_data, context.message));
  TOCSIN_TRY(send_finished(provider, Role::client, state.keys, effects));
  keep(*state.config, state.renewed.get(), effects);
  effects.add(Raise{Event::handshake_complete});
  return {client::Connected{std::move(state.config), established_by(std::move(state.keys))}};
}

}  // namespace tocsin::handshake::tls12::client_resumed
