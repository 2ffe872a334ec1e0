#include "core/handshake/hello/client.h"

#include <algorithm>

#include "core/handshake/tls12/client_resumption.h"

namespace tocsin::handshake::client {
namespace {

//= RFC 9846 4.2.2 //# In compatibility mode (see Appendix E.4), this field MUST be non-empty, so a client not
//= RFC 9846 4.2.2 //# Otherwise, it MUST be set as a zero-length list (i.e., a zero-valued single byte length
/// RFC 9846 E.4, of a session to resume, or one by which its ticket's acceptance is told (RFC 5077 3.4).
Result<Done> choose_session_id(const ClientConfig& config, Transport transport, const tls12::ClientSession* offered,
                               ClientOffer& offer) {
  if (offered && !offered->id.empty()) {
    offer.session_id_bytes = offered->id.size();
    std::ranges::copy(offered->id, offer.session_id.begin());
    return Done{};
  }
  const bool is_compatible = offers_tls13(config, transport) && config.middlebox_compatibility;
  offer.session_id_bytes = is_compatible || offered ? offer.session_id.size() : 0;
  return config.provider->random(MutableBytes(offer.session_id).first(offer.session_id_bytes));
}

/// RFC 5077 3.2: one to resume, or an empty one that asks for one.
std::optional<ByteView> session_ticket(const WaitServerHello& state, const Context& context) {
  if (!tls12::keeps_sessions(*state.offer.config, context.date)) return std::nullopt;
  return state.offered ? ByteView(state.offered->ticket) : ByteView{};
}

}  // namespace

//= RFC 9846 4.2.2 //# When a client first connects to a server, it is REQUIRED to send the ClientHello as its
Result<WaitServerHello> start(Config config, std::string_view name, bool sends_name, const Context& context, Effects& effects) {
  Provider& provider = *config->provider;
  WaitServerHello next;
  next.offer.name = name;
  next.offer.sends_name = sends_name;
  TOCSIN_TRY(provider.random(next.offer.random));
  const bool offers_1_3 = offers_tls13(*config, context.transport);
  if (offers_tls12(*config, context.transport)) {
    next.offered = tls12::client_resumed::session_to_offer(*config, context.transport, name, context.date);
    if (tls12::keeps_sessions(*config, context.date))
      effects.add(PendingSession{tls12::key_of_client_session(tls12_over(context.transport), name)});
  }
  TOCSIN_TRY(choose_session_id(*config, context.transport, next.offered.get(), next.offer));
  //= RFC 9846 4.3.8 //# Each KeyShareEntry value MUST correspond to a group offered in the "supported_groups"
  //= RFC 9846 4.3.8 //# The key_exchange values for each KeyShareEntry MUST be generated independently.
  //= RFC 9846 4.3.8 //# Clients MUST NOT offer any KeyShareEntry values for groups not listed in the client's
  //= RFC 9846 4.3.8 //# Clients and Servers MUST NOT reuse a key share for multiple connections.
  for (std::size_t i = 0; offers_1_3 && i < config->groups.size() && i < config->key_shares; ++i) {
    TOCSIN_TRY_SET(auto pair, provider.generate(config->groups[i]));
    next.key_pairs.push_back(std::move(pair));
  }
  next.offer.config = std::move(config);
  next.transcript = Transcript(context.next_message_seq);
  //= RFC 9846 4.3.2 //# Clients MUST NOT use cookies in their initial ClientHello in subsequent connections.
  TOCSIN_TRY(send_client_hello(next.offer, next.key_pairs, std::nullopt, session_ticket(next, context), next.transcript,
                               context, effects));
  return next;
}

To<tls13::client::WaitServerHelloAfterRetry> on(WaitServerHello state, const wire::HelloRetryRequest& message,
                                                const Context& context, Effects& effects) {
  const std::optional<ByteView> ticket = session_ticket(state, context);
  TOCSIN_TRY_SET(auto next, tls13::client::retry(std::move(state.offer), std::move(state.transcript),
                                                 std::move(state.key_pairs), ticket, message, context, effects));
  return {std::move(next)};
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
  if (++state.verify_requests > state.offer.config->limits.hello_verify_requests_max) return Fatal{Reason::message_unexpected};
  state.transcript = Transcript(context.next_message_seq);
  TOCSIN_TRY(send_client_hello(state.offer, state.key_pairs, message.cookie, session_ticket(state, context), state.transcript,
                               context, effects));
  return {std::move(state)};
}

To<WaitServerHello> on(WaitServerHello state, const wire::tls12::HelloRequest&, const Context&, Effects&) {
  return {std::move(state)};
}

To<tls13::client::WaitEncryptedExtensions, tls12::client::WaitCertificate, tls12::client_resumed::WaitNewSessionTicket,
   tls12::client_resumed::WaitChangeCipherSpec>
on(WaitServerHello state, const wire::ServerHello& message, const Context& context, Effects& effects) {
  using Next = std::variant<tls13::client::WaitEncryptedExtensions, tls12::client::WaitCertificate,
                            tls12::client_resumed::WaitNewSessionTicket, tls12::client_resumed::WaitChangeCipherSpec>;
  // E.1: without supported_versions the server chose TLS 1.2 or older.
  //= RFC 9846 4.3.1 //# clients MUST check for this extension prior to processing the rest of the ServerHello.
  if (!message.supported_version && offers_tls12(*state.offer.config, context.transport)) {
    TOCSIN_TRY_SET(auto begun, tls12::client::begin(std::move(state.offer), std::move(state.offered),
                                                    std::move(state.transcript), context, effects));
    return std::visit([](auto& next) { return Next(std::move(next)); }, begun);
  }
  TOCSIN_TRY_SET(auto next, tls13::client::begin(std::move(state.offer), std::move(state.transcript),
                                                 std::move(state.key_pairs), message, context, effects));
  return {std::move(next)};
}

}  // namespace tocsin::handshake::client
