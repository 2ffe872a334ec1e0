#include "harnesses/provider/calling_provider.h"

#include <utility>

#include "harnesses/provider/forwarding_provider.h"

namespace tocsin::harness {
namespace {

// What every decorated object is: another one, and whom to call.
template <class Interface, class Inner>
struct Calling : Interface {
  Calling(Inner inner_object, CallBack call_back) : inner(std::move(inner_object)), call(std::move(call_back)) {}
  Inner inner;
  CallBack call;
};

struct CallingHash final : Calling<Hash, std::unique_ptr<Hash>> {
  using Calling::Calling;
  Result<Done> update(ByteView bytes) override { return call(), inner->update(bytes); }
  Result<Secret> current() override { return call(), inner->current(); }
};

struct CallingAead final : Calling<Aead, std::unique_ptr<Aead>> {
  using Calling::Calling;
  Result<Done> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out) override {
    return call(), inner->seal(nonce, aad, plaintext, out);
  }
  Result<Done> open(const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out) override {
    return call(), inner->open(nonce, aad, sealed, out);
  }
};

struct CallingKeyPair final : Calling<KeyPair, std::unique_ptr<KeyPair>> {
  using Calling::Calling;
  NamedGroup group() const override { return inner->group(); }
  ByteView public_key() const override { return inner->public_key(); }
  Result<Secret> derive(ByteView peer_public_key) const override { return call(), inner->derive(peer_public_key); }
};

struct CallingSigningKey final : Calling<SigningKey, std::shared_ptr<const SigningKey>> {
  using Calling::Calling;
  bool can_sign_with(SignatureScheme scheme, ProtocolVersion version) const override {
    return call(), inner->can_sign_with(scheme, version);
  }
  Result<Done> sign(SignatureScheme scheme, ByteView message, Bytes& out) const override {
    return call(), inner->sign(scheme, message, out);
  }
};

struct CallingPublicKey final : Calling<PublicKey, std::unique_ptr<PublicKey>> {
  using Calling::Calling;
  bool can_verify_with(SignatureScheme scheme, ProtocolVersion version) const override {
    return call(), inner->can_verify_with(scheme, version);
  }
  Result<Done> verify(SignatureScheme scheme, ByteView message, ByteView signature) const override {
    return call(), inner->verify(scheme, message, signature);
  }
};

template <class Interface, class Decorated>
Result<std::unique_ptr<Interface>> decorated(Result<std::unique_ptr<Interface>> made, const CallBack& call) {
  if (!made) return made;
  return std::unique_ptr<Interface>(std::make_unique<Decorated>(std::move(*made), call));
}

class CallingProvider final : public Provider {
 public:
  CallingProvider(std::shared_ptr<Provider> inner, CallBack call) : inner_(std::move(inner)), call_(std::move(call)) {}
  Result<Done> random(MutableBytes out) override { return call_(), inner_->random(out); }
  Result<std::unique_ptr<Hash>> hash(HashAlgorithm algorithm) override {
    return call_(), decorated<Hash, CallingHash>(inner_->hash(algorithm), call_);
  }
  Result<Secret> hmac(HashAlgorithm algorithm, ByteView key, ByteView first, ByteView second, ByteView third) override {
    return call_(), inner_->hmac(algorithm, key, first, second, third);
  }
  Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) override {
    return call_(), decorated<Aead, CallingAead>(inner_->aead(suite, key), call_);
  }
  Result<std::unique_ptr<KeyPair>> generate(NamedGroup group) override {
    return call_(), decorated<KeyPair, CallingKeyPair>(inner_->generate(group), call_);
  }
  void forget_keys() override { call_(), inner_->forget_keys(); }

 private:
  std::shared_ptr<Provider> inner_;
  CallBack call_;
};

struct CallingVerifier final : Calling<CertificateVerifier, std::shared_ptr<const CertificateVerifier>> {
  using Calling::Calling;
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, std::string_view name,
                                            UnixSeconds now) const override {
    return call(), decorated<PublicKey, CallingPublicKey>(inner->verify(chain, name, now), call);
  }
};

struct CallingClientVerifier final : Calling<ClientCertificateVerifier, std::shared_ptr<const ClientCertificateVerifier>> {
  using Calling::Calling;
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, UnixSeconds now) const override {
    return call(), decorated<PublicKey, CallingPublicKey>(inner->verify(chain, now), call);
  }
};

struct CallingStore final : Calling<SessionStore, std::shared_ptr<SessionStore>> {
  using Calling::Calling;
  void keep(ByteView key, ByteView session, UnixSeconds until) override { call(), inner->keep(key, session, until); }
  SecretBytes find(ByteView key) override { return call(), inner->find(key); }
  void forget(ByteView key) override { call(), inner->forget(key); }
};

}  // namespace

std::shared_ptr<Provider> make_calling_provider(std::shared_ptr<Provider> inner, CallBack call) {
  return std::make_shared<CallingProvider>(std::move(inner), std::move(call));
}

std::shared_ptr<const CertifiedKey> calling_certified_key(const CertifiedKey& inner, CallBack call) {
  auto made = std::make_shared<CertifiedKey>(inner);
  made->key = std::make_shared<CallingSigningKey>(inner.key, std::move(call));
  return made;
}

std::shared_ptr<const CertificateVerifier> make_calling_verifier(std::shared_ptr<const CertificateVerifier> inner,
                                                                 CallBack call) {
  return std::make_shared<CallingVerifier>(std::move(inner), std::move(call));
}

std::shared_ptr<const ClientCertificateVerifier> make_calling_verifier(std::shared_ptr<const ClientCertificateVerifier> inner,
                                                                       CallBack call) {
  return std::make_shared<CallingClientVerifier>(std::move(inner), std::move(call));
}

std::shared_ptr<SessionStore> make_calling_store(std::shared_ptr<SessionStore> inner, CallBack call) {
  return std::make_shared<CallingStore>(std::move(inner), std::move(call));
}

}  // namespace tocsin::harness
