#include "harnesses/checkers/core_verdict.h"

#include <algorithm>

#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"
#include "core/wire/server_hello.h"
#include "harnesses/dissect/dissect.h"
#include "harnesses/dissect/records.h"
#include "harnesses/stacks/tocsin/connection.h"

namespace tocsin::dissect {
namespace {

using Conclusion = CoreVerdict::Conclusion;

std::size_t first_record_bytes(ByteView rest) {
  const auto header = read_record_header(rest);
  return header ? std::min(rest.size(), RecordHeader::size_bytes + header->length_bytes) : rest.size();
}

// Byte by byte, so that the end stops at the first that it needs for its decision.
void feed(Connection& end, ByteView flight, Now now, const bool& has_keys, CoreVerdict& verdict) {
  Output out;
  while (verdict.taken_bytes < flight.size()) {
    const ByteView rest = flight.subspan(verdict.taken_bytes);
    if (has_keys && rest[0] == static_cast<std::uint8_t>(ContentType::application_data)) break;
    for (const std::uint8_t& byte : rest.first(first_record_bytes(rest))) {
      const Outcome outcome = end.receive({&byte, 1}, now, out);
      ++verdict.taken_bytes;
      if (outcome) continue;
      verdict.error = outcome.error();
      verdict.conclusion = outcome.error().fatal() != nullptr ? Conclusion::refuses : Conclusion::is_told;
      return;
    }
  }
  verdict.conclusion = has_keys ? Conclusion::goes_on : Conclusion::waits;
}

// Calls see(leaf) for each piece of a session id that a ServerHello or a HelloRetryRequest echoes.
template <class See>
void each_echo(const std::vector<Node>& nodes, std::string_view parent, See&& see) {
  for (const Node& node : nodes) {
    if (parent == "legacy_session_id_echo" && node.name == "opaque") see(node);
    each_echo(node.fields, node.name, see);
  }
}

Bytes with_session_id(ByteView flight, ByteView session_id) {
  Bytes changed(flight.begin(), flight.end());
  std::size_t next = 0;
  each_echo(dissect_records(flight).nodes, "", [&](const Node& echo) {
    for (std::size_t at = echo.offset; at < echo.end(); ++at) changed[at] = session_id[next++ % session_id.size()];
  });
  return changed;
}

template <auto decoder>
Result<Done> decode_with(ByteView body) {
  const auto decoded = decoder(body);
  if (!decoded) return decoded.error();
  return Done{};
}

}  // namespace

std::string_view name_of(Conclusion conclusion) {
  switch (conclusion) {
    case Conclusion::refuses:
      return "refuses";
    case Conclusion::is_told:
      return "is_told";
    case Conclusion::goes_on:
      return "goes_on";
    case Conclusion::waits:
      return "waits";
  }
  __builtin_unreachable();
}

CoreVerdict core_verdict_on_client_flight(ByteView flight) {
  CoreVerdict verdict{.check = "as a server with the default configuration and a certificate for localhost"};
  bool has_keys = false;
  auto config = std::make_shared<ServerConfig>(stacks::tocsin_server_config({}, [&](std::string_view) { has_keys = true; }));
  config->limits = {};
  Connection server = std::move(*Connection::server(std::move(config)));
  feed(server, flight, Now{}, has_keys, verdict);
  return verdict;
}

CoreVerdict core_verdict_on_server_flight(ByteView flight) {
  CoreVerdict verdict{.check =
                          "as a client with the default configuration, whose session id stands in the place of the one echoed"};
  std::size_t echoed_bytes = 0;
  each_echo(dissect_records(flight).nodes, "", [&](const Node& echo) { echoed_bytes += echo.size_bytes; });
  bool has_keys = false;
  auto config = std::make_shared<ClientConfig>(stacks::tocsin_client_config({}, [&](std::string_view) { has_keys = true; }));
  config->limits = {};
  config->middlebox_compatibility = echoed_bytes != 0;  // else it sends none
  if (echoed_bytes == 0) verdict.check = "as a client with the default configuration, but without a session id";
  Output hello;
  auto client = Connection::client(std::move(config), "localhost", Now{{}, stacks::peers_now}, hello);
  if (!client) {
    verdict.conclusion = Conclusion::refuses;
    verdict.error = client.error();
    return verdict;
  }
  ByteView flight_sent = hello.to_peer;
  ByteView content = take_record(flight_sent)->fragment;
  const auto sent = wire::decode_client_hello(take_message(content)->body);
  const bool can_be_echoed = sent && !sent->legacy_session_id.empty();
  const Bytes addressed =
      can_be_echoed ? with_session_id(flight, sent->legacy_session_id) : Bytes(flight.begin(), flight.end());
  feed(*client, addressed, Now{{}, stacks::peers_now}, has_keys, verdict);
  return verdict;
}

CoreVerdict core_verdict_on_messages(const std::vector<Message>& messages) {
  CoreVerdict verdict{.check = "as messages without a connection, each given to its decoder"};
  for (const Message& message : messages) {
    if (!message.is_whole) break;
    verdict.taken_bytes = message.node.end();
    const auto decoded = decode(message.type, message.body);
    if (!decoded || *decoded) continue;
    verdict.conclusion = Conclusion::refuses;
    verdict.error = decoded->error();
    break;
  }
  return verdict;
}

std::optional<Result<Done>> decode(std::uint8_t message_type, ByteView body) {
  switch (static_cast<HandshakeType>(message_type)) {
    case HandshakeType::client_hello:
      return decode_with<wire::decode_client_hello>(body);
    case HandshakeType::server_hello:
      return decode_with<wire::decode_server_hello>(body);
    case HandshakeType::new_session_ticket:
      return decode_with<wire::decode_new_session_ticket>(body);
    case HandshakeType::encrypted_extensions:
      return decode_with<wire::decode_encrypted_extensions>(body);
    case HandshakeType::certificate:
      return decode_with<wire::decode_certificate>(body);
    case HandshakeType::certificate_request:
      return decode_with<wire::decode_certificate_request>(body);
    case HandshakeType::certificate_verify:
      return decode_with<wire::decode_certificate_verify>(body);
    case HandshakeType::finished:
      return decode_with<wire::decode_finished>(body);
    case HandshakeType::key_update:
      return decode_with<wire::decode_key_update>(body);
    case HandshakeType::hello_request:
    case HandshakeType::hello_verify_request:
    case HandshakeType::server_key_exchange:
    case HandshakeType::server_hello_done:
    case HandshakeType::client_key_exchange:
    case HandshakeType::end_of_early_data:
    case HandshakeType::message_hash:
      break;
  }
  return std::nullopt;
}

}  // namespace tocsin::dissect
