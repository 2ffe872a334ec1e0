#include "harnesses/scenarios/loopback.h"

#include <array>
#include <utility>

#include "harnesses/scenarios/configs.h"
#include "harnesses/stacks/pump.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {
namespace {

// False if there was nothing to deliver. An error stays in the connection, which checks itself.
bool deliver(Output& from, std::size_t chunk_bytes, CheckedConnection& to, Output& answer) {
  const Bytes sent = std::exchange(from.to_peer, {});
  if (!to.error()) stacks::each_piece(sent, chunk_bytes, [&](ByteView piece) { return bool(to.receive(piece, answer)); });
  return !sent.empty();
}

// RFC 9846 6.1: what follows a close_notify is ignored.
bool knows(const CheckedConnection& end, const CheckedConnection& other_end) {
  return !other_end.error() || end.error() || (end.connection() != nullptr && end.connection()->is_closed_by_peer());
}

bool negotiated_the_same(const Negotiated& a, const Negotiated& b) {
  return a.version == b.version && a.cipher_suite == b.cipher_suite && a.group == b.group &&
         a.signature_scheme == b.signature_scheme && a.application_protocol == b.application_protocol &&
         a.server_name == b.server_name && a.retried == b.retried && a.resumed == b.resumed &&
         a.client_certificate == b.client_certificate && a.client_signature_scheme == b.client_signature_scheme;
}

}  // namespace

Loopback::Loopback(ClientConfig client_config, CheckOptions client_checks, ServerConfig server_config, EntryPoint entry_point,
                   CheckOptions server_checks)
    : client(std::move(client_config), "localhost", stacks::peers_now, from_client, std::move(client_checks)),
      server(std::move(server_config), entry_point, std::move(server_checks)) {}

void Loopback::exchange(std::size_t chunk_bytes) {
  stacks::until_silent([&] { return deliver(from_client, chunk_bytes, server, from_server); },
                       [&] { return deliver(from_server, chunk_bytes, client, from_client); });
  check(Invariant::fatal_queues_one_alert, knows(client, server) && knows(server, client),
        "one end failed and the other does not know");
}

bool Loopback::exports_agree() {
  std::array<std::uint8_t, 32> of_client{}, of_server{};
  const auto exports = [](CheckedConnection& end, MutableBytes key, Output& out) {
    return bool(end.export_keying_material("EXPORTER-tocsin", bytes_of("context"), key, out));
  };
  return exports(client, of_client, from_client) && exports(server, of_server, from_server) && of_client == of_server;
}

bool Loopback::agrees(const Input& input) {
  if (!negotiated_the_same(client.connection()->negotiated(), server.connection()->negotiated()) || !exports_agree())
    return false;
  Bytes of_client = application_data(input, 'c'), of_server = application_data(input, 's');
  of_client.push_back('c');  // without any data nothing would show that the keys are the same
  of_server.push_back('s');
  if (!client.send(of_client, from_client) || !server.send(of_server, from_server)) return false;
  exchange(0);
  return from_server.application_data == of_client && from_client.application_data == of_server && !client.error();
}

}  // namespace tocsin::harness
