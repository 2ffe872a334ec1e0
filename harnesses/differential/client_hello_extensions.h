#pragma once
// The extensions of a ClientHello as a reader of its own takes them: their form, and who knows them.
#include "harnesses/differential/flight.h"

namespace tocsin::differential {

/// True of an extension that is not known here.
bool is_well_formed_in_client_hello(const ExtensionSeen& extension);

struct ServerNameSeen {
  std::uint8_t type;
  ByteView bytes;
};
/// None if the list is malformed.
std::vector<ServerNameSeen> server_names_of(const HelloSeen& hello);

/// Whether tocsin knows the extension.
bool is_known_here(std::uint16_t extension_type);
/// Whether OpenSSL 3.0 does.
bool is_known_to_openssl(std::uint16_t extension_type);

}  // namespace tocsin::differential
