#include "core/crypto/openssl/key_exchange.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::crypto {
namespace {

constexpr std::size_t public_key_bytes_max = 97;
constexpr std::uint8_t uncompressed_point = 4;

struct Shape {
  const char* key_type;
  const char* group_name;  // null where the key type says it all
  std::size_t public_key_bytes;
};

//= RFC 9846 9.1 //# A TLS-compliant application MUST support key exchange with secp256r1 (NIST P-256) and
Shape shape_of(NamedGroup group) {
  switch (group) {
    case NamedGroup::secp256r1:
      return {"EC", "P-256", 65};
    case NamedGroup::secp384r1:
      return {"EC", "P-384", 97};
    case NamedGroup::x25519:
      return {"X25519", nullptr, 32};
  }
  __builtin_unreachable();
}

bool all_zero(ByteView bytes) {
  unsigned seen = 0;
  for (const std::uint8_t byte : bytes) seen |= byte;
  return seen == 0;
}

class OpensslKeyPair final : public KeyPair {
 public:
  OpensslKeyPair(std::shared_ptr<KeyExchange> exchange, KeyPtr key) : exchange_(std::move(exchange)), key_(std::move(key)) {}

  bool load_public_key() {
    return EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, public_key_.data(),
                                           public_key_.size(), &public_key_bytes_) == 1 &&
           public_key_bytes_ == shape_of(group()).public_key_bytes;
  }

  NamedGroup group() const override { return exchange_->group(); }
  ByteView public_key() const override { return {public_key_.data(), public_key_bytes_}; }
  Result<Secret> derive(ByteView peer_public_key) const override { return exchange_->derive(key_.get(), peer_public_key); }

 private:
  std::shared_ptr<KeyExchange> exchange_;
  KeyPtr key_;
  std::array<std::uint8_t, public_key_bytes_max> public_key_;
  std::size_t public_key_bytes_ = 0;
};

/// A key object of the group that public keys can be written to.
KeyPtr make_peer(const Shape& shape) {
  if (shape.group_name == nullptr) {
    const std::array<std::uint8_t, 32> base_point{9};
    return KeyPtr(EVP_PKEY_new_raw_public_key_ex(nullptr, shape.key_type, nullptr, base_point.data(), base_point.size()));
  }
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, shape.key_type, nullptr));
  EVP_PKEY* parameters = nullptr;
  if (!context || EVP_PKEY_paramgen_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_group_name(context.get(), shape.group_name) != 1 || EVP_PKEY_paramgen(context.get(), &parameters) != 1) {
    return nullptr;
  }
  return KeyPtr(parameters);
}

}  // namespace

KeyExchange::KeyExchange(NamedGroup group, KeyContextPtr generator, KeyPtr peer)
    : group_(group), generator_(std::move(generator)), peer_(std::move(peer)) {}

std::shared_ptr<KeyExchange> KeyExchange::make(NamedGroup group) {
  const Shape shape = shape_of(group);
  KeyContextPtr generator(EVP_PKEY_CTX_new_from_name(nullptr, shape.key_type, nullptr));
  if (!generator || EVP_PKEY_keygen_init(generator.get()) != 1) return nullptr;
  if (shape.group_name != nullptr && EVP_PKEY_CTX_set_group_name(generator.get(), shape.group_name) != 1) return nullptr;
  KeyPtr peer = make_peer(shape);
  if (!peer) return nullptr;
  return std::shared_ptr<KeyExchange>(new KeyExchange(group, std::move(generator), std::move(peer)));
}

Result<std::unique_ptr<KeyPair>> KeyExchange::generate() {
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_generate(generator_.get(), &key) != 1) return failed();
  auto pair = std::make_unique<OpensslKeyPair>(shared_from_this(), KeyPtr(key));
  if (!pair->load_public_key()) return failed();
  return std::unique_ptr<KeyPair>(std::move(pair));
}

Result<Secret> KeyExchange::derive(EVP_PKEY* own, ByteView peer_public_key) {
  const Shape shape = shape_of(group_);
  // RFC 9846 4.3.8.2: only the uncompressed form. That a point is on its curve is checked by libcrypto when it reads the point;
  // more is not needed on curves of cofactor 1, so its full validation, which costs a multiplication, is left out.
  //= RFC 9846 4.3.8.2 //# For the curves secp256r1, secp384r1, and secp521r1, peers MUST validate each other's
  if (peer_public_key.size() != shape.public_key_bytes ||
      (group_ != NamedGroup::x25519 && peer_public_key[0] != uncompressed_point) ||
      EVP_PKEY_set1_encoded_public_key(peer_.get(), peer_public_key.data(), peer_public_key.size()) != 1) {
    return failed(Reason::key_share_invalid);
  }
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, own, nullptr));
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer_ex(context.get(), peer_.get(), 0) != 1) {
    return failed();
  }
  Secret shared(Secret::bytes_max);
  std::size_t shared_bytes = shared.size();
  const bool derived = EVP_PKEY_derive(context.get(), shared.mutable_bytes().data(), &shared_bytes) == 1;
  if (group_ == NamedGroup::x25519) {
    // RFC 9846 7.4.2: libcrypto already refuses a point of small order, whose result is zeros.
    //= RFC 9846 7.4.2 //# Implementations MUST check whether the computed Diffie-Hellman shared secret is the
    if (!derived || all_zero(shared.view().first(shared_bytes))) return failed(Reason::key_share_invalid);
  } else if (!derived) {
    return failed();
  }
  //= RFC 9846 7.4.2 //# leading zeros found in this octet string MUST NOT be truncated.
  return Secret(shared.view().first(shared_bytes));
}

}  // namespace tocsin::crypto
