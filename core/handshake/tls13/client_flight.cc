// The client's transitions from EncryptedExtensions on (RFC 9846 Appendix A.1).
#include <algorithm>

#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/authentication.h"
#include "core/handshake/record_limits.h"
#include "core/handshake/tls13/certificate_verify.h"
#include "core/handshake/tls13/client.h"
#include "core/handshake/tls13/keys.h"

namespace tocsin::handshake::tls13::client {
namespace {

Provider& provider_of(const Progress& progress) { return *progress.offer.config->provider; }

Result<WaitCertificateVerify> take_certificate(Progress progress, const wire::Certificate& message,
                                               std::optional<CertificateChoice> answer, const Context& context) {
  if (!message.certificate_request_context.empty()) return Fatal{Reason::certificate_context_invalid};
  //= RFC 9846 4.5.1.3 //# the client MUST abort the handshake with a "decode_error" alert.
  if (message.certificate_list.empty()) return Fatal{Reason::certificate_list_empty};
  std::vector<ByteView> chain;
  for (const wire::CertificateEntry& entry : message.certificate_list) chain.push_back(entry.cert_data);
  const ClientOffer& offer = progress.offer;
  TOCSIN_TRY_SET(auto server_key, offer.config->verifier->verify(chain, offer.name, context.date));
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  return WaitCertificateVerify{std::move(progress), std::move(server_key), answer};
}

//= RFC 9846 4.5.1 //# the client MUST send a Certificate message containing no certificates (i.e., with the
//= RFC 9846 4.5.2 //# Clients MUST send this message whenever authenticating via a certificate (i.e., when
/// The answer to a CertificateRequest: Certificate and CertificateVerify, or an empty Certificate alone (4.5.1).
Result<Done> send_authentication(Progress& progress, const CertificateChoice& answer, Effects& effects) {
  Transcript& transcript = progress.transcript;
  if (answer.certificate == nullptr) return transcript.add_sent(effects.send(wire::Certificate{}));
  const CertifiedKey& certificate = *answer.certificate;
  TOCSIN_TRY(
      transcript.add_sent(effects.send_with([&](Writer& out) { wire::encode_certificate({}, certificate.chain, out); })));
  TOCSIN_TRY_SET(const Secret signed_hash, transcript.current());
  Bytes signature;
  TOCSIN_TRY(certificate.key->sign(answer.scheme, CertificateVerifyContent(Role::client, signed_hash), signature));
  progress.negotiated.client_certificate = certificate.chain.front();
  progress.negotiated.client_signature_scheme = answer.scheme;
  return transcript.add_sent(effects.send(wire::CertificateVerify{answer.scheme, signature}));
}

/// Appendix A.1: [Certificate [CertificateVerify]] and Finished. The change_cipher_spec of E.4 went before the first of its
/// keys.
Result<Done> send_flight(Progress& progress, const std::optional<CertificateChoice>& answer, Effects& effects) {
  //= RFC 9846 4.5.1 //# The client MUST send a Certificate message if and only if the server has requested
  //= RFC 9846 4.5.1 //# A Finished message MUST be sent regardless of whether the Certificate message is empty.
  if (answer) TOCSIN_TRY(send_authentication(progress, *answer, effects));
  TOCSIN_TRY_SET(const Secret hash, progress.transcript.current());
  TOCSIN_TRY_SET(const Secret verify_data,
                 crypto::finished_verify_data(provider_of(progress), hash_of(progress.negotiated.cipher_suite),
                                              progress.secrets.client_traffic, hash));
  effects.send(wire::Finished{verify_data});
  return Done{};
}

}  // namespace

//= RFC 9846 4.3 //# Upon receiving such an extension, an endpoint MUST abort the handshake with an
//= RFC 9846 4.3.7 //# Clients MUST NOT act upon any information found in "supported_groups" prior to
To<WaitCertificateOrRequest> on(WaitEncryptedExtensions state, const wire::EncryptedExtensions& message, const Context& context,
                                Effects& effects) {
  Progress& progress = state.progress;
  const ClientConfig& config = *progress.offer.config;
  if (message.early_data) return Fatal{Reason::extension_unsolicited};
  if (message.server_name && !progress.offer.sends_name) return Fatal{Reason::extension_unsolicited};
  if (message.application_protocol) {
    TOCSIN_TRY_SET(progress.negotiated.application_protocol, selected_protocol(config, *message.application_protocol));
  }
  TOCSIN_TRY(take_record_limits(config, ProtocolVersion::tls13, message, effects));
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  return {WaitCertificateOrRequest{std::move(progress)}};
}

To<WaitCertificate> on(WaitCertificateOrRequest state, const wire::CertificateRequest& message, const Context& context,
                       Effects&) {
  if (!message.certificate_request_context.empty()) return Fatal{Reason::certificate_context_invalid};  // 4.4.2
  if (!message.signature_algorithms) return Fatal{Reason::extension_missing};                           // 4.4.2
  TOCSIN_TRY(state.progress.transcript.add_received(context.message));
  const auto can_sign = [](const CertifiedKey& certificate, SignatureScheme scheme) {
    return certificate.key->can_sign_with(scheme, ProtocolVersion::tls13);
  };
  // What is chosen lives as long as the configuration, which the state holds.
  const AcceptedSchemes accepted{*message.signature_algorithms,
                                 message.signature_algorithms_cert.value_or(*message.signature_algorithms)};
  const CertificateChoice answer = choose_certificate(*state.progress.offer.config, accepted, can_sign);
  return {WaitCertificate{std::move(state.progress), answer}};
}

To<WaitCertificateVerify> on(WaitCertificateOrRequest state, const wire::Certificate& message, const Context& context,
                             Effects&) {
  TOCSIN_TRY_SET(auto next, take_certificate(std::move(state.progress), message, std::nullopt, context));
  return {std::move(next)};
}

To<WaitCertificateVerify> on(WaitCertificate state, const wire::Certificate& message, const Context& context, Effects&) {
  TOCSIN_TRY_SET(auto next, take_certificate(std::move(state.progress), message, state.answer, context));
  return {std::move(next)};
}

To<WaitFinished> on(WaitCertificateVerify state, const wire::CertificateVerify& message, const Context& context, Effects&) {
  Progress& progress = state.progress;
  TOCSIN_TRY_SET(const Secret hash, progress.transcript.current());
  TOCSIN_TRY(verify_proof(*progress.offer.config, *state.server_key, ProtocolVersion::tls13,
                          CertificateVerifyContent(Role::server, hash), message));
  progress.negotiated.signature_scheme = message.algorithm;
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  return {WaitFinished{std::move(progress), state.answer}};
}

To<Connected> on(WaitFinished state, const wire::Finished& message, const Context& context, Effects& effects) {
  Progress& progress = state.progress;
  Provider& provider = provider_of(progress);
  const ClientConfig& config = *progress.offer.config;
  const CipherSuite suite = progress.negotiated.cipher_suite;
  const HashAlgorithm hash = hash_of(suite);
  TOCSIN_TRY_SET(const Secret before, progress.transcript.current());
  TOCSIN_TRY_SET(const Secret expected, crypto::finished_verify_data(provider, hash, progress.secrets.server_traffic, before));
  if (message.verify_data.size() != expected.size()) return Fatal{Reason::message_malformed};
  //= RFC 9846 4.5.3 //# Recipients of Finished messages MUST verify that the contents are correct and if
  if (!crypto::equal_constant_time(message.verify_data, expected)) return Fatal{Reason::finished_invalid};
  TOCSIN_TRY(progress.transcript.add_received(context.message));
  TOCSIN_TRY_SET(const Secret flight, progress.transcript.current());
  TOCSIN_TRY_SET(crypto::ApplicationSecrets application,
                 crypto::application_secrets(provider, hash, progress.secrets.master, flight));
  log_secret(config, "CLIENT_TRAFFIC_SECRET_0", progress.offer.random, application.client_traffic, effects);
  log_secret(config, "SERVER_TRAFFIC_SECRET_0", progress.offer.random, application.server_traffic, effects);
  log_secret(config, "EXPORTER_SECRET", progress.offer.random, application.exporter_master, effects);
  TOCSIN_TRY(send_flight(progress, state.answer, effects));
  TOCSIN_TRY(install_write(provider, suite, application.client_traffic, effects));
  TOCSIN_TRY(install_read(provider, suite, application.server_traffic, effects));
  effects.add(Raise{Event::handshake_complete});
  Established established;
  established.secrets = Secrets{application.server_traffic, application.client_traffic, application.exporter_master};
  established.negotiated = std::move(progress.negotiated);
  return {Connected{std::move(progress.offer.config), std::move(established)}};
}

//= RFC 9846 4.7.1 //# Clients which receive a NewSessionTicket message but do not support resumption MUST silently ignore this message.
To<Connected> on(Connected state, const wire::NewSessionTicket&, const Context&, Effects& effects) {
  effects.add(Raise{Event::session_ticket});  // well-formed; resumption is not offered, so it is of no use
  return {std::move(state)};
}

To<Connected> on(Connected state, const wire::KeyUpdate& update, const Context&, Effects& effects) {
  TOCSIN_TRY(on_key_update(*state.config->provider, state.established,
                           update.request_update ? KeyUpdateRequest::update_requested : KeyUpdateRequest::update_not_requested,
                           effects));
  return {std::move(state)};
}

}  // namespace tocsin::handshake::tls13::client
