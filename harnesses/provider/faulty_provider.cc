#include "harnesses/provider/faulty_provider.h"

#include <algorithm>
#include <utility>

#include "harnesses/provider/forwarding_provider.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

std::string_view name_of(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::hash:
      return "hash";
    case Fault::Kind::hmac:
      return "hmac";
    case Fault::Kind::public_key:
      return "public_key";
    case Fault::Kind::derive:
      return "derive";
    case Fault::Kind::aead_key:
      return "aead_key";
    case Fault::Kind::seal_plaintext:
      return "seal_plaintext";
    case Fault::Kind::seal_ciphertext:
      return "seal_ciphertext";
    case Fault::Kind::sign:
      return "sign";
  }
  __builtin_unreachable();
}

using Kind = Fault::Kind;
using InjectorPtr = std::shared_ptr<FaultInjector>;

class FaultyHash final : public Hash {
 public:
  FaultyHash(std::unique_ptr<Hash> inner, InjectorPtr injector) : inner_(std::move(inner)), injector_(std::move(injector)) {}
  Result<Done> update(ByteView bytes) override { return inner_->update(bytes); }
  Result<Secret> current() override {
    TOCSIN_TRY_SET(Secret digest, inner_->current());
    injector_->strike(Kind::hash, digest.mutable_bytes());
    return digest;
  }

 private:
  std::unique_ptr<Hash> inner_;
  InjectorPtr injector_;
};

class FaultyAead final : public Aead {
 public:
  FaultyAead(std::unique_ptr<Aead> inner, InjectorPtr injector) : inner_(std::move(inner)), injector_(std::move(injector)) {}

  Result<Done> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out) override {
    if (injector_->is_due(Kind::seal_plaintext)) {
      plaintext_.assign(plaintext.begin(), plaintext.end());
      injector_->strike(Kind::seal_plaintext, plaintext_);
      TOCSIN_TRY(inner_->seal(nonce, aad, plaintext_, out));
    } else {
      TOCSIN_TRY(inner_->seal(nonce, aad, plaintext, out));
      // Counts the operation; the fault itself strikes above.
      injector_->strike(Kind::seal_plaintext, out.first(plaintext.size()));
    }
    injector_->strike(Kind::seal_ciphertext, out);
    return Done{};
  }
  Result<Done> open(const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out) override {
    return inner_->open(nonce, aad, sealed, out);
  }

 private:
  std::unique_ptr<Aead> inner_;
  InjectorPtr injector_;
  Bytes plaintext_;
};

class FaultyKeyPair final : public KeyPair {
 public:
  FaultyKeyPair(std::unique_ptr<KeyPair> inner, InjectorPtr injector)
      : inner_(std::move(inner)), injector_(std::move(injector)) {
    public_key_.assign(inner_->public_key().begin(), inner_->public_key().end());
    const std::size_t bits = public_key_.size() * 8;
    injector_->strike(Kind::public_key, public_key_, inner_->group() == NamedGroup::x25519 ? bits - 1 : bits);
  }
  NamedGroup group() const override { return inner_->group(); }
  ByteView public_key() const override { return public_key_; }
  Result<Secret> derive(ByteView peer_public_key) const override {
    TOCSIN_TRY_SET(Secret shared, inner_->derive(peer_public_key));
    injector_->strike(Kind::derive, shared.mutable_bytes());
    return shared;
  }

 private:
  std::unique_ptr<KeyPair> inner_;
  InjectorPtr injector_;
  Bytes public_key_;
};

class FaultySigningKey final : public SigningKey {
 public:
  FaultySigningKey(std::shared_ptr<const SigningKey> inner, InjectorPtr injector)
      : inner_(std::move(inner)), injector_(std::move(injector)) {}
  bool can_sign_with(SignatureScheme scheme, ProtocolVersion version) const override {
    return inner_->can_sign_with(scheme, version);
  }
  Result<Done> sign(SignatureScheme scheme, ByteView message, Bytes& out) const override {
    const std::size_t at = out.size();
    TOCSIN_TRY(inner_->sign(scheme, message, out));
    injector_->strike(Kind::sign, MutableBytes(out).subspan(at));
    return Done{};
  }

 private:
  std::shared_ptr<const SigningKey> inner_;
  InjectorPtr injector_;
};

/// An HMAC that is a block of something longer, of which nobody reads what stands behind its end: there a flipped bit would
/// not be noticed.
struct Block {
  std::size_t begin = 0;              // in the whole
  std::optional<std::size_t> length;  // of the whole; nothing: all of the block is used, or the caller alone knows
};

/// RFC 9846 7.1, RFC 5869 2.3: the length stands in the HkdfLabel, and the number of the block behind it.
std::optional<Block> block_of_hkdf(std::size_t block_bytes, ByteView second, ByteView third) {
  const bool expands = third.size() == 1 && third[0] != 0 && second.size() > 2;
  if (!expands) return std::nullopt;
  return Block{(third[0] - std::size_t{1}) * block_bytes, std::size_t{second[0]} << 8 | second[1]};
}

constexpr std::string_view key_expansion = "key expansion";

/// How much the PRF of TLS 1.2 makes for this label (RFC 5246 8.1, 7.4.9; RFC 7627 4).
std::optional<std::size_t> prf_bytes(std::string_view label) {
  if (label == "master secret" || label == "extended master secret") return 48;
  if (label == "client finished" || label == "server finished") return 12;
  return std::nullopt;
}

class FaultyProvider final : public ForwardingProvider {
 public:
  FaultyProvider(std::shared_ptr<Provider> inner, InjectorPtr injector)
      : ForwardingProvider(std::move(inner)), injector_(std::move(injector)) {}

  Result<std::unique_ptr<Hash>> hash(HashAlgorithm algorithm) override {
    TOCSIN_TRY_SET(auto inner, ForwardingProvider::hash(algorithm));
    return std::unique_ptr<Hash>(std::make_unique<FaultyHash>(std::move(inner), injector_));
  }
  Result<Secret> hmac(HashAlgorithm algorithm, ByteView key, ByteView first, ByteView second, ByteView third) override {
    TOCSIN_TRY_SET(Secret mac, ForwardingProvider::hmac(algorithm, key, first, second, third));
    const std::size_t block_bytes = mac.size();
    const Block block = block_of_hkdf(block_bytes, second, third).value_or(block_of_prf(block_bytes, second, third));
    if (!third.empty() && text_of(second) == key_expansion) {
      injector_->strike_key_block(mac.mutable_bytes(), block.begin);
    } else {
      const std::size_t length = block.length.value_or(block.begin + block_bytes);
      injector_->strike(Kind::hmac, mac.mutable_bytes(), std::min(block_bytes, length - std::min(length, block.begin)) * 8);
    }
    return mac;
  }
  Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) override {
    Secret changed(key);
    injector_->strike(Kind::aead_key, changed.mutable_bytes());
    TOCSIN_TRY_SET(auto inner, ForwardingProvider::aead(suite, changed));
    return std::unique_ptr<Aead>(std::make_unique<FaultyAead>(std::move(inner), injector_));
  }
  Result<std::unique_ptr<KeyPair>> generate(NamedGroup group) override {
    TOCSIN_TRY_SET(auto inner, ForwardingProvider::generate(group));
    return std::unique_ptr<KeyPair>(std::make_unique<FaultyKeyPair>(std::move(inner), injector_));
  }

 private:
  /// RFC 5246 5: what is made is HMAC(secret, A(i) + label + seed) for i = 1, 2, ..., and A(1) is HMAC(secret, label + seed).
  Block block_of_prf(std::size_t block_bytes, ByteView second, ByteView third) {
    const bool begins = !second.empty() && third.empty();
    if (begins || third.empty()) {
      if (begins) blocks_of_prf_ = 0;
      return {};
    }
    return {blocks_of_prf_++ * block_bytes, prf_bytes(text_of(second))};
  }

  InjectorPtr injector_;
  std::size_t blocks_of_prf_ = 0;  // made with the label at hand
};

}  // namespace

void FaultInjector::strike_key_block(MutableBytes piece, std::size_t begin) {
  const bool had_fired = fired_;
  strike(Fault::Kind::hmac, piece);
  if (!had_fired && fired_) key_block_byte_ = begin + fault_.bit % (piece.size() * 8) / 8;
}

void FaultInjector::strike(Fault::Kind kind, MutableBytes result, std::size_t bits) {
  if (kind != fault_.kind || bits == 0) return;
  if (seen_++ != fault_.nth) return;
  const std::size_t bit = fault_.bit % bits;
  result[bit / 8] = static_cast<std::uint8_t>(result[bit / 8] ^ 1u << bit % 8);
  fired_ = true;
  emit([&] {
    return NoteEvent{"crypto", "bit " + std::to_string(bit) + " of " + std::to_string(bits) + " is flipped in result " +
                                   std::to_string(fault_.nth) + " of kind " + std::string(name_of(kind))};
  });
}

std::shared_ptr<Provider> make_faulty_provider(std::shared_ptr<Provider> inner, std::shared_ptr<FaultInjector> injector) {
  return std::make_shared<FaultyProvider>(std::move(inner), std::move(injector));
}

std::shared_ptr<const CertifiedKey> faulty_certified_key(std::shared_ptr<const CertifiedKey> inner,
                                                         std::shared_ptr<FaultInjector> injector) {
  auto certified = std::make_shared<CertifiedKey>(*inner);
  certified->key = std::make_shared<FaultySigningKey>(inner->key, std::move(injector));
  return certified;
}

}  // namespace tocsin::harness
