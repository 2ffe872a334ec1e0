#pragma once
// A server's states before a version is chosen, and their handlers.
#include "core/handshake/tls12/server.h"
#include "core/handshake/tls13/server.h"

namespace tocsin::handshake::server {

using Config = std::shared_ptr<const ServerConfig>;

struct WaitClientHello {
  static constexpr Traits traits{"server START", std::nullopt, Phase::start};
};

/// The ClientHello is well-formed, whatever the version; it waits for a configuration. It was decoded once, and is not copied:
/// the engine keeps the bytes that both members view, unmoved, for as long as it is in this state, and until choose has
/// returned.
struct RecvdClientHello {
  static constexpr Traits traits{"server RECVD_CH", std::nullopt, Phase::handshake};
  wire::ClientHello hello;
  HandshakeMessage message;
};

To<RecvdClientHello> on(WaitClientHello, const wire::ClientHello&, const Context&, Effects&);

/// Not a message: the configuration has been chosen, and with it the version.
To<tls13::server::WaitSecondClientHello, tls13::server::WaitCertificate, tls13::server::WaitFinished,
   tls12::server::WaitCertificate, tls12::server::WaitClientKeyExchange, tls12::server_resumed::WaitChangeCipherSpec>
choose(RecvdClientHello, Config config, const Context&, Effects&);

}  // namespace tocsin::handshake::server
