// The server's transitions (RFC 8446 Appendix A.2).
#include "core/handshake/tls13/server.h"

#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/negotiation.h"
#include "core/handshake/tls13/certificate_verify.h"
#include "core/handshake/tls13/keys.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/server_hello.h"

namespace tocsin::handshake::tls13::server {
namespace {

/// What the negotiation found, before anything is sent.
struct Choices {
  CipherSuite suite;
  GroupChoice group;
  CertificateChoice certificate;
  std::string application_protocol;
};

bool can_sign(const CertifiedKey& certificate, SignatureScheme scheme) {
  return certificate.key->can_sign_with(scheme, ProtocolVersion::tls13);
}

Result<Choices> negotiate(const ServerConfig& config, const wire::ClientHello& hello) {
  TOCSIN_TRY_SET(const CipherSuite suite, choose_cipher_suite(config, hello));
  TOCSIN_TRY_SET(const GroupChoice group, choose_group(config, hello));
  TOCSIN_TRY_SET(const CertificateChoice certificate, choose_certificate(config, hello, can_sign));
  TOCSIN_TRY_SET(std::string protocol, choose_application_protocol(config, hello));
  return Choices{suite, group, certificate, std::move(protocol)};
}

Result<WaitSecondClientHello> send_retry(Config config, const wire::ClientHello& hello, const Choices& choices,
                                         Transcript transcript, Effects& effects) {
  Provider& provider = *config->provider;
  const HashAlgorithm hash = hash_of(choices.suite);
  TOCSIN_TRY(transcript.start(provider, hash, TranscriptForm::message));
  TOCSIN_TRY(transcript.replace_by_message_hash(provider, hash));
  TOCSIN_TRY_SET(Secret digest, repeated_part_digest(provider, hello));
  wire::HelloRetryRequest retry;
  retry.legacy_session_id_echo = hello.legacy_session_id;
  retry.cipher_suite = choices.suite;
  retry.supported_version = ProtocolVersion::tls13;
  retry.selected_group = choices.group.group;
  TOCSIN_TRY(transcript.add_sent(effects.send(retry)));
  if (!hello.legacy_session_id.empty()) effects.add(SendChangeCipherSpec{});  // D.4
  return WaitSecondClientHello{std::move(config),   std::move(transcript), choices.suite,
                               choices.group.group, std::move(digest),     hello.early_data};
}

Result<crypto::HandshakeSecrets> send_server_hello(Provider& provider, const wire::ClientHello& hello, const Choices& choices,
                                                   Transcript& transcript, Effects& effects) {
  wire::ServerHello answer;
  TOCSIN_TRY(provider.random(answer.random));
  TOCSIN_TRY_SET(const auto key_pair, provider.generate(choices.group.group));
  TOCSIN_TRY_SET(const Secret shared, key_pair->derive(*choices.group.client_share));
  answer.legacy_session_id_echo = hello.legacy_session_id;
  answer.cipher_suite = choices.suite;
  answer.supported_version = ProtocolVersion::tls13;
  answer.key_share = wire::KeyShareEntry{choices.group.group, key_pair->public_key()};
  TOCSIN_TRY(transcript.add_sent(effects.send(answer)));
  TOCSIN_TRY_SET(const Secret hash, transcript.current());
  return crypto::handshake_secrets(provider, hash_of(choices.suite), shared, hash);
}

Result<Done> send_encrypted_extensions(const ServerConfig& config, const wire::ClientHello& hello, const Choices& choices,
                                       Transcript& transcript, Effects& effects) {
  wire::EncryptedExtensions extensions;
  // RFC 6066 3: acknowledged only if the name decided something.
  extensions.server_name = hello.server_name.has_value() && config.certificates.size() > 1;
  if (!choices.application_protocol.empty()) extensions.application_protocol = bytes_of(choices.application_protocol);
  if (hello.record_size_limit && config.record_size_limit != 0) {
    extensions.record_size_limit = config.record_size_limit;
    effects.add(LimitReceivedRecords{config.record_size_limit});
  }
  return transcript.add_sent(effects.send(extensions));
}

// 4.3.2: the context is for requests after the handshake.
Result<Done> send_certificate_request(const ServerConfig& config, Transcript& transcript, Effects& effects) {
  Bytes schemes;
  Writer out(schemes);
  for (const SignatureScheme scheme : config.signature_schemes) out.u16(static_cast<std::uint16_t>(scheme));
  wire::CertificateRequest request;
  request.signature_algorithms = CodeList<SignatureScheme>(schemes);
  return transcript.add_sent(effects.send(request));
}

Result<Done> send_authentication(Provider& provider, const Choices& choices, ByteView server_traffic, Transcript& transcript,
                                 Effects& effects) {
  const CertifiedKey& certificate = *choices.certificate.certificate;
  TOCSIN_TRY(
      transcript.add_sent(effects.send_with([&](Writer& out) { wire::encode_certificate({}, certificate.chain, out); })));
  TOCSIN_TRY_SET(const Secret signed_hash, transcript.current());
  Bytes signature;
  TOCSIN_TRY(certificate.key->sign(choices.certificate.scheme, CertificateVerifyContent(Role::server, signed_hash), signature));
  TOCSIN_TRY(transcript.add_sent(effects.send(wire::CertificateVerify{choices.certificate.scheme, signature})));
  TOCSIN_TRY_SET(const Secret finished_hash, transcript.current());
  TOCSIN_TRY_SET(const Secret verify_data,
                 crypto::finished_verify_data(provider, hash_of(choices.suite), server_traffic, finished_hash));
  return transcript.add_sent(effects.send(wire::Finished{verify_data}));
}

Negotiated negotiated_by(const wire::ClientHello& hello, const Choices& choices, bool retried) {
  Negotiated negotiated;
  negotiated.cipher_suite = choices.suite;
  negotiated.group = choices.group.group;
  negotiated.signature_scheme = choices.certificate.scheme;
  negotiated.application_protocol = choices.application_protocol;
  negotiated.server_name = server_name_of(hello);
  negotiated.retried = retried;
  return negotiated;
}

using WaitFlight2 = std::variant<WaitCertificate, WaitFinished>;

/// The whole flight from ServerHello to Finished.
Result<WaitFlight2> send_flight(Config config, const wire::ClientHello& hello, const Choices& choices, Transcript transcript,
                                bool retried, Effects& effects) {
  Provider& provider = *config->provider;
  const HashAlgorithm hash = hash_of(choices.suite);
  TOCSIN_TRY_SET(const crypto::HandshakeSecrets secrets, send_server_hello(provider, hello, choices, transcript, effects));
  if (!hello.legacy_session_id.empty() && !retried) effects.add(SendChangeCipherSpec{});  // D.4: once, after the first answer
  log_secret(*config, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", hello.random, secrets.client_traffic, effects);
  log_secret(*config, "SERVER_HANDSHAKE_TRAFFIC_SECRET", hello.random, secrets.server_traffic, effects);
  TOCSIN_TRY(install_write(provider, choices.suite, secrets.server_traffic, effects));
  // RFC 8449 4: the limit is for protected records, and a value above the protocol's own maximum means that maximum.
  if (hello.record_size_limit && config->record_size_limit != 0) effects.add(LimitSentRecords{*hello.record_size_limit});
  TOCSIN_TRY(send_encrypted_extensions(*config, hello, choices, transcript, effects));
  const bool asks = config->client_authentication != ClientAuthentication::none;
  if (asks) TOCSIN_TRY(send_certificate_request(*config, transcript, effects));
  TOCSIN_TRY(send_authentication(provider, choices, secrets.server_traffic, transcript, effects));

  TOCSIN_TRY_SET(const Secret flight_hash, transcript.current());
  TOCSIN_TRY_SET(crypto::ApplicationSecrets application,
                 crypto::application_secrets(provider, hash, secrets.master, flight_hash));
  log_secret(*config, "CLIENT_TRAFFIC_SECRET_0", hello.random, application.client_traffic, effects);
  log_secret(*config, "SERVER_TRAFFIC_SECRET_0", hello.random, application.server_traffic, effects);
  log_secret(*config, "EXPORTER_SECRET", hello.random, application.exporter_master, effects);
  TOCSIN_TRY(install_write(provider, choices.suite, application.server_traffic, effects));
  TOCSIN_TRY(install_read(provider, choices.suite, secrets.client_traffic, effects));

  Established established;
  established.secrets = Secrets{application.client_traffic, application.server_traffic, application.exporter_master};
  established.negotiated = negotiated_by(hello, choices, retried);
  if (asks) {
    return WaitFlight2(WaitCertificate{
        {std::move(config), std::move(transcript), secrets.client_traffic, std::move(established)}, hello.early_data});
  }
  TOCSIN_TRY_SET(Secret expected, crypto::finished_verify_data(provider, hash, secrets.client_traffic, flight_hash));
  return WaitFlight2(WaitFinished{std::move(config), std::move(expected), std::move(established), hello.early_data});
}

}  // namespace

Result<Answered> answer(Config config, const wire::ClientHello& hello, const HandshakeMessage& message, const Context& context,
                        Effects& effects) {
  TOCSIN_TRY(check_client_hello13(hello));
  if (hello.cookie) return Fatal{Reason::cookie_unexpected};  // 4.2.2: not in an initial ClientHello
  TOCSIN_TRY_SET(const Choices choices, negotiate(*config, hello));
  Transcript transcript(context.next_message_seq);
  TOCSIN_TRY(transcript.add_received(message));
  if (!choices.group.client_share) {
    TOCSIN_TRY_SET(auto next, send_retry(std::move(config), hello, choices, std::move(transcript), effects));
    return Answered(std::move(next));
  }
  TOCSIN_TRY(transcript.start(*config->provider, hash_of(choices.suite), TranscriptForm::message));
  TOCSIN_TRY_SET(auto next, send_flight(std::move(config), hello, choices, std::move(transcript), false, effects));
  return std::visit([](auto& state) { return Answered(std::move(state)); }, next);
}

To<WaitCertificate, WaitFinished> on(WaitSecondClientHello state, const wire::ClientHello& hello, const Context& context,
                                     Effects& effects) {
  TOCSIN_TRY(check_client_hello(hello));
  TOCSIN_TRY_SET(const ProtocolVersion version, choose_version(*state.config, hello));
  if (version != ProtocolVersion::tls13) return Fatal{Reason::version_unsupported};
  TOCSIN_TRY(check_client_hello13(hello));
  if (hello.cookie) return Fatal{Reason::cookie_unexpected};          // none was given
  if (hello.early_data) return Fatal{Reason::early_data_unexpected};  // 4.1.2
  TOCSIN_TRY_SET(const Secret digest, repeated_part_digest(*state.config->provider, hello));
  if (!crypto::equal_constant_time(digest, state.first_hello_digest)) return Fatal{Reason::retry_ignored};
  TOCSIN_TRY_SET(Choices choices, negotiate(*state.config, hello));
  // 4.2.8: exactly the one share that was asked for.
  auto share = hello.key_shares->begin();
  if (share == hello.key_shares->end() || (*share).group != state.group) return Fatal{Reason::retry_ignored};
  choices.group = GroupChoice{state.group, (*share).key_exchange};
  if (++share != hello.key_shares->end()) return Fatal{Reason::retry_ignored};
  TOCSIN_TRY(state.transcript.add_received(context.message));
  return send_flight(std::move(state.config), hello, choices, std::move(state.transcript), true, effects);
}

To<Connected> on(WaitFinished state, const wire::Finished& finished, const Context&, Effects& effects) {
  if (finished.verify_data.size() != state.expected_verify_data.size()) return Fatal{Reason::message_malformed};
  if (!crypto::equal_constant_time(finished.verify_data, state.expected_verify_data)) return Fatal{Reason::finished_invalid};
  TOCSIN_TRY(install_read(*state.config->provider, state.established.negotiated.cipher_suite,
                          std::get<Secrets>(state.established.secrets).read_traffic, effects));
  effects.add(Raise{Event::handshake_complete});
  return {Connected{std::move(state.config), std::move(state.established)}};
}

To<Connected> on(Connected state, const wire::KeyUpdate& update, const Context&, Effects& effects) {
  TOCSIN_TRY(on_key_update(*state.config->provider, state.established,
                           update.request_update ? KeyUpdateRequest::update_requested : KeyUpdateRequest::update_not_requested,
                           effects));
  return {std::move(state)};
}

}  // namespace tocsin::handshake::tls13::server
