#pragma once
// Who stands between a client and a server, and hides an extension from the server to weaken what they come to.
#include "core/wire/extensions.h"
#include "fuzz/lib/input.h"
#include "harnesses/differential/expectation.h"

namespace tocsin::fuzz {

/// Turns the type of the extension in a ClientHello, a record that is whole, into one that nobody knows.
void hide(wire::ExtensionType type, Bytes& client_hello);

struct Hiding {
  wire::ExtensionType type;
  differential::Expectation expected;  // what the handshake comes to
};
/// By option hidden. Nothing as well where it would lead to TLS 1.3, whose transcripts do not agree then, or changes nothing.
std::optional<Hiding> hiding(const Input& input, peers::PeerConfig client, peers::PeerConfig server,
                             differential::Stack server_stack);

}  // namespace tocsin::fuzz
