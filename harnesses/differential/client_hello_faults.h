#pragma once
// What is wrong with a ClientHello, judged by a reader of its own: the alerts that an RFC gives for it. Where a hello has
// several faults, no RFC says which is to be found first.
#include "harnesses/differential/alerts.h"
#include "harnesses/differential/flight.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::differential {

/// first: the hello that a HelloRetryRequest answered, if this one is the second.
Alerts faults_of_client_hello(const HelloSeen& hello, const HelloSeen* first, const stacks::PeerConfig& server);

/// The alerts that OpenSSL has for it and tocsin has not: for extensions that only OpenSSL knows, and where it deviates by a
/// row of the ledger.
Alerts faults_for_openssl_only(const HelloSeen& hello, const stacks::PeerConfig& server);

bool is_well_formed_in_client_hello(const ExtensionSeen& extension);
struct ServerNameSeen {
  std::uint8_t type;
  ByteView bytes;
};
/// None if the list is malformed.
std::vector<ServerNameSeen> server_names_of(const HelloSeen& hello);
/// RFC 6066 3.
bool has_two_of_a_type(const std::vector<ServerNameSeen>& names);
/// Whether a key share for another group is not a valid key.
bool has_invalid_share_besides(const HelloSeen& hello, NamedGroup group);
/// Whether there is a key share for the group.
bool has_share(const HelloSeen& hello, NamedGroup group);
/// Whether tocsin knows the extension.
bool is_known_here(std::uint16_t extension_type);

}  // namespace tocsin::differential
