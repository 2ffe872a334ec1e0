#include <openssl/rand.h>

#include <array>
#include <limits>
#include <utility>

#include "core/crypto/openssl/aead.h"
#include "core/crypto/openssl/key_exchange.h"
#include "core/crypto/openssl/support.h"
#include "core/crypto/tls13/key_schedule.h"
#include "tocsin/openssl_provider.h"

namespace tocsin {
namespace crypto {
namespace {

class OpensslHash final : public Hash {
 public:
  bool init(const EVP_MD* algorithm) {
    return running_ && finished_ && EVP_DigestInit_ex2(running_.get(), algorithm, nullptr) == 1;
  }

  Result<Done> update(ByteView bytes) override {
    if (EVP_DigestUpdate(running_.get(), bytes.data(), bytes.size()) != 1) return failed();
    return Done{};
  }

  Result<Secret> current() override {
    Secret digest(static_cast<std::size_t>(EVP_MD_CTX_get_size(running_.get())));
    if (EVP_MD_CTX_copy_ex(finished_.get(), running_.get()) != 1 ||
        EVP_DigestFinal_ex(finished_.get(), digest.mutable_bytes().data(), nullptr) != 1) {
      return failed();
    }
    return digest;
  }

 private:
  DigestContextPtr running_{EVP_MD_CTX_new()}, finished_{EVP_MD_CTX_new()};
};

/// A hash with its HMAC context.
struct HashFunctions {
  DigestPtr digest;
  MacContextPtr hmac;
  Secret hmac_key;  // of the context; empty: none, or one too long to be kept

  bool fetch(EVP_MAC* mac, const char* name) {
    digest.reset(EVP_MD_fetch(nullptr, name, nullptr));
    hmac.reset(EVP_MAC_CTX_new(mac));
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(name), 0),
                                     OSSL_PARAM_construct_end()};
    return digest && hmac && EVP_MAC_CTX_set_params(hmac.get(), parameters) == 1;
  }

  /// Begins a MAC. Key schedules use a key several times in a row: then libcrypto need not hash it again.
  bool begin_hmac(ByteView key) {
    // Before 3.0.3 libcrypto does nothing then, and says that it did (its issue 17811).
    static const bool can_begin_again = OpenSSL_version_num() >= 0x30000030;
    if (can_begin_again && !hmac_key.empty() && equal_constant_time(key, hmac_key))
      return EVP_MAC_init(hmac.get(), nullptr, 0, nullptr) == 1;
    hmac_key = {};
    const std::uint8_t no_key = 0;  // a null one would mean that of the call before
    if (EVP_MAC_init(hmac.get(), key.empty() ? &no_key : key.data(), key.size(), nullptr) != 1) return false;
    if (key.size() <= Secret::bytes_max) hmac_key = Secret(key);
    return true;
  }

  /// libcrypto zeroises a key when another one takes its place.
  void forget_key() {
    if (hmac_key.empty()) return;
    const std::uint8_t nobodys_key = 0;
    (void)EVP_MAC_init(hmac.get(), &nobodys_key, sizeof(nobodys_key), nullptr);
    hmac_key = {};
  }
};

class OpensslProvider final : public Provider {
 public:
  /// The name of the first algorithm that libcrypto does not have, or null.
  const char* fetch() {
    const MacPtr mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    if (!mac) return "HMAC";
    if (!sha256_.fetch(mac.get(), "SHA256")) return "SHA256";
    if (!sha384_.fetch(mac.get(), "SHA384")) return "SHA384";
    const std::pair<CipherPtr*, const char*> ciphers[] = {
        {&aes_128_gcm_, "AES-128-GCM"}, {&aes_256_gcm_, "AES-256-GCM"}, {&chacha20_poly1305_, "ChaCha20-Poly1305"}};
    for (const auto& [cipher, name] : ciphers) {
      cipher->reset(EVP_CIPHER_fetch(nullptr, name, nullptr));
      if (!*cipher) return name;
    }
    if (!(x25519_ = KeyExchange::make(NamedGroup::x25519))) return "X25519";
    if (!(secp256r1_ = KeyExchange::make(NamedGroup::secp256r1))) return "P-256";
    if (!(secp384r1_ = KeyExchange::make(NamedGroup::secp384r1))) return "P-384";
    return nullptr;
  }

  Result<Done> random(MutableBytes out) override {
    if (out.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return failed();
    if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) return failed();
    return Done{};
  }

  Result<std::unique_ptr<Hash>> hash(HashAlgorithm algorithm) override {
    auto hash = std::make_unique<OpensslHash>();
    if (!hash->init(functions(algorithm).digest.get())) return failed();
    return std::unique_ptr<Hash>(std::move(hash));
  }

  Result<Secret> hmac(HashAlgorithm algorithm, ByteView key, ByteView first, ByteView second, ByteView third) override {
    HashFunctions& of = functions(algorithm);
    if (!of.begin_hmac(key)) return failed();
    for (const ByteView part : {first, second, third})
      if (!part.empty() && EVP_MAC_update(of.hmac.get(), part.data(), part.size()) != 1) return failed();
    Secret mac(hash_bytes(algorithm));
    std::size_t mac_bytes = 0;
    if (EVP_MAC_final(of.hmac.get(), mac.mutable_bytes().data(), &mac_bytes, mac.size()) != 1 || mac_bytes != mac.size())
      return failed();
    return mac;
  }

  Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) override {
    switch (aead_of(suite)) {
      case AeadAlgorithm::aes_128_gcm:
        return make_openssl_aead(aes_128_gcm_.get(), key);
      case AeadAlgorithm::aes_256_gcm:
        return make_openssl_aead(aes_256_gcm_.get(), key);
      case AeadAlgorithm::chacha20_poly1305:
        return make_openssl_aead(chacha20_poly1305_.get(), key);
    }
    return failed();
  }

  Result<std::unique_ptr<KeyPair>> generate(NamedGroup group) override {
    switch (group) {
      case NamedGroup::x25519:
        return x25519_->generate();
      case NamedGroup::secp256r1:
        return secp256r1_->generate();
      case NamedGroup::secp384r1:
        return secp384r1_->generate();
    }
    return failed();
  }

  void forget_keys() override {
    sha256_.forget_key();
    sha384_.forget_key();
  }

 private:
  HashFunctions& functions(HashAlgorithm algorithm) { return algorithm == HashAlgorithm::sha256 ? sha256_ : sha384_; }

  HashFunctions sha256_, sha384_;
  CipherPtr aes_128_gcm_, aes_256_gcm_, chacha20_poly1305_;
  std::shared_ptr<KeyExchange> x25519_, secp256r1_, secp384r1_;
};

}  // namespace
}  // namespace crypto

Result<std::shared_ptr<Provider>, ConfigError> make_openssl_provider() {
  auto provider = std::make_shared<crypto::OpensslProvider>();
  if (const char* missing = provider->fetch()) {
    return ConfigError{std::string("libcrypto does not offer ") + missing + ": " + crypto::error_text() +
                       "; check its configuration and providers"};
  }
  return std::shared_ptr<Provider>(std::move(provider));
}

}  // namespace tocsin
