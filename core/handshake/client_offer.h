#pragma once
// What a client offers, whatever version the server chooses: what the whole handshake needs to know of it, and the ClientHello.
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/handshake/context.h"
#include "core/handshake/effects.h"
#include "core/handshake/transcript.h"
#include "core/wire/client_hello.h"
#include "tocsin/config.h"

namespace tocsin::handshake {

/// What the ClientHello said and the whole handshake needs to know.
struct ClientOffer {
  std::shared_ptr<const ClientConfig> config;
  std::string name;  // to be verified
  bool sends_name;   // as SNI: it is a host name, not an address
  wire::Random random;
  std::array<std::uint8_t, 32> session_id;
  std::size_t session_id_bytes;  // 0 without middlebox compatibility and a session to resume
};

/// Over datagrams there is DTLS 1.2 alone, whatever the versions are.
bool offers_tls13(const ClientConfig& config, Transport transport);
bool offers_tls12(const ClientConfig& config, Transport transport);
/// One of a version that is offered.
bool offers_suite(const ClientConfig& config, CipherSuite suite, Transport transport);

/// Sends it, and takes it to the transcript. session_ticket (RFC 5077 3.2): one to resume, or an empty one that asks for one;
/// none: sessions are not kept. Reason: crypto_failed.
Result<Done> send_client_hello(const ClientOffer& offer, const std::vector<std::unique_ptr<KeyPair>>& key_pairs,
                               std::optional<ByteView> cookie, std::optional<ByteView> session_ticket, Transcript& transcript,
                               const Context& context, Effects& effects);

}  // namespace tocsin::handshake
