#pragma once
// What a handler reads of the connection around its state. The engine makes it anew for each step.
#include <optional>

#include "core/handshake/transcript.h"
#include "core/wire/dtls/fragment.h"
#include "tocsin/algorithms.h"
#include "tocsin/provider.h"
#include "tocsin/time.h"

namespace tocsin::handshake {

/// What carries the records: a stream, as TLS has it, or datagrams, as DTLS has them.
enum class Transport : std::uint8_t { stream, datagram };

/// TLS 1.2 over that transport: itself, or DTLS 1.2.
constexpr ProtocolVersion tls12_over(Transport transport) {
  return transport == Transport::stream ? ProtocolVersion::tls12 : ProtocolVersion::dtls12;
}

struct Context {
  Transport transport = Transport::stream;
  /// The day, for certificates and sessions. 0: unknown.
  UnixSeconds date{};
  /// What the step is about: the peer's message. Empty if it is about none.
  HandshakeMessage message{};
  /// DTLS: of the first message that this step sends.
  std::uint16_t next_message_seq = 0;
  /// DTLS: what the peer's records to us are to carry, perhaps nothing; none: connection ids are not negotiated (RFC 9146 3).
  std::optional<ByteView> connection_id = std::nullopt;

  /// Of the message.
  ByteView body() const { return message.bytes.subspan(wire::message_header_bytes); }
};

}  // namespace tocsin::handshake
