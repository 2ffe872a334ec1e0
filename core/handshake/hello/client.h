#pragma once
// A client's state before a version is chosen, and its handlers.
#include <memory>
#include <vector>

#include "core/handshake/tls12/client.h"
#include "core/handshake/tls13/client.h"
#include "core/wire/dtls/hello_verify_request.h"

namespace tocsin::handshake::client {

using Config = std::shared_ptr<const ClientConfig>;

struct WaitServerHello {
  static constexpr Traits traits{"client WAIT_SH", std::nullopt, Phase::handshake};
  ClientOffer offer;
  std::unique_ptr<tls12::ClientSession> offered;  // to be resumed; null: none
  Transcript transcript;
  std::vector<std::unique_ptr<KeyPair>> key_pairs;
  std::uint32_t verify_requests = 0;  // HelloVerifyRequests that were answered, in DTLS

  /// tls12 stands for DTLS 1.2 too.
  bool offers(ProtocolVersion version) const { return is_enabled(*offer.config, version); }
};

/// Not a message: sends the first ClientHello.
Result<WaitServerHello> start(Config config, std::string_view name, bool sends_name, const Context&, Effects&);

To<tls13::client::WaitServerHelloAfterRetry> on(WaitServerHello, const wire::HelloRetryRequest&, const Context&, Effects&);
To<WaitServerHello> on(WaitServerHello, const wire::HelloVerifyRequest&, const Context&, Effects&);
/// Of a client that offers TLS 1.2 alone: ignored while a handshake is under way (RFC 5246 7.4.1.1). TLS 1.3 has no such message.
To<WaitServerHello> on(WaitServerHello, const wire::tls12::HelloRequest&, const Context&, Effects&);
To<tls13::client::WaitEncryptedExtensions, tls12::client::WaitCertificate, tls12::client_resumed::WaitNewSessionTicket,
   tls12::client_resumed::WaitChangeCipherSpec>
on(WaitServerHello, const wire::ServerHello&, const Context&, Effects&);

}  // namespace tocsin::handshake::client
