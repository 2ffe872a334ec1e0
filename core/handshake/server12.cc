// The server's transitions of TLS 1.2 (RFC 5246 section 7.3), from the ClientHello that it was chosen for.
#include <algorithm>

#include "core/handshake/authentication.h"
#include "core/handshake/handlers.h"
#include "core/handshake/negotiation12.h"
#include "core/handshake/schedule12.h"
#include "core/wire/server_hello12.h"

namespace tocsin::handshake::server12 {
namespace {

constexpr std::uint16_t record_bytes_max12 = 1u << 14;

// RFC 8446 4.1.3: a server that could speak TLS 1.3 says so in its random, which the ServerKeyExchange signs.
Result<wire::Random> make_random(const ServerConfig& config, Framing framing) {
  wire::Random random;
  TOCSIN_TRY(config.provider->random(random));
  if (framing == Framing::stream && is_enabled(config, ProtocolVersion::tls13))
    std::ranges::copy(downgrade_sentinel12, random.end() - downgrade_sentinel12.size());
  return random;
}

Result<Done> send_server_hello(const ServerConfig& config, const wire::ClientHello& hello, const Choices12& choices,
                               const wire::Random& random, Transcript& transcript, Effects& effects) {
  static constexpr std::array<std::uint8_t, 1> uncompressed{0};
  wire::ServerHello12 answer;
  answer.server_version = static_cast<std::uint16_t>(version_over(effects.framing));
  answer.random = random;
  answer.cipher_suite = choices.suite;
  // RFC 6066 3: acknowledged only if the name decided something.
  answer.server_name = hello.server_name.has_value() && config.certificates.size() > 1;
  if (!choices.application_protocol.empty()) answer.application_protocol = bytes_of(choices.application_protocol);
  if (hello.ec_point_formats) answer.ec_point_formats = uncompressed;
  answer.extended_master_secret = hello.extended_master_secret;
  if (knows_secure_renegotiation(hello)) answer.renegotiated_connection = ByteView{};
  if (hello.connection_id) answer.connection_id = effects.connection_id;
  if (hello.record_size_limit && config.record_size_limit != 0) {
    // RFC 8449 4: here the limit is for the content alone, without a type.
    answer.record_size_limit = std::min(config.record_size_limit, record_bytes_max12);
    effects.add(LimitReceivedRecords{std::size_t{*answer.record_size_limit} + 1});
    effects.add(LimitSentRecords{std::size_t{*hello.record_size_limit} + 1});
  }
  return transcript.add(effects.send(answer));
}

Result<Done> send_server_key_exchange(const Progress& progress, const CertificateChoice& certificate, Transcript& transcript,
                                      Effects& effects) {
  const NamedGroup group = progress.key_pair->group();
  const ByteView public_key = progress.key_pair->public_key();
  Bytes signature;
  TOCSIN_TRY(certificate.certificate->key->sign(certificate.scheme,
                                                server_key_exchange_content(progress.randoms, group, public_key), signature));
  return transcript.add(effects.send(wire::ServerKeyExchange{{group, public_key}, certificate.scheme, signature}));
}

// RFC 5246 7.4.4, RFC 8422 5.5.
Result<Done> send_certificate_request(const ServerConfig& config, Transcript& transcript, Effects& effects) {
  static constexpr std::array<std::uint8_t, 2> certificate_types{64, 1};  // ecdsa_sign, rsa_sign
  Bytes schemes;
  Writer out(schemes);
  for (const SignatureScheme scheme : config.signature_schemes) out.u16(static_cast<std::uint16_t>(scheme));
  return transcript.add(effects.send(wire::CertificateRequest12{certificate_types, CodeList<SignatureScheme>(schemes), {}}));
}

}  // namespace

Result<std::variant<WaitCertificate, WaitClientKeyExchange>> answer(Config config, UnixSeconds now,
                                                                    const wire::ClientHello& hello, ByteView raw,
                                                                    Effects& effects) {
  TOCSIN_TRY(check_client_hello12(*config, hello));
  TOCSIN_TRY_SET(const Choices12 choices, negotiate12(*config, hello));
  Provider& provider = *config->provider;
  Progress progress;
  progress.now = now;
  progress.master_secret = hello.extended_master_secret ? MasterSecret::extended : MasterSecret::classic;
  progress.randoms.client = hello.random;
  TOCSIN_TRY_SET(progress.randoms.server, make_random(*config, effects.framing));
  TOCSIN_TRY_SET(progress.key_pair, provider.generate(choices.group));

  const bool asks = config->client_authentication != ClientAuthentication::none;
  Transcript& transcript = progress.transcript;
  TOCSIN_TRY(transcript.add(raw));
  TOCSIN_TRY(asks ? transcript.start_and_keep(provider, hash_of(choices.suite))
                  : transcript.start(provider, hash_of(choices.suite)));
  TOCSIN_TRY(send_server_hello(*config, hello, choices, progress.randoms.server, transcript, effects));
  TOCSIN_TRY(transcript.add(
      effects.send_with([&](Writer& out) { wire::encode_certificate12(choices.certificate.certificate->chain, out); })));
  TOCSIN_TRY(send_server_key_exchange(progress, choices.certificate, transcript, effects));
  if (asks) TOCSIN_TRY(send_certificate_request(*config, transcript, effects));
  TOCSIN_TRY(transcript.add(effects.send(wire::ServerHelloDone{})));

  progress.negotiated.version = version_over(effects.framing);
  progress.negotiated.cipher_suite = choices.suite;
  progress.negotiated.group = choices.group;
  progress.negotiated.signature_scheme = choices.certificate.scheme;
  progress.negotiated.application_protocol = choices.application_protocol;
  progress.negotiated.server_name = server_name_of(hello);
  if (hello.connection_id && effects.connection_id) {  // RFC 9146 3
    progress.negotiated.connection_id.assign(effects.connection_id->begin(), effects.connection_id->end());
    progress.negotiated.peer_connection_id.assign(hello.connection_id->begin(), hello.connection_id->end());
  }
  progress.config = std::move(config);
  using Next = std::variant<WaitCertificate, WaitClientKeyExchange>;
  return asks ? Next(WaitCertificate{std::move(progress)}) : Next(WaitClientKeyExchange{std::move(progress), nullptr});
}

To<WaitClientKeyExchange> on(WaitCertificate state, const wire::Certificate12& message, Context& context) {
  Progress& progress = state.progress;
  const ServerConfig& config = *progress.config;
  TOCSIN_TRY(progress.transcript.add(context.raw));
  if (message.certificate_list.empty()) {  // RFC 5246 7.4.6
    if (config.client_authentication == ClientAuthentication::required) return Fatal{Reason::client_certificate_missing};
    progress.transcript.stop_keeping();
    return {WaitClientKeyExchange{std::move(progress), nullptr}};
  }
  const std::vector<ByteView> chain(message.certificate_list.begin(), message.certificate_list.end());
  TOCSIN_TRY_SET(auto client_key, config.client_verifier->verify(chain, progress.now));
  progress.negotiated.client_certificate.assign(chain.front().begin(), chain.front().end());
  return {WaitClientKeyExchange{std::move(progress), std::move(client_key)}};
}

To<WaitCertificateVerify, WaitChangeCipherSpec> on(WaitClientKeyExchange state, const wire::ClientKeyExchange& message,
                                                   Context& context) {
  Progress& progress = state.progress;
  TOCSIN_TRY_SET(const Secret premaster, progress.key_pair->derive(message.public_key));
  TOCSIN_TRY(progress.transcript.add(context.raw));
  TOCSIN_TRY_SET(Keyed keyed, derive_keys(*progress.config, End12::server, std::move(progress.transcript), progress.randoms,
                                          progress.master_secret, premaster, std::move(progress.negotiated), context.effects));
  if (state.client_key)
    return {WaitCertificateVerify{std::move(progress.config), std::move(keyed), std::move(state.client_key)}};
  return {WaitChangeCipherSpec{std::move(progress.config), std::move(keyed)}};
}

// RFC 5246 7.4.8: over all messages so far, with the hash that the scheme names.
To<WaitChangeCipherSpec> on(WaitCertificateVerify state, const wire::CertificateVerify& message, Context& context) {
  Keyed& keyed = state.keyed;
  TOCSIN_TRY(verify_proof(*state.config, *state.client_key, ProtocolVersion::tls12, keyed.transcript.kept(), message));
  keyed.negotiated.client_signature_scheme = message.algorithm;
  keyed.transcript.stop_keeping();
  TOCSIN_TRY(keyed.transcript.add(context.raw));
  return {WaitChangeCipherSpec{std::move(state.config), std::move(keyed)}};
}

To<WaitFinished> on(WaitChangeCipherSpec state, const wire::ChangeCipherSpec&, Context& context) {
  TOCSIN_TRY(install_read12(*state.config->provider, state.keyed, context.effects));
  return {WaitFinished{std::move(state.config), std::move(state.keyed)}};
}

To<Connected> on(WaitFinished state, const wire::Finished& message, Context& context) {
  Provider& provider = *state.config->provider;
  TOCSIN_TRY(take_finished12(provider, End12::client, state.keyed, message.verify_data, context.raw));
  TOCSIN_TRY(send_finished12(provider, End12::server, state.keyed, context.effects));
  context.effects.add(Raise{Event::handshake_complete});
  return {Connected{std::move(state.config), established12(std::move(state.keyed))}};
}

// RFC 5246 7.2.2: renegotiation is refused with a warning; the client decides whether it goes on.
To<Connected> on(Connected state, const wire::ClientHello&, Context& context) {
  if (!state.established.closed_for_writing) context.effects.add(SendAlert{AlertDescription::no_renegotiation});
  return {std::move(state)};
}

}  // namespace tocsin::handshake::server12
