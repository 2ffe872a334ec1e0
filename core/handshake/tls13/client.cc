// The client's transitions at HelloRetryRequest and ServerHello (RFC 9846 Appendix A.1).
#include "core/handshake/tls13/client.h"

#include <algorithm>

#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/record_limits.h"
#include "core/handshake/tls13/keys.h"

namespace tocsin::handshake::tls13::client {
namespace {

//= RFC 9846 4.2.4 //# Upon receipt of a HelloRetryRequest, the client MUST check the legacy_version,
/// What a ServerHello and a HelloRetryRequest have in common (4.2.3, 4.2.4).
template <class Message>
Result<Done> check_answer(const ClientOffer& offer, const Message& message, Transport transport) {
  // E.5: a hello of SSL 3.0 or older is refused whatever else it says.
  if (message.legacy_version <= 0x0300) return Fatal{Reason::version_unsupported};
  // E.1: without supported_versions the server chose TLS 1.2 or older.
  //= RFC 9846 E.1 //# or is not acceptable), the client MUST abort the handshake with a "protocol_version"
  if (!message.supported_version) return Fatal{Reason::version_unsupported};
  if (!offers_tls13(*offer.config, transport)) return Fatal{Reason::extension_unsolicited};  // RFC 5246 7.4.1.4
  //= RFC 9846 4.3.1 //# If this extension is present, clients MUST ignore the ServerHello.legacy_version value
  //= RFC 9846 4.3.1 //# the client MUST abort the handshake with an "illegal_parameter" alert.
  if (*message.supported_version != ProtocolVersion::tls13) return Fatal{Reason::version_not_offered};
  //= RFC 9846 4.2.3 //# A client which receives a TLS 1.3 Server Hello with a legacy_version value not equal to 0x0303 MUST abort the handshake with a "protocol_version" alert.
  //= RFC 9846 E.5 //# Implementations receiving Hello messages with other version numbers MUST abort the handshake as described in Section 4.2.2 and Section 4.2.3.
  if (message.legacy_version != 0x0303) return Fatal{Reason::legacy_version_wrong};  // RFC 9846 4.2.3, once it is TLS 1.3
  const ByteView session_id = ByteView(offer.session_id).first(offer.session_id_bytes);
  if (!std::equal(session_id.begin(), session_id.end(), message.legacy_session_id_echo.begin(),
                  message.legacy_session_id_echo.end()))
    //= RFC 9846 4.2.3 //# that does not match what it sent in the ClientHello MUST abort the handshake with an
    return Fatal{Reason::session_id_echo_wrong};
  const auto& suites = offer.config->cipher_suites;
  //= RFC 9846 4.2.3 //# which receives a cipher suite that was not offered MUST abort the handshake with an
  //= RFC 9846 4.2.4 //# A client which receives a cipher suite that was not offered MUST abort the handshake.
  if (version_of(message.cipher_suite) != ProtocolVersion::tls13 ||
      std::find(suites.begin(), suites.end(), message.cipher_suite) == suites.end())
    return Fatal{Reason::cipher_suite_not_offered};
  //= RFC 9846 4.2.3 //# If a TLS 1.3 ServerHello is received with any other value in this field, the client MUST abort the handshake with an "illegal_parameter" alert.
  if (message.legacy_compression_method != 0) return Fatal{Reason::compression_invalid};
  return Done{};
}

const KeyPair* pair_for(const std::vector<std::unique_ptr<KeyPair>>& pairs, NamedGroup group) {
  const auto found = std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair->group() == group; });
  return found == pairs.end() ? nullptr : found->get();
}

/// The transcript has been started.
Result<WaitEncryptedExtensions> take_server_hello(WaitServerHelloAfterRetry state, const wire::ServerHello& message,
                                                  bool retried, const Context& context, Effects& effects) {
  if (message.pre_shared_key) return Fatal{Reason::extension_unsolicited};
  if (!message.key_share) return Fatal{Reason::extension_missing};
  //= RFC 9846 4.3.8 //# the client MUST verify that the selected NamedGroup in the ServerHello is the same as
  //= RFC 9846 4.3.8 //# If this check fails, the client MUST abort the handshake with an "illegal_parameter"
  const KeyPair* pair = pair_for(state.key_pairs, message.key_share->group);
  if (pair == nullptr) return Fatal{Reason::group_not_offered};
  const ClientConfig& config = *state.offer.config;
  Provider& provider = *config.provider;
  TOCSIN_TRY_SET(const Secret shared, pair->derive(message.key_share->key_exchange));
  TOCSIN_TRY(state.transcript.add_received(context.message));
  TOCSIN_TRY_SET(const Secret hash, state.transcript.current());
  TOCSIN_TRY_SET(crypto::HandshakeSecrets secrets,
                 crypto::handshake_secrets(provider, hash_of(message.cipher_suite), shared, hash));
  log_secret(config, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", state.offer.random, secrets.client_traffic, effects);
  log_secret(config, "SERVER_HANDSHAKE_TRAFFIC_SECRET", state.offer.random, secrets.server_traffic, effects);
  TOCSIN_TRY(install_read(provider, message.cipher_suite, secrets.server_traffic, effects));
  // E.4: immediately before the second flight, whose first record may as well be an alert.
  if (state.offer.session_id_bytes != 0 && !retried) effects.add(SendChangeCipherSpec{});
  TOCSIN_TRY(install_write(provider, message.cipher_suite, secrets.client_traffic, effects));
  Negotiated negotiated;
  negotiated.cipher_suite = message.cipher_suite;
  negotiated.group = message.key_share->group;
  negotiated.server_name = state.offer.sends_name ? state.offer.name : std::string{};
  negotiated.retried = retried;
  return WaitEncryptedExtensions{
      {std::move(state.offer), std::move(state.transcript), std::move(secrets), std::move(negotiated)}};
}

}  // namespace

//= RFC 9846 4.2.4 //# Otherwise, the client MUST process all extensions in the HelloRetryRequest and send a
Result<WaitServerHelloAfterRetry> retry(ClientOffer offer, Transcript transcript,
                                        std::vector<std::unique_ptr<KeyPair>> key_pairs, std::optional<ByteView> session_ticket,
                                        const wire::HelloRetryRequest& message, const Context& context, Effects& effects) {
  TOCSIN_TRY(check_answer(offer, message, context.transport));
  const ClientConfig& config = *offer.config;
  Provider& provider = *config.provider;
  // 4.2.4: it must ask for something that changes the ClientHello.
  //= RFC 9846 4.2.4 //# Clients MUST abort the handshake with an "illegal_parameter" alert if the
  if (!message.selected_group && !message.cookie) return Fatal{Reason::retry_without_change};
  if (message.selected_group) {
    //= RFC 9846 4.3.8 //# the client MUST verify that (1) the selected_group field corresponds to a group which
    //= RFC 9846 4.3.8 //# If either of these checks fails, then the client MUST abort the handshake with an
    if (std::find(config.groups.begin(), config.groups.end(), *message.selected_group) == config.groups.end())
      return Fatal{Reason::group_not_offered};
    if (pair_for(key_pairs, *message.selected_group) != nullptr) return Fatal{Reason::retry_without_change};
    TOCSIN_TRY_SET(auto pair, provider.generate(*message.selected_group));
    //= RFC 9846 4.3.8 //# Otherwise, when sending the new ClientHello, the client MUST replace the original
    key_pairs.clear();
    key_pairs.push_back(std::move(pair));
  }
  const HashAlgorithm hash = hash_of(message.cipher_suite);
  TOCSIN_TRY(transcript.start(provider, hash, TranscriptForm::message));
  TOCSIN_TRY(transcript.replace_by_message_hash(provider, hash));
  TOCSIN_TRY(transcript.add_received(context.message));
  if (offer.session_id_bytes != 0) effects.add(SendChangeCipherSpec{});  // E.4
  //= RFC 9846 4.2.2 //# In that case, the client MUST send the same ClientHello without modification, except as
  TOCSIN_TRY(send_client_hello(offer, key_pairs, message.cookie, session_ticket, transcript, context, effects));
  return WaitServerHelloAfterRetry{std::move(offer), std::move(transcript), std::move(key_pairs), message.cipher_suite};
}

Result<WaitEncryptedExtensions> begin(ClientOffer offer, Transcript transcript, std::vector<std::unique_ptr<KeyPair>> key_pairs,
                                      const wire::ServerHello& message, const Context& context, Effects& effects) {
  TOCSIN_TRY(check_answer(offer, message, context.transport));
  TOCSIN_TRY(transcript.start(*offer.config->provider, hash_of(message.cipher_suite), TranscriptForm::message));
  return take_server_hello({std::move(offer), std::move(transcript), std::move(key_pairs), message.cipher_suite}, message,
                           false, context, effects);
}

To<WaitEncryptedExtensions> on(WaitServerHelloAfterRetry state, const wire::ServerHello& message, const Context& context,
                               Effects& effects) {
  // RFC 9846 4.2.4: the version stays, also where there is no supported_versions any more.
  //= RFC 9846 4.2.4 //# The value of selected_version in the HelloRetryRequest "supported_versions" extension MUST be retained in the ServerHello, and a client MUST abort the handshake with an "illegal_parameter" alert if the value changes.
  if (message.legacy_version > 0x0300 && message.supported_version != ProtocolVersion::tls13)
    return Fatal{Reason::version_changed};
  TOCSIN_TRY(check_answer(state.offer, message, context.transport));
  //= RFC 9846 4.2.4 //# Upon receiving the ServerHello, clients MUST check that the cipher suite supplied in
  if (message.cipher_suite != state.suite) return Fatal{Reason::cipher_suite_changed};  // 4.2.4
  TOCSIN_TRY_SET(auto next, take_server_hello(std::move(state), message, true, context, effects));
  return {std::move(next)};
}

}  // namespace tocsin::handshake::tls13::client
