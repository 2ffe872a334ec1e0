#pragma once
#include <memory>

#include "core/crypto/openssl/support.h"

namespace tocsin::crypto {

/// Key exchange in one group, with everything fetched that its key pairs need. For one thread.
class KeyExchange : public std::enable_shared_from_this<KeyExchange> {
 public:
  /// Null if libcrypto cannot do it.
  static std::shared_ptr<KeyExchange> make(NamedGroup group);

  NamedGroup group() const { return group_; }
  Result<std::unique_ptr<KeyPair>> generate();
  Result<Secret> derive(EVP_PKEY* own, ByteView peer_public_key);

 private:
  KeyExchange(NamedGroup group, KeyContextPtr generator, KeyPtr peer);

  NamedGroup group_;
  KeyContextPtr generator_;
  KeyPtr peer_;  // filled with each peer's public key in turn: a new object would cost three times as much
};

}  // namespace tocsin::crypto
