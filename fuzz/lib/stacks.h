#pragma once
// A client and a server, each tocsin or OpenSSL, over real cryptography, that talk to each other honestly.
#include <memory>

#include "fuzz/lib/input.h"
#include "harnesses/peers/peer.h"
#include "harnesses/peers/peer_config.h"

namespace tocsin::fuzz {

class Stacks {
 public:
  /// Option peer, modulo 3: 0 both are tocsin, 1 the server is OpenSSL, 2 the client is. Both ends' configurations as the other
  /// options want them, where OpenSSL can do the same.
  explicit Stacks(const Input& input);

  /// Whether RFC 8446 lets these configurations complete: a common suite, group, signature scheme, and protocol if both want
  /// one.
  bool have_something_in_common() const;
  /// Carries what is under way, in pieces (0: whole), until nothing is.
  void exchange(std::size_t chunk_bytes);
  bool are_complete() const;
  /// For people: both configurations' outcome.
  std::string describe() const;

  const bool client_is_openssl, server_is_openssl;
  const peers::PeerConfig client_config, server_config;
  const std::unique_ptr<peers::Peer> client, server;
};

}  // namespace tocsin::fuzz
