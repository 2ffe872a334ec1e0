// The server's transitions of TLS 1.2 (RFC 5246 section 7.3), from the ClientHello that it was chosen for.
#include "core/handshake/tls12/server.h"

#include <algorithm>

#include "core/handshake/authentication.h"
#include "core/handshake/tls12/keys.h"
#include "core/handshake/tls12/negotiation.h"
#include "core/handshake/tls12/server_hello.h"
#include "core/handshake/tls12/server_resumption.h"

namespace tocsin::handshake::tls12::server {
namespace {

Result<Done> send_server_key_exchange(const Progress& progress, const CertificateChoice& certificate, Transcript& transcript,
                                      Effects& effects) {
  const NamedGroup group = progress.key_pair->group();
  const ByteView public_key = progress.key_pair->public_key();
  Bytes signature;
  TOCSIN_TRY(certificate.certificate->key->sign(certificate.scheme,
                                                server_key_exchange_content(progress.randoms, group, public_key), signature));
  return transcript.add_sent(effects.send(wire::tls12::ServerKeyExchange{{group, public_key}, certificate.scheme, signature}));
}

// RFC 5246 7.4.4, RFC 8422 5.5.
Result<Done> send_certificate_request(const ServerConfig& config, Transcript& transcript, Effects& effects) {
  static constexpr std::array<std::uint8_t, 2> certificate_types{ecdsa_sign, rsa_sign};
  Bytes schemes;
  Writer out(schemes);
  for (const SignatureScheme scheme : config.signature_schemes) out.u16(static_cast<std::uint16_t>(scheme));
  return transcript.add_sent(
      effects.send(wire::tls12::CertificateRequest{certificate_types, CodeList<SignatureScheme>(schemes), {}}));
}

using WaitFlight2 = std::variant<WaitCertificate, WaitClientKeyExchange>;

/// The whole flight from ServerHello to ServerHelloDone.
Result<WaitFlight2> send_flight(Config config, const wire::ClientHello& hello, const HandshakeMessage& message,
                                const Context& context, Effects& effects) {
  TOCSIN_TRY_SET(const Choices choices, negotiate(*config, hello));
  Provider& provider = *config->provider;
  Progress progress;
  progress.master_secret = hello.extended_master_secret ? MasterSecret::extended : MasterSecret::classic;
  progress.randoms.client = hello.random;
  TOCSIN_TRY_SET(progress.randoms.server, make_random(*config, context.transport));
  TOCSIN_TRY_SET(progress.key_pair, provider.generate(choices.group));
  TOCSIN_TRY_SET(progress.issuance, choose_issuance(*config, hello, context.date));

  const bool asks = config->client_authentication != ClientAuthentication::none;
  progress.negotiated.version = tls12_over(context.transport);
  progress.transcript = Transcript(context.next_message_seq);
  Transcript& transcript = progress.transcript;
  TOCSIN_TRY(transcript.add_received(message));
  const HashAlgorithm hash = hash_of(choices.suite);
  const TranscriptForm form = transcript_form_of(progress.negotiated.version);
  TOCSIN_TRY(asks ? transcript.start_and_keep(provider, hash, form) : transcript.start(provider, hash, form));
  // RFC 6066 3: the name is acknowledged only if it decided something.
  const HelloChoices said{.suite = choices.suite,
                          .application_protocol = bytes_of(choices.application_protocol),
                          .session_id = progress.issuance.id,
                          .acknowledges_name = acknowledges_server_name(*config, hello),
                          .promises_ticket = progress.issuance.what == Issue::ticket,
                          .is_resumed = false};
  TOCSIN_TRY(send_server_hello(*config, hello, said, progress.randoms.server, transcript, context, effects));
  TOCSIN_TRY(transcript.add_sent(
      effects.send_with([&](Writer& out) { wire::tls12::encode_certificate(choices.certificate.certificate->chain, out); })));
  TOCSIN_TRY(send_server_key_exchange(progress, choices.certificate, transcript, effects));
  if (asks) TOCSIN_TRY(send_certificate_request(*config, transcript, effects));
  TOCSIN_TRY(transcript.add_sent(effects.send(wire::tls12::ServerHelloDone{})));

  progress.negotiated.cipher_suite = choices.suite;
  progress.negotiated.group = choices.group;
  progress.negotiated.signature_scheme = choices.certificate.scheme;
  progress.negotiated.application_protocol = choices.application_protocol;
  progress.negotiated.server_name = server_name_of(hello);
  take_connection_id(hello, context, progress.negotiated);
  progress.config = std::move(config);
  return asks ? WaitFlight2(WaitCertificate{std::move(progress)})
              : WaitFlight2(WaitClientKeyExchange{std::move(progress), nullptr});
}

/// What the next connection may resume. date: of this handshake's end.
Session session_of(const PendingKeys& keys, TicketIssuance& issuance, UnixSeconds date) {
  return {.version = keys.negotiated.version,
          .cipher_suite = keys.negotiated.cipher_suite,
          .max_fragment_length = issuance.max_fragment_length,
          .master = keys.secrets.master,
          .since = date,
          .server_name = keys.negotiated.server_name,
          .peer_chain = std::move(issuance.chain)};
}

/// Before the Finished: the ticket is in the transcript.
Result<Done> issue(const ServerConfig& config, TicketIssuance& issuance, PendingKeys& keys, UnixSeconds date,
                   Effects& effects) {
  if (issuance.what == Issue::nothing) return Done{};
  const Session session = session_of(keys, issuance, date);
  if (issuance.what == Issue::ticket) return send_ticket(config, session, date, keys.transcript, effects);
  SecretBytes encoded = encode_session(session);
  if (!keeps_sessions(config, date) || encoded.view().size() > config.limits.session_bytes_max) return Done{};
  const UnixSeconds until = later(date, session_lifetime_s(config));
  effects.add(StoreSession{key_of_server_session(issuance.id), std::move(encoded), until});
  return Done{};
}

}  // namespace

Result<Answered> answer(Config config, const wire::ClientHello& hello, const HandshakeMessage& message, const Context& context,
                        Effects& effects) {
  TOCSIN_TRY(check_client_hello(*config, hello));
  TOCSIN_TRY_SET(auto found, server_resumed::find_session(*config, hello, context));
  if (found) {
    TOCSIN_TRY_SET(auto next, server_resumed::resume(std::move(config), hello, message, std::move(*found), context, effects));
    return Answered(std::move(next));
  }
  TOCSIN_TRY_SET(auto next, send_flight(std::move(config), hello, message, context, effects));
  return std::visit([](auto& state) { return Answered(std::move(state)); }, next);
}

To<WaitClientKeyExchange> on(WaitCertificate state, const wire::tls12::Certificate& message, const Context& context, Effects&) {
  Progress& progress = state.progress;
  const ServerConfig& config = *progress.config;
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  if (message.certificate_list.empty()) {  // RFC 5246 7.4.6
    if (config.client_authentication == ClientAuthentication::required) return Fatal{Reason::client_certificate_missing};
    progress.transcript.stop_keeping();
    return {WaitClientKeyExchange{std::move(progress), nullptr}};
  }
  const std::vector<ByteView> chain(message.certificate_list.begin(), message.certificate_list.end());
  TOCSIN_TRY_SET(auto client_key, config.client_verifier->verify(chain, context.date));
  progress.negotiated.client_certificate.assign(chain.front().begin(), chain.front().end());
  if (progress.issuance.what != Issue::nothing)
    for (const ByteView certificate : chain) progress.issuance.chain.emplace_back(certificate.begin(), certificate.end());
  return {WaitClientKeyExchange{std::move(progress), std::move(client_key)}};
}

To<WaitCertificateVerify, WaitChangeCipherSpec> on(WaitClientKeyExchange state, const wire::tls12::ClientKeyExchange& message,
                                                   const Context& context, Effects& effects) {
  Progress& progress = state.progress;
  TOCSIN_TRY_SET(const Secret premaster, progress.key_pair->derive(message.public_key));
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  TOCSIN_TRY_SET(PendingKeys keys, derive_keys(*progress.config, Role::server, std::move(progress.transcript), progress.randoms,
                                               progress.master_secret, premaster, std::move(progress.negotiated), effects));
  if (state.client_key)
    return {WaitCertificateVerify{std::move(progress.config), std::move(keys), std::move(state.client_key),
                                  std::move(progress.issuance)}};
  return {WaitChangeCipherSpec{std::move(progress.config), std::move(keys), std::move(progress.issuance)}};
}

// RFC 5246 7.4.8: over all messages so far, with the hash that the scheme names.
To<WaitChangeCipherSpec> on(WaitCertificateVerify state, const wire::CertificateVerify& message, const Context& context,
                            Effects&) {
  PendingKeys& keys = state.keys;
  TOCSIN_TRY(verify_proof(*state.config, *state.client_key, ProtocolVersion::tls12, keys.transcript.kept(), message));
  keys.negotiated.client_signature_scheme = message.algorithm;
  keys.transcript.stop_keeping();
  TOCSIN_TRY(keys.transcript.add_received(context.message));
  return {WaitChangeCipherSpec{std::move(state.config), std::move(keys), std::move(state.issuance)}};
}

To<WaitFinished> on(WaitChangeCipherSpec state, const wire::ChangeCipherSpec&, const Context&, Effects& effects) {
  TOCSIN_TRY(install_read(*state.config->provider, state.keys, effects));
  return {WaitFinished{std::move(state.config), std::move(state.keys), std::move(state.issuance)}};
}

To<Connected> on(WaitFinished state, const wire::Finished& message, const Context& context, Effects& effects) {
  Provider& provider = *state.config->provider;
  TOCSIN_TRY(take_finished(provider, Role::client, state.keys, message.verify_data, context.message));
  TOCSIN_TRY(issue(*state.config, state.issuance, state.keys, context.date, effects));
  TOCSIN_TRY(send_finished(provider, Role::server, state.keys, effects));
  effects.add(Raise{Event::handshake_complete});
  return {Connected{std::move(state.config), established_by(std::move(state.keys))}};
}

// RFC 5246 7.2.2: renegotiation is refused with a warning; the client decides whether it goes on.
//= RFC 9846 4.2.2 //# it MUST retain the previous protocol version.
//= RFC 9846 4.2.2 //# In particular, it MUST NOT negotiate TLS 1.3.
//= RFC 5246 7.2.2 //# This message is always a warning.
To<Connected> on(Connected state, const wire::ClientHello&, const Context&, Effects& effects) {
  if (!state.established.closed_for_writing) effects.add(SendAlert{AlertDescription::no_renegotiation});
  return {std::move(state)};
}

}  // namespace tocsin::handshake::tls12::server
