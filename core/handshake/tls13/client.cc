// The client's transitions up to the ServerHello (RFC 9846 Appendix A.1).
#include <algorithm>

#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/machine/handlers.h"
#include "core/handshake/record_limits.h"
#include "core/handshake/tls12/client_resumption.h"

namespace tocsin::handshake::client {
namespace {

/// The lists of a ClientHello in their encoding, one behind the other, without the lengths that go before them.
class Lists {
 public:
  struct Part {
    std::size_t begin, end;
  };
  template <class Code>
  Part add(const std::vector<Code>& codes) {
    return add_with([&](Writer& out) {
      for (const Code code : codes) out.u16(static_cast<std::uint16_t>(code));
    });
  }
  template <class Write>
  Part add_with(Write&& write) {
    constexpr std::size_t usual_bytes = 256;
    if (wire_.empty()) wire_.reserve(usual_bytes);
    const std::size_t begin = wire_.size();
    Writer out(wire_);
    write(out);
    return {begin, wire_.size()};
  }
  /// Once all are there.
  ByteView operator[](Part part) const { return ByteView(wire_).subspan(part.begin, part.end - part.begin); }

 private:
  Bytes wire_;
};

// Over datagrams there is DTLS 1.2 alone, whatever the versions are.
bool offers_tls13(const ClientConfig& config, Transport transport) {
  return transport == Transport::stream && is_enabled(config, ProtocolVersion::tls13);
}

bool offers_tls12(const ClientConfig& config, Transport transport) {
  return transport == Transport::datagram || is_enabled(config, ProtocolVersion::tls12);
}

//= RFC 9846 4.2.2 //# Section 4.3.1) and the legacy_version field MUST be set to 0x0303, which is the version
//= RFC 9846 4.2.2 //# For every TLS 1.3 ClientHello, this list MUST contain exactly one byte, set to zero,
//= RFC 9846 4.3.1 //# Implementations of this specification MUST send this extension in the ClientHello
//= RFC 9846 4.3.3 //# Clients which desire the server to authenticate itself via a certificate MUST send the "signature_algorithms" extension.
//= RFC 9846 9.2 //# All implementations MUST send and use these extensions when offering applicable
//= RFC 9846 9.2 //# "supported_versions" is REQUIRED for all ClientHello, ServerHello, and
//= RFC 9846 9.2 //# "signature_algorithms" is REQUIRED for certificate authentication.
//= RFC 9846 9.2 //# "supported_groups" is REQUIRED for ClientHello messages using DHE or ECDHE key exchange.
//= RFC 9846 9.2 //# "key_share" is REQUIRED for DHE or ECDHE key exchange.
//= RFC 9846 9.2 //# it MUST contain both a "signature_algorithms" extension and a "supported_groups"
//= RFC 9846 9.2 //# If containing a "supported_groups" extension, it MUST also contain a "key_share"
//= RFC 9846 9.3 //# A client sending a ClientHello MUST support all non-GREASE [RFC8701] parameters
//= RFC 9846 E.5 //# Implementations MUST use 0x0303 for the ClientHello.legacy_version and
Result<Done> send_client_hello(const Hello& hello, const std::vector<std::unique_ptr<KeyPair>>& key_pairs,
                               std::optional<ByteView> cookie, Transcript& transcript, const Context& context,
                               Effects& effects) {
  const ClientConfig& config = *hello.config;
  const bool is_dtls = context.transport == Transport::datagram;
  const bool offers13 = offers_tls13(config, context.transport), offers12 = offers_tls12(config, context.transport);
  Lists lists;
  const Lists::Part suites = lists.add_with([&](Writer& out) {
    for (const CipherSuite suite : config.cipher_suites)
      if (version_of(suite) == ProtocolVersion::tls13 ? offers13 : offers12) out.u16(static_cast<std::uint16_t>(suite));
  });
  const Lists::Part groups = lists.add(config.groups), schemes = lists.add(config.signature_schemes);
  const Lists::Part protocols = lists.add_with([&](Writer& out) {
    for (const std::string& protocol : config.application_protocols) out.vector8(bytes_of(protocol));
  });
  const Lists::Part shares = lists.add_with([&](Writer& out) {
    for (const auto& pair : key_pairs) {
      out.u16(static_cast<std::uint16_t>(pair->group()));
      out.vector16(pair->public_key());
    }
  });
  constexpr std::array<std::uint8_t, 4> versions{3, 4, 3, 3};  // TLS 1.3, TLS 1.2
  wire::ClientHello message;
  message.random = hello.random;
  message.legacy_session_id = ByteView(hello.session_id).first(hello.session_id_bytes);
  message.cipher_suites = CodeList<CipherSuite>(lists[suites]);
  constexpr std::array<std::uint8_t, 1> null_compression{0};
  message.legacy_compression_methods = null_compression;
  //= RFC 9846 9.2 //# Additionally, all implementations MUST support the use of the "server_name" extension
  if (hello.sends_name) message.server_name = bytes_of(hello.name);
  message.supported_groups = CodeList<NamedGroup>(lists[groups]);
  message.signature_algorithms = CodeList<SignatureScheme>(lists[schemes]);
  if (!config.application_protocols.empty()) message.application_protocols = wire::ProtocolNames(lists[protocols]);
  if (offers13) {  // else there is nothing that legacy_version does not say (4.3.1)
    message.supported_versions = CodeList<ProtocolVersion>(ByteView(versions).first(offers12 ? 4 : 2));
    message.key_shares = wire::KeyShares(lists[shares]);
  }
  constexpr std::array<std::uint8_t, 1> uncompressed{0};
  if (offers12) {
    message.ec_point_formats = uncompressed;
    message.extended_master_secret = true;
    message.renegotiated_connection = ByteView{};
    // RFC 5077 3.2: one to resume, or an empty one that asks for one.
    if (keeps_sessions(config, context.date))
      message.session_ticket = hello.offered ? ByteView(hello.offered->ticket) : ByteView{};
  }
  if (is_dtls) {
    message.legacy_version = static_cast<std::uint16_t>(ProtocolVersion::dtls12);
    message.dtls_cookie = cookie.value_or(ByteView{});
    message.connection_id = context.connection_id;
  } else {
    //= RFC 9846 4.3.2 //# When sending the new ClientHello, the client MUST copy the contents of the extension
    message.cookie = cookie;
  }
  offer_record_limits(config, message);
  return transcript.add_sent(effects.send(message));
}

//= RFC 9846 4.2.4 //# Upon receipt of a HelloRetryRequest, the client MUST check the legacy_version,
/// What a ServerHello and a HelloRetryRequest have in common (4.2.3, 4.2.4).
template <class Message>
Result<Done> check_answer(const Hello& hello, const Message& message, Transport transport) {
  // E.5: a hello of SSL 3.0 or older is refused whatever else it says.
  if (message.legacy_version <= 0x0300) return Fatal{Reason::version_unsupported};
  // E.1: without supported_versions the server chose TLS 1.2 or older.
  //= RFC 9846 E.1 //# or is not acceptable), the client MUST abort the handshake with a "protocol_version"
  if (!message.supported_version) return Fatal{Reason::version_unsupported};
  if (!offers_tls13(*hello.config, transport)) return Fatal{Reason::extension_unsolicited};  // RFC 5246 7.4.1.4
  //= RFC 9846 4.3.1 //# If this extension is present, clients MUST ignore the ServerHello.legacy_version value
  //= RFC 9846 4.3.1 //# the client MUST abort the handshake with an "illegal_parameter" alert.
  if (*message.supported_version != ProtocolVersion::tls13) return Fatal{Reason::version_not_offered};
  //= RFC 9846 4.2.3 //# A client which receives a TLS 1.3 Server Hello with a legacy_version value not equal to 0x0303 MUST abort the handshake with a "protocol_version" alert.
  //= RFC 9846 E.5 //# Implementations receiving Hello messages with other version numbers MUST abort the handshake as described in Section 4.2.2 and Section 4.2.3.
  if (message.legacy_version != 0x0303) return Fatal{Reason::legacy_version_wrong};  // RFC 9846 4.2.3, once it is TLS 1.3
  const ByteView session_id = ByteView(hello.session_id).first(hello.session_id_bytes);
  if (!std::equal(session_id.begin(), session_id.end(), message.legacy_session_id_echo.begin(),
                  message.legacy_session_id_echo.end()))
    //= RFC 9846 4.2.3 //# that does not match what it sent in the ClientHello MUST abort the handshake with an
    return Fatal{Reason::session_id_echo_wrong};
  const auto& suites = hello.config->cipher_suites;
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

//= RFC 9846 4.2.2 //# In compatibility mode (see Appendix E.4), this field MUST be non-empty, so a client not
//= RFC 9846 4.2.2 //# Otherwise, it MUST be set as a zero-length list (i.e., a zero-valued single byte length
/// RFC 9846 E.4, of a session to resume, or one by which its ticket's acceptance is told (RFC 5077 3.4).
Result<Done> choose_session_id(const ClientConfig& config, Transport transport, Hello& hello) {
  if (hello.offered && !hello.offered->id.empty()) {
    hello.session_id_bytes = hello.offered->id.size();
    std::ranges::copy(hello.offered->id, hello.session_id.begin());
    return Done{};
  }
  const bool is_compatible = offers_tls13(config, transport) && config.middlebox_compatibility;
  hello.session_id_bytes = is_compatible || hello.offered ? hello.session_id.size() : 0;
  return config.provider->random(MutableBytes(hello.session_id).first(hello.session_id_bytes));
}

/// The transcript has been started; state is either of the two that wait for a ServerHello.
template <class Waiting>
Result<WaitEncryptedExtensions> take_server_hello(Waiting state, const wire::ServerHello& message, bool retried,
                                                  const Context& context, Effects& effects) {
  if (message.pre_shared_key) return Fatal{Reason::extension_unsolicited};
  if (!message.key_share) return Fatal{Reason::extension_missing};
  //= RFC 9846 4.3.8 //# the client MUST verify that the selected NamedGroup in the ServerHello is the same as
  //= RFC 9846 4.3.8 //# If this check fails, the client MUST abort the handshake with an "illegal_parameter"
  const KeyPair* pair = pair_for(state.key_pairs, message.key_share->group);
  if (pair == nullptr) return Fatal{Reason::group_not_offered};
  const ClientConfig& config = *state.hello.config;
  Provider& provider = *config.provider;
  TOCSIN_TRY_SET(const Secret shared, pair->derive(message.key_share->key_exchange));
  TOCSIN_TRY(state.transcript.add_received(context.message));
  TOCSIN_TRY_SET(const Secret hash, state.transcript.current());
  TOCSIN_TRY_SET(crypto::HandshakeSecrets secrets,
                 crypto::handshake_secrets(provider, hash_of(message.cipher_suite), shared, hash));
  log_secret(config, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", state.hello.random, secrets.client_traffic, effects);
  log_secret(config, "SERVER_HANDSHAKE_TRAFFIC_SECRET", state.hello.random, secrets.server_traffic, effects);
  TOCSIN_TRY(install_read(provider, message.cipher_suite, secrets.server_traffic, effects));
  TOCSIN_TRY(install_write(provider, message.cipher_suite, secrets.client_traffic, effects));
  Negotiated negotiated;
  negotiated.cipher_suite = message.cipher_suite;
  negotiated.group = message.key_share->group;
  negotiated.server_name = state.hello.sends_name ? state.hello.name : std::string{};
  negotiated.retried = retried;
  return WaitEncryptedExtensions{
      {std::move(state.hello), std::move(state.transcript), std::move(secrets), std::move(negotiated)}};
}

}  // namespace

//= RFC 9846 4.2.2 //# When a client first connects to a server, it is REQUIRED to send the ClientHello as its
Result<WaitServerHello> start(Config config, std::string_view name, bool sends_name, const Context& context, Effects& effects) {
  Provider& provider = *config->provider;
  WaitServerHello next;
  next.hello.name = name;
  next.hello.sends_name = sends_name;
  TOCSIN_TRY(provider.random(next.hello.random));
  const bool offers13 = offers_tls13(*config, context.transport);
  if (offers_tls12(*config, context.transport)) {
    next.hello.offered = client12_resumed::session_to_offer(*config, context.transport, name, context.date);
    if (keeps_sessions(*config, context.date))
      effects.add(PendingSession{key_of_client_session(tls12_over(context.transport), name)});
  }
  TOCSIN_TRY(choose_session_id(*config, context.transport, next.hello));
  //= RFC 9846 4.3.8 //# Each KeyShareEntry value MUST correspond to a group offered in the "supported_groups"
  //= RFC 9846 4.3.8 //# The key_exchange values for each KeyShareEntry MUST be generated independently.
  //= RFC 9846 4.3.8 //# Clients MUST NOT offer any KeyShareEntry values for groups not listed in the client's
  //= RFC 9846 4.3.8 //# Clients and Servers MUST NOT reuse a key share for multiple connections.
  for (std::size_t i = 0; offers13 && i < config->groups.size() && i < config->key_shares; ++i) {
    TOCSIN_TRY_SET(auto pair, provider.generate(config->groups[i]));
    next.key_pairs.push_back(std::move(pair));
  }
  next.hello.config = std::move(config);
  next.transcript = Transcript(context.next_message_seq);
  //= RFC 9846 4.3.2 //# Clients MUST NOT use cookies in their initial ClientHello in subsequent connections.
  TOCSIN_TRY(send_client_hello(next.hello, next.key_pairs, std::nullopt, next.transcript, context, effects));
  return next;
}

//= RFC 9846 4.2.4 //# Otherwise, the client MUST process all extensions in the HelloRetryRequest and send a
To<WaitServerHelloAfterRetry> on(WaitServerHello state, const wire::HelloRetryRequest& retry, const Context& context,
                                 Effects& effects) {
  TOCSIN_TRY(check_answer(state.hello, retry, context.transport));
  const ClientConfig& config = *state.hello.config;
  Provider& provider = *config.provider;
  // 4.2.4: it must ask for something that changes the ClientHello.
  //= RFC 9846 4.2.4 //# Clients MUST abort the handshake with an "illegal_parameter" alert if the
  if (!retry.selected_group && !retry.cookie) return Fatal{Reason::retry_without_change};
  if (retry.selected_group) {
    //= RFC 9846 4.3.8 //# the client MUST verify that (1) the selected_group field corresponds to a group which
    //= RFC 9846 4.3.8 //# If either of these checks fails, then the client MUST abort the handshake with an
    if (std::find(config.groups.begin(), config.groups.end(), *retry.selected_group) == config.groups.end())
      return Fatal{Reason::group_not_offered};
    if (pair_for(state.key_pairs, *retry.selected_group) != nullptr) return Fatal{Reason::retry_without_change};
    TOCSIN_TRY_SET(auto pair, provider.generate(*retry.selected_group));
    //= RFC 9846 4.3.8 //# Otherwise, when sending the new ClientHello, the client MUST replace the original
    state.key_pairs.clear();
    state.key_pairs.push_back(std::move(pair));
  }
  const HashAlgorithm hash = hash_of(retry.cipher_suite);
  TOCSIN_TRY(state.transcript.start(provider, hash, TranscriptForm::message));
  TOCSIN_TRY(state.transcript.replace_by_message_hash(provider, hash));
  TOCSIN_TRY(state.transcript.add_received(context.message));
  if (state.hello.session_id_bytes != 0) effects.add(SendChangeCipherSpec{});  // E.4
  //= RFC 9846 4.2.2 //# In that case, the client MUST send the same ClientHello without modification, except as
  TOCSIN_TRY(send_client_hello(state.hello, state.key_pairs, retry.cookie, state.transcript, context, effects));
  return {WaitServerHelloAfterRetry{std::move(state.hello), std::move(state.transcript), std::move(state.key_pairs),
                                    retry.cipher_suite}};
}

// RFC 6347 4.2.1: the same ClientHello again, with the cookie. Neither the first one nor this request is in the transcript.
//= RFC 6347 4.2.1 //# The client MUST retransmit the ClientHello with the cookie added.
//= RFC 6347 4.2.1 //# DTLS 1.2 and 1.0 clients MUST use the version solely to indicate packet formatting
//= RFC 6347 4.2.1 //# In particular, DTLS 1.2 clients MUST NOT assume that because the server uses version
//= RFC 6347 4.2.1 //# When responding to a HelloVerifyRequest, the client MUST use the same parameter values
//= RFC 6347 4.2.1 //# Clients MUST be prepared to do a cookie exchange with every handshake.
//= RFC 6347 4.2.6 //# the initial ClientHello and HelloVerifyRequest MUST NOT be included in the
To<WaitServerHello> on(WaitServerHello state, const wire::HelloVerifyRequest& message, const Context& context,
                       Effects& effects) {
  if (++state.verify_requests > state.hello.config->limits.hello_verify_requests_max) return Fatal{Reason::message_unexpected};
  state.transcript = Transcript(context.next_message_seq);
  TOCSIN_TRY(send_client_hello(state.hello, state.key_pairs, message.cookie, state.transcript, context, effects));
  return {std::move(state)};
}

To<WaitEncryptedExtensions, client12::WaitCertificate, client12_resumed::WaitNewSessionTicket,
   client12_resumed::WaitChangeCipherSpec>
on(WaitServerHello state, const wire::ServerHello& message, const Context& context, Effects& effects) {
  // E.1: without supported_versions the server chose TLS 1.2 or older.
  //= RFC 9846 4.3.1 //# clients MUST check for this extension prior to processing the rest of the ServerHello.
  if (!message.supported_version && offers_tls12(*state.hello.config, context.transport)) {
    TOCSIN_TRY_SET(auto begun, client12::begin(std::move(state.hello), std::move(state.transcript), context, effects));
    using Next = std::variant<WaitEncryptedExtensions, client12::WaitCertificate, client12_resumed::WaitNewSessionTicket,
                              client12_resumed::WaitChangeCipherSpec>;
    return std::visit([](auto& next) { return Next(std::move(next)); }, begun);
  }
  TOCSIN_TRY(check_answer(state.hello, message, context.transport));
  TOCSIN_TRY(state.transcript.start(*state.hello.config->provider, hash_of(message.cipher_suite), TranscriptForm::message));
  TOCSIN_TRY_SET(auto next, take_server_hello(std::move(state), message, false, context, effects));
  return {std::move(next)};
}

To<WaitEncryptedExtensions> on(WaitServerHelloAfterRetry state, const wire::ServerHello& message, const Context& context,
                               Effects& effects) {
  // RFC 9846 4.2.4: the version stays, also where there is no supported_versions any more.
  //= RFC 9846 4.2.4 //# The value of selected_version in the HelloRetryRequest "supported_versions" extension MUST be retained in the ServerHello, and a client MUST abort the handshake with an "illegal_parameter" alert if the value changes.
  if (message.legacy_version > 0x0300 && message.supported_version != ProtocolVersion::tls13)
    return Fatal{Reason::version_changed};
  TOCSIN_TRY(check_answer(state.hello, message, context.transport));
  //= RFC 9846 4.2.4 //# Upon receiving the ServerHello, clients MUST check that the cipher suite supplied in
  if (message.cipher_suite != state.suite) return Fatal{Reason::cipher_suite_changed};  // 4.2.4
  TOCSIN_TRY_SET(auto next, take_server_hello(std::move(state), message, true, context, effects));
  return {std::move(next)};
}

}  // namespace tocsin::handshake::client
