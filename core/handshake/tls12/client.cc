// The client's transitions of TLS 1.2 (RFC 5246 section 7.3), from the ServerHello that chose it.
#include "core/handshake/tls12/client.h"

#include <algorithm>

#include "core/handshake/authentication.h"
#include "core/handshake/record_limits.h"
#include "core/handshake/tls12/client_resumption.h"
#include "core/handshake/tls12/keys.h"
#include "core/handshake/tls12/negotiation.h"
#include "core/wire/tls12/server_hello.h"

namespace tocsin::handshake::tls12::client {
namespace {

bool ends_with(const wire::Random& random, const DowngradeSentinel& sentinel) {
  return std::equal(sentinel.begin(), sentinel.end(), random.end() - sentinel.size());
}

Result<Done> check_server_hello(const ClientOffer& offer, const ClientSession* offered, const wire::tls12::ServerHello& message,
                                Transport transport) {
  const ClientConfig& config = *offer.config;
  if (message.server_version != static_cast<std::uint16_t>(tls12_over(transport))) return Fatal{Reason::version_unsupported};
  // RFC 9846 4.2.3: neither sentinel. The signature of the ServerKeyExchange covers the random, so who stands in between cannot
  // hide them.
  const bool is_told =
      ends_with(message.random, downgrade_sentinel_of_tls12) || ends_with(message.random, downgrade_sentinel_of_tls11);
  if (transport == Transport::stream && is_enabled(config, ProtocolVersion::tls13) && is_told)
    //= RFC 9846 4.2.3 //# TLS 1.3 clients receiving a ServerHello indicating TLS 1.2 or below MUST check that the last 8 bytes are not equal to either of these values.
    //= RFC 9846 4.2.3 //# If a match is found, the client MUST abort the handshake with an "illegal_parameter"
    return Fatal{Reason::downgrade_detected};
  // RFC 5246 7.4.1.3: an echo would resume a session, and none was offered.
  if (offer.session_id_bytes != 0 && offered == nullptr && client_resumed::echoes_session_id(offer, message))
    return Fatal{Reason::session_id_echo_wrong};
  if (version_of(message.cipher_suite) != ProtocolVersion::tls12 ||
      std::ranges::find(config.cipher_suites, message.cipher_suite) == config.cipher_suites.end())
    return Fatal{Reason::cipher_suite_not_offered};
  if (message.compression_method != 0) return Fatal{Reason::compression_invalid};
  return Done{};
}

Result<Done> check_extensions(const ClientOffer& offer, const wire::tls12::ServerHello& message, UnixSeconds date) {
  constexpr std::uint8_t uncompressed = 0;
  if (message.server_name && !offer.sends_name) return Fatal{Reason::extension_unsolicited};
  if (message.session_ticket && !keeps_sessions(*offer.config, date)) return Fatal{Reason::extension_unsolicited};
  if (message.ec_point_formats && std::ranges::find(*message.ec_point_formats, uncompressed) == message.ec_point_formats->end())
    return Fatal{Reason::point_formats_invalid};  // RFC 8422 5.2
  if (!message.renegotiated_connection) return Fatal{Reason::renegotiation_info_missing};
  if (!message.renegotiated_connection->empty()) return Fatal{Reason::renegotiation_info_invalid};
  if (!message.extended_master_secret && offer.config->extended_master_secret == ExtendedMasterSecret::required)
    return Fatal{Reason::extended_master_secret_missing};
  return Done{};
}

/// What may be kept of a full handshake. RFC 7627 5.4: not without extended_master_secret.
std::unique_ptr<ClientSession> new_session(const ClientOffer& offer, const wire::tls12::ServerHello& message,
                                           const Negotiated& negotiated, UnixSeconds date) {
  if (!keeps_sessions(*offer.config, date) || !message.extended_master_secret) return nullptr;
  const auto granted = static_cast<MaxFragmentLength>(message.max_fragment_length.value_or(0));
  auto kept = std::make_unique<ClientSession>();
  kept->session = {negotiated.version, negotiated.cipher_suite, granted, {}, date, offer.name, {}};
  kept->max_fragment_length_asked = offer.config->max_fragment_length;
  if (!message.session_ticket) kept->id.assign(message.session_id.begin(), message.session_id.end());  // RFC 5077 3.4
  kept->until = later(date, session_lifetime_s(*offer.config));
  return kept;
}

/// RFC 9146 3. It cannot be declined any more, so one that is too long ends the handshake.
Result<Done> take_connection_id(const ClientConfig& config, const wire::tls12::ServerHello& message, const Context& context,
                                Negotiated& negotiated) {
  if (!message.connection_id) return Done{};
  if (!context.connection_id) return Fatal{Reason::extension_unsolicited};
  if (message.connection_id->size() > peer_connection_id_bytes_max(config)) return Fatal{Reason::connection_id_too_long};
  note_connection_ids(*context.connection_id, *message.connection_id, negotiated);
  return Done{};
}

Result<Done> send_certificate(Progress& progress, const CertificateChoice& answer, Effects& effects) {
  static const std::vector<Bytes> none;
  const bool has_one = answer.certificate != nullptr;
  const std::vector<Bytes>& chain = has_one ? answer.certificate->chain : none;
  if (has_one) {
    progress.negotiated.client_certificate = chain.front();
    progress.negotiated.client_signature_scheme = answer.scheme;
  }
  return progress.transcript.add_sent(effects.send_with([&](Writer& out) { wire::tls12::encode_certificate(chain, out); }));
}

Result<Done> send_certificate_verify(const CertificateChoice& answer, Transcript& transcript, Effects& effects) {
  if (answer.certificate == nullptr) return Done{};
  Bytes signature;
  TOCSIN_TRY(answer.certificate->key->sign(answer.scheme, transcript.kept(), signature));
  return transcript.add_sent(effects.send(wire::CertificateVerify{answer.scheme, signature}));
}

using WaitFlight4 = std::variant<WaitNewSessionTicket, WaitChangeCipherSpec>;

WaitFlight4 wait_for_flight(Progress progress, PendingKeys keys, const CertificateChoice* answer) {
  if (progress.session) {
    progress.session->session.master = keys.secrets.master;
    progress.session->own_certificate = keys.negotiated.client_certificate;
    progress.session->asks_for_certificate = answer != nullptr;
  }
  if (progress.promises_ticket)
    return WaitNewSessionTicket{std::move(progress.offer.config), std::move(keys), std::move(progress.session)};
  return WaitChangeCipherSpec{std::move(progress.offer.config), std::move(keys), std::move(progress.session)};
}

/// RFC 5246 7.3: [Certificate], ClientKeyExchange, [CertificateVerify], change_cipher_spec, Finished.
Result<WaitFlight4> send_flight(Progress progress, ByteView server_public_key, const CertificateChoice* answer,
                                Effects& effects) {
  const ClientConfig& config = *progress.offer.config;
  Provider& provider = *config.provider;
  TOCSIN_TRY_SET(const auto key_pair, provider.generate(progress.negotiated.group));
  TOCSIN_TRY_SET(const Secret premaster, key_pair->derive(server_public_key));
  if (answer != nullptr) TOCSIN_TRY(send_certificate(progress, *answer, effects));
  TOCSIN_TRY(progress.transcript.add_sent(effects.send(wire::tls12::ClientKeyExchange{key_pair->public_key()})));
  TOCSIN_TRY_SET(PendingKeys keys, derive_keys(config, Role::client, std::move(progress.transcript), progress.randoms,
                                               progress.master_secret, premaster, std::move(progress.negotiated), effects));
  if (answer != nullptr) TOCSIN_TRY(send_certificate_verify(*answer, keys.transcript, effects));
  keys.transcript.stop_keeping();
  TOCSIN_TRY(send_finished(provider, Role::client, keys, effects));
  return wait_for_flight(std::move(progress), std::move(keys), answer);
}

}  // namespace

Result<Begun> begin(ClientOffer offer, std::unique_ptr<ClientSession> offered, Transcript transcript, const Context& context,
                    Effects& effects) {
  TOCSIN_TRY_SET(const wire::tls12::ServerHello message, wire::tls12::decode_server_hello(context.body()));
  TOCSIN_TRY(check_server_hello(offer, offered.get(), message, context.transport));
  TOCSIN_TRY(check_extensions(offer, message, context.date));
  const ClientConfig& config = *offer.config;
  Progress progress;
  progress.randoms = {offer.random, message.random};
  progress.master_secret = message.extended_master_secret ? MasterSecret::extended : MasterSecret::classic;
  progress.negotiated.version = tls12_over(context.transport);
  progress.negotiated.cipher_suite = message.cipher_suite;
  progress.negotiated.server_name = offer.sends_name ? offer.name : std::string{};
  if (message.application_protocol) {
    TOCSIN_TRY_SET(progress.negotiated.application_protocol, selected_protocol(config, *message.application_protocol));
  }
  const bool is_resumed = client_resumed::is_resumed(offer, offered.get(), message);
  TOCSIN_TRY(is_resumed ? resume_record_limits(config, progress.negotiated.version, offered->session.max_fragment_length,
                                               message, effects)
                        : take_record_limits(config, progress.negotiated.version, message, effects));
  TOCSIN_TRY(take_connection_id(config, message, context, progress.negotiated));
  if (is_resumed) {
    TOCSIN_TRY_SET(auto next, client_resumed::begin(std::move(offer), std::move(offered), std::move(transcript), message,
                                                    std::move(progress.negotiated), context, effects));
    return std::visit([](auto& state) { return Begun(std::move(state)); }, next);
  }
  progress.session = new_session(offer, message, progress.negotiated, context.date);
  progress.promises_ticket = message.session_ticket;
  progress.transcript = std::move(transcript);
  TOCSIN_TRY(progress.transcript.start_and_keep(*config.provider, hash_of(message.cipher_suite),
                                                transcript_form_of(progress.negotiated.version)));
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  progress.offer = std::move(offer);
  return Begun(WaitCertificate{std::move(progress)});
}

To<WaitServerKeyExchange> on(WaitCertificate state, const wire::tls12::Certificate& message, const Context& context, Effects&) {
  Progress& progress = state.progress;
  if (message.certificate_list.empty()) return Fatal{Reason::certificate_list_empty};
  const std::vector<ByteView> chain(message.certificate_list.begin(), message.certificate_list.end());
  const ClientOffer& offer = progress.offer;
  TOCSIN_TRY_SET(auto server_key, offer.config->verifier->verify(chain, offer.name, context.date));
  if (progress.session)
    for (const ByteView certificate : chain)
      progress.session->session.peer_chain.emplace_back(certificate.begin(), certificate.end());
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  return {WaitServerKeyExchange{std::move(progress), std::move(server_key)}};
}

To<WaitServerHelloDone> on(WaitServerKeyExchange state, const wire::tls12::ServerKeyExchange& message, const Context& context,
                           Effects&) {
  Progress& progress = state.progress;
  const ClientConfig& config = *progress.offer.config;
  const auto& [group, public_key] = message.params;
  if (std::ranges::find(config.groups, group) == config.groups.end()) return Fatal{Reason::group_not_offered};
  if (!signs_for(message.algorithm, progress.negotiated.cipher_suite)) return Fatal{Reason::certificate_key_wrong};
  TOCSIN_TRY(verify_proof(config, *state.server_key, ProtocolVersion::tls12,
                          server_key_exchange_content(progress.randoms, group, public_key),
                          {message.algorithm, message.signature}));
  progress.negotiated.group = group;
  progress.negotiated.signature_scheme = message.algorithm;
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  return {WaitServerHelloDone{std::move(progress), Bytes(public_key.begin(), public_key.end())}};
}

To<WaitServerHelloDoneAfterRequest> on(WaitServerHelloDone state, const wire::tls12::CertificateRequest& message,
                                       const Context& context, Effects&) {
  Progress& progress = state.progress;
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  const auto can_sign = [&](const CertifiedKey& certificate, SignatureScheme scheme) {
    return is_of_requested_type(scheme, message.certificate_types) &&
           certificate.key->can_sign_with(scheme, ProtocolVersion::tls12);
  };
  // What is chosen lives as long as the configuration, which the state holds.
  const auto& schemes = message.supported_signature_algorithms;
  const CertificateChoice answer = choose_certificate(*progress.offer.config, {schemes, schemes}, can_sign);
  return {WaitServerHelloDoneAfterRequest{std::move(progress), std::move(state.server_public_key), answer}};
}

To<WaitNewSessionTicket, WaitChangeCipherSpec> on(WaitServerHelloDone state, const wire::tls12::ServerHelloDone&,
                                                  const Context& context, Effects& effects) {
  TOCSIN_TRY(state.progress.transcript.add_received(context.message));
  return send_flight(std::move(state.progress), state.server_public_key, nullptr, effects);
}

To<WaitNewSessionTicket, WaitChangeCipherSpec> on(WaitServerHelloDoneAfterRequest state, const wire::tls12::ServerHelloDone&,
                                                  const Context& context, Effects& effects) {
  TOCSIN_TRY(state.progress.transcript.add_received(context.message));
  return send_flight(std::move(state.progress), state.server_public_key, &state.answer, effects);
}

To<WaitChangeCipherSpec> on(WaitNewSessionTicket state, const wire::tls12::NewSessionTicket& message, const Context& context,
                            Effects&) {
  TOCSIN_TRY(state.keys.transcript.add_received(context.message));
  if (state.session) client_resumed::take_ticket(*state.config, message, context.date, *state.session);
  return {WaitChangeCipherSpec{std::move(state.config), std::move(state.keys), std::move(state.session)}};
}

To<WaitFinished> on(WaitChangeCipherSpec state, const wire::ChangeCipherSpec&, const Context&, Effects& effects) {
  TOCSIN_TRY(install_read(*state.config->provider, state.keys, effects));
  return {WaitFinished{std::move(state.config), std::move(state.keys), std::move(state.session)}};
}

To<Connected> on(WaitFinished state, const wire::Finished& message, const Context& context, Effects& effects) {
  TOCSIN_TRY(take_finished(*state.config->provider, Role::server, state.keys, message.verify_data, context.message));
  client_resumed::keep(*state.config, state.session.get(), effects);
  effects.add(Raise{Event::handshake_complete});
  return {Connected{std::move(state.config), established_by(std::move(state.keys))}};
}

// RFC 5246 7.4.1.1: a server that asks for renegotiation is refused with a warning, which it may as well not get.
To<Connected> on(Connected state, const wire::tls12::HelloRequest&, const Context&, Effects& effects) {
  if (!state.established.closed_for_writing) effects.add(SendAlert{AlertDescription::no_renegotiation});
  return {std::move(state)};
}

}  // namespace tocsin::handshake::tls12::client
