#pragma once
// Handshake messages (RFC 9846 section 4).
#include <vector>

#include "harnesses/dissect/node.h"
#include "tocsin/bytes.h"

namespace tocsin::dissect {

struct Message {
  std::uint8_t type = 0;
  ByteView body;  // what there is of it
  bool is_whole = false;
  bool is_read = false;  // as a message of TLS 1.3; else its body is shown as bytes
  Node node{};           // offsets are those in the stream
};

/// stream: what handshake records hold, one after another. The last message may be cut off.
std::vector<Message> read_messages(ByteView stream);

/// body: of a ClientHello of DTLS, whose cookie stands behind the session id (RFC 6347 4.2.1). Offsets are those in the body.
Node read_dtls_client_hello(ByteView body);

/// Looks for a message that only TLS 1.2 and older have, or a ServerHello of theirs: what follows a change_cipher_spec is
/// encrypted then.
class Tls12Search {
 public:
  /// stream: that of the call before, or longer. Each message is looked at once.
  bool finds(ByteView stream);

 private:
  std::size_t seen_bytes_ = 0;  // whole messages
  bool is_found_ = false;
};

}  // namespace tocsin::dissect
