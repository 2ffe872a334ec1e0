#include "core/handshake/tls12/server_hello.h"

#include <algorithm>

#include "core/handshake/record_limits.h"
#include "core/handshake/tickets.h"
#include "core/handshake/tls12/negotiation.h"
#include "core/wire/tls12/new_session_ticket.h"
#include "core/wire/tls12/server_hello.h"

namespace tocsin::handshake::tls12::server {
namespace {
constexpr std::size_t session_id_bytes = 32, ticket_bytes_max = 0xffff, ticket_secret_bytes_min = 32;
}  // namespace

Result<wire::Random> make_random(const ServerConfig& config, Transport transport) {
  wire::Random random;
  TOCSIN_TRY(config.provider->random(random));
  if (transport == Transport::stream && is_enabled(config, ProtocolVersion::tls13))
    //= RFC 9846 4.2.3 //# The last 8 bytes MUST be overwritten as described below if negotiating TLS 1.2 or TLS
    //= RFC 9846 4.2.3 //# which negotiate TLS 1.2 or below in response to a ClientHello MUST set the last 8 bytes
    //= RFC 9846 4.2.3 //# If negotiating TLS 1.2, TLS 1.3 servers MUST set the last 8 bytes of their Random value
    std::ranges::copy(downgrade_sentinel_of_tls12, random.end() - downgrade_sentinel_of_tls12.size());
  return random;
}

Result<Done> send_server_hello(const ServerConfig& config, const wire::ClientHello& hello, const HelloChoices& choices,
                               const wire::Random& random, Transcript& transcript, const Context& context, Effects& effects) {
  static constexpr std::array<std::uint8_t, 1> uncompressed{0};
  wire::tls12::ServerHello answer;
  //= RFC 9846 4.3.1 //# which negotiates a version of TLS prior to TLS 1.3 MUST set ServerHello.version and
  answer.server_version = static_cast<std::uint16_t>(tls12_over(context.transport));
  answer.random = random;
  answer.session_id = choices.session_id;
  answer.cipher_suite = choices.suite;
  answer.server_name = choices.acknowledges_name;
  if (!choices.application_protocol.empty()) answer.application_protocol = choices.application_protocol;
  if (hello.ec_point_formats) answer.ec_point_formats = uncompressed;
  answer.extended_master_secret = hello.extended_master_secret;
  if (knows_secure_renegotiation(hello)) answer.renegotiated_connection = ByteView{};
  answer.session_ticket = choices.promises_ticket;
  if (hello.connection_id) answer.connection_id = context.connection_id;
  answer_record_limits(config, tls12_over(context.transport), hello, answer, effects);
  // RFC 6066 1.1: the server sends none of that RFC's extensions where it resumes; what was negotiated applies all the same.
  if (choices.is_resumed) answer.max_fragment_length.reset();
  return transcript.add_sent(effects.send(answer));
}

void take_connection_id(const wire::ClientHello& hello, const Context& context, Negotiated& negotiated) {
  if (hello.connection_id && context.connection_id)
    note_connection_ids(*context.connection_id, *hello.connection_id, negotiated);
}

bool makes_tickets(const ServerConfig& config, UnixSeconds now) {
  return config.ticket_secret.size() >= ticket_secret_bytes_min && now != UnixSeconds{};
}

Result<Done> send_ticket(const ServerConfig& config, const Session& session, UnixSeconds now, Transcript& transcript,
                         Effects& effects) {
  const SecretBytes encoded = encode_session(session);
  const std::size_t bytes_max = std::min(config.limits.session_bytes_max, ticket_bytes_max - ticket_overhead_bytes);
  if (!makes_tickets(config, now) || encoded.view().size() > bytes_max)
    return transcript.add_sent(effects.send(wire::tls12::NewSessionTicket{}));
  const std::uint32_t lifetime_s = session_lifetime_s(config);
  TOCSIN_TRY_SET(const Bytes ticket, seal_ticket({*config.provider, config.ticket_secret, lifetime_s}, encoded.view(), now));
  const auto left_s =
      static_cast<std::uint32_t>(static_cast<std::int64_t>(later(session.since, lifetime_s)) - static_cast<std::int64_t>(now));
  return transcript.add_sent(effects.send(wire::tls12::NewSessionTicket{left_s, ticket}));
}

Result<TicketIssuance> choose_issuance(const ServerConfig& config, const wire::ClientHello& hello, UnixSeconds now) {
  TicketIssuance issuance;
  issuance.max_fragment_length = granted_max_fragment_length(config, hello);
  if (!hello.extended_master_secret) return issuance;  // RFC 7627 5.4: what it leads to is not resumed
  if (hello.session_ticket && makes_tickets(config, now)) {
    issuance.what = Issue::ticket;
  } else if (keeps_sessions(config, now)) {
    issuance.what = Issue::session_id;
    issuance.id.resize(session_id_bytes);
    TOCSIN_TRY(config.provider->random(issuance.id));
  }
  return issuance;
}

}  // namespace tocsin::handshake::tls12::server
