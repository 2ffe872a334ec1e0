#pragma once
// The transcript hash (RFC 8446 section 4.4.1, RFC 5246 section 7.4.9). Before the cipher suite is known the messages are kept,
// then hashed.
#include <memory>

#include "tocsin/provider.h"

namespace tocsin::handshake {

class Transcript {
 public:
  /// message: with its 4-byte header.
  Result<Done> add(ByteView message);
  /// Once, when the suite is known.
  Result<Done> start(Provider& provider, HashAlgorithm algorithm);
  /// Instead of start(): the messages go on being kept as well, until stop_keeping(), for a CertificateVerify of TLS 1.2, which
  /// signs with a hash of its own.
  Result<Done> start_and_keep(Provider& provider, HashAlgorithm algorithm);
  void stop_keeping();
  ByteView kept() const { return kept_; }
  /// Replaces everything so far, one ClientHello, by its message_hash, after a HelloRetryRequest. start() came before.
  Result<Done> replace_by_message_hash(Provider& provider, HashAlgorithm algorithm);
  /// After start().
  Result<Secret> current() { return hash_->current(); }

 private:
  Bytes kept_;
  std::unique_ptr<Hash> hash_;
  bool keeps_ = true;
};

}  // namespace tocsin::handshake
