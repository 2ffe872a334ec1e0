#pragma once
// The transcript hash (RFC 8446 section 4.4.1). Before the cipher suite is known the messages are kept, then hashed.
#include <memory>

#include "tocsin/provider.h"

namespace tocsin::handshake {

class Transcript {
 public:
  /// message: with its 4-byte header.
  Result<Done> add(ByteView message);
  /// Once, when the suite is known.
  Result<Done> start(Provider& provider, HashAlgorithm algorithm);
  /// Replaces everything so far, one ClientHello, by its message_hash, after a HelloRetryRequest. start() came before.
  Result<Done> replace_by_message_hash(Provider& provider, HashAlgorithm algorithm);
  /// After start().
  Result<Secret> current() { return hash_->current(); }

 private:
  Bytes kept_;
  std::unique_ptr<Hash> hash_;
};

}  // namespace tocsin::handshake
