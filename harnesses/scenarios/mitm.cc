#include "harnesses/scenarios/mitm.h"

namespace tocsin::harness {

using differential::Expectation;
using stacks::PeerConfig;
using wire::ExtensionType;

void strip_extension(ExtensionType type, Bytes& client_hello) {
  constexpr std::uint8_t unknown = 0x7e;  // with any second byte
  Reader reader(client_hello);
  reader.take(5 + 4 + 2 + 32);
  reader.vector8();
  reader.vector16();
  reader.vector8();
  for (Reader extensions(reader.vector16()); !extensions.empty();) {
    const auto at = client_hello.size() - reader.size() - extensions.size();
    if (static_cast<ExtensionType>(extensions.u16()) == type) client_hello[at] = unknown;
    extensions.vector16();
  }
}

std::optional<StripExtension> generate_attack(const Input& input, PeerConfig client, PeerConfig server,
                                              differential::Stack server_stack) {
  const unsigned choice = input.option(Tag::hidden, 0) % 3;
  const bool is_downgrade = choice == 1;
  const bool both_speak_tls12 = speaks(client, ProtocolVersion::tls12) && speaks(server, ProtocolVersion::tls12);
  const bool both_speak_tls13 = speaks(client, ProtocolVersion::tls13) && speaks(server, ProtocolVersion::tls13);
  if (choice == 0 || !both_speak_tls12 || both_speak_tls13 != is_downgrade) return std::nullopt;
  // What the server finds comes first.
  client.versions = server.versions = {ProtocolVersion::tls12};
  client.server_name = "localhost";
  server.client_authentication = ClientAuthentication::none;
  Expectation expected = expect(client, server, server_stack);
  if (is_downgrade && expected.completes)  // RFC 9846 4.2.3: the client sees the server's random
    expected.alerts.add(AlertDescription::illegal_parameter);
  if (!is_downgrade)  // RFC 7627 5.2 and 5.3: the server misses it at once, or the client in the ServerHello
    expected.alerts.add(AlertDescription::handshake_failure);
  expected.completes = false;
  return StripExtension{is_downgrade ? ExtensionType::supported_versions : ExtensionType::extended_master_secret, expected};
}

}  // namespace tocsin::harness
