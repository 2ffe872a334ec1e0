#pragma once
// Configurations drawn from an input's options.
#include <memory>

#include "harnesses/scenarios/input.h"
#include "harnesses/stacks/peer_config.h"
#include "harnesses/stacks/tocsin/connection.h"
#include "tocsin/config.h"

namespace tocsin::harness {

/// For any stack.
stacks::PeerConfig server_options(const Input& input);
stacks::PeerConfig client_options(const Input& input);

/// The default ones, or the least that an honest handshake can do with.
Limits limits_of(const Input& input);

/// The most that content, type and padding of a protected record of each end may be together, or in TLS 1.2 the content alone,
/// once both ends of tocsin know what both have asked for (RFC 8449 4). 0: no less than always.
struct RecordLimits {
  std::uint16_t of_client = 0, of_server = 0;
};
RecordLimits record_limits(const stacks::PeerConfig& client, const stacks::PeerConfig& server);

/// For tocsin over any provider. The certificate is the provider's, whatever the option says; a client's, and the verifier of
/// clients, are the caller's to add.
ServerConfig server_config(const Input& input, std::shared_ptr<Provider> provider,
                           std::shared_ptr<const CertifiedKey> certificate);
ClientConfig client_config(const Input& input, std::shared_ptr<Provider> provider,
                           std::shared_ptr<const CertificateVerifier> verifier);

/// The server's entry point that the input asks for.
stacks::EntryPoint entry_point(const Input& input);
/// As many bytes as the option asks for, different for each seed.
Bytes application_data(const Input& input, std::uint8_t seed);

}  // namespace tocsin::harness
