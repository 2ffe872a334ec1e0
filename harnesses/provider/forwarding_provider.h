#pragma once
// A provider that hands everything on to another; what decorators have in common.
#include <memory>
#include <utility>

#include "tocsin/provider.h"

namespace tocsin::harness {

class ForwardingProvider : public Provider {
 public:
  explicit ForwardingProvider(std::shared_ptr<Provider> inner) : inner_(std::move(inner)) {}
  Result<Done> random(MutableBytes out) override { return inner_->random(out); }
  Result<std::unique_ptr<Hash>> hash(HashAlgorithm algorithm) override { return inner_->hash(algorithm); }
  Result<Secret> hmac(HashAlgorithm algorithm, ByteView key, ByteView first, ByteView second, ByteView third) override {
    return inner_->hmac(algorithm, key, first, second, third);
  }
  Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) override { return inner_->aead(suite, key); }
  Result<std::unique_ptr<KeyPair>> generate(NamedGroup group) override { return inner_->generate(group); }
  void forget_keys() override { inner_->forget_keys(); }

 private:
  std::shared_ptr<Provider> inner_;
};

}  // namespace tocsin::harness
