#pragma once
// A man in the middle that strips one ClientHello extension to force a downgrade.
#include "core/wire/extensions.h"
#include "harnesses/differential/expectation.h"
#include "harnesses/scenarios/input.h"

namespace tocsin::harness {

/// Turns the type of the extension in a ClientHello, a record that is whole, into one that nobody knows.
void strip_extension(wire::ExtensionType type, Bytes& client_hello);

struct StripExtension {
  wire::ExtensionType type;
  differential::Expectation expected;  // what the handshake comes to
};
/// By option hidden. Nothing as well where it would lead to TLS 1.3, whose transcripts do not agree then, or changes nothing.
std::optional<StripExtension> generate_attack(const Input& input, stacks::PeerConfig client, stacks::PeerConfig server,
                                              differential::Stack server_stack);

}  // namespace tocsin::harness
