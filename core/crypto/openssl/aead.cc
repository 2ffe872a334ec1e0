#include "core/crypto/openssl/aead.h"

#include <openssl/params.h>

#include <limits>
#include <utility>

namespace tocsin::crypto {
namespace {

enum class Direction { open = 0, seal = 1 };  // libcrypto's "enc"

class OpensslAead final : public Aead {
 public:
  OpensslAead(CipherPtr cipher, ByteView key) : cipher_(std::move(cipher)), key_(key) {}

  Result<Done> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out) override {
    EVP_CIPHER_CTX* const context = begin(sealing_, Direction::seal, nonce);
    if (context == nullptr || out.size() != plaintext.size() + tag_bytes) return failed();
    TagParameter tag = tag_parameter(out.last(tag_bytes));
    const bool sealed = authenticate(context, aad) && transform(context, plaintext, out.first(plaintext.size())) &&
                        finish(context) && EVP_CIPHER_CTX_get_params(context, tag.data()) == 1;
    if (!sealed) return failed();
    return Done{};
  }

  Result<Done> open(const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out) override {
    if (sealed.size() < tag_bytes || out.size() != sealed.size() - tag_bytes) return failed();
    std::array<std::uint8_t, tag_bytes> tag;  // libcrypto wants it writable
    const ByteView sealed_tag = sealed.last(tag_bytes);
    std::copy(sealed_tag.begin(), sealed_tag.end(), tag.begin());
    EVP_CIPHER_CTX* const context = begin(opening_, Direction::open, nonce, tag_parameter(tag).data());
    const bool ready = context != nullptr && authenticate(context, aad) && transform(context, sealed.first(out.size()), out);
    if (!ready) return failed();
    if (!finish(context)) return failed(Reason::record_bad_mac);
    return Done{};
  }

 private:
  // By parameters: what EVP_CIPHER_CTX_ctrl does with a tag comes to the same, by a longer way.
  using TagParameter = std::array<OSSL_PARAM, 2>;
  static TagParameter tag_parameter(MutableBytes tag) {
    return {OSSL_PARAM{OSSL_CIPHER_PARAM_AEAD_TAG, OSSL_PARAM_OCTET_STRING, tag.data(), tag.size(), OSSL_PARAM_UNMODIFIED},
            OSSL_PARAM{nullptr, 0, nullptr, 0, 0}};
  }

  /// The direction's context with this nonce; the key is set once, on first use.
  EVP_CIPHER_CTX* begin(CipherContextPtr& context, Direction direction, const Nonce& nonce,
                        const OSSL_PARAM* parameters = nullptr) const {
    if (!context) {
      CipherContextPtr fresh(EVP_CIPHER_CTX_new());
      if (!fresh || EVP_CipherInit_ex2(fresh.get(), cipher_.get(), key_.view().data(), nullptr, static_cast<int>(direction),
                                       nullptr) != 1) {
        return nullptr;
      }
      context = std::move(fresh);
    }
    const int reset =
        EVP_CipherInit_ex2(context.get(), nullptr, nullptr, nonce.data(), static_cast<int>(direction), parameters);
    return reset == 1 ? context.get() : nullptr;
  }

  static bool authenticate(EVP_CIPHER_CTX* context, ByteView aad) { return update(context, aad, nullptr); }
  static bool transform(EVP_CIPHER_CTX* context, ByteView in, MutableBytes out) { return update(context, in, out.data()); }

  static bool update(EVP_CIPHER_CTX* context, ByteView in, std::uint8_t* out) {
    if (in.empty()) return true;  // libcrypto would take a null output for additional data
    if (in.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return false;
    int written = 0;
    return EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(in.size())) == 1;
  }

  static bool finish(EVP_CIPHER_CTX* context) {
    std::array<std::uint8_t, tag_bytes> rest;  // always empty: these are stream ciphers
    int written = 0;
    return EVP_CipherFinal_ex(context, rest.data(), &written) == 1;
  }

  CipherPtr cipher_;
  Secret key_;
  CipherContextPtr sealing_, opening_;
};

}  // namespace

Result<std::unique_ptr<Aead>> make_openssl_aead(EVP_CIPHER* cipher, ByteView key) {
  if (key.size() != static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)) || EVP_CIPHER_up_ref(cipher) != 1)
    return failed();
  return std::unique_ptr<Aead>(std::make_unique<OpensslAead>(CipherPtr(cipher), key));
}

}  // namespace tocsin::crypto
