#pragma once
// A provider that changes what it seals, under the real keys: an end that has it sends what a test wants. For unit tests.
#include <functional>
#include <memory>
#include <utility>

#include "core/base/types.h"
#include "tocsin/provider.h"

namespace tocsin::test {

class EditingProvider : public Provider {
 public:
  explicit EditingProvider(std::shared_ptr<Provider> inner) : inner_(std::move(inner)) {}

  /// Called with every plaintext before it is sealed; in TLS 1.3 that ends with the record's type. Empty: nothing is changed.
  std::function<void(MutableBytes plaintext)> edit;
  /// Whether nothing can be sealed.
  bool is_broken = false;

  Result<Done> random(MutableBytes out) override { return inner_->random(out); }
  Result<std::unique_ptr<Hash>> hash(HashAlgorithm algorithm) override { return inner_->hash(algorithm); }
  Result<Secret> hmac(HashAlgorithm algorithm, ByteView key, ByteView first, ByteView second, ByteView third) override {
    return inner_->hmac(algorithm, key, first, second, third);
  }
  Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) override {
    TOCSIN_TRY_SET(auto inner, inner_->aead(suite, key));
    return std::unique_ptr<Aead>(std::make_unique<EditingAead>(*this, std::move(inner)));
  }
  Result<std::unique_ptr<KeyPair>> generate(NamedGroup group) override { return inner_->generate(group); }

 private:
  class EditingAead final : public Aead {
   public:
    EditingAead(const EditingProvider& provider, std::unique_ptr<Aead> inner) : provider_(provider), inner_(std::move(inner)) {}
    Result<Done> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out) override {
      if (provider_.is_broken) return Fatal{Reason::crypto_failed};
      Bytes edited(plaintext.begin(), plaintext.end());
      if (provider_.edit) provider_.edit(edited);
      return inner_->seal(nonce, aad, edited, out);
    }
    Result<Done> open(const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out) override {
      return inner_->open(nonce, aad, sealed, out);
    }

   private:
    const EditingProvider& provider_;  // the connection's configuration keeps it
    std::unique_ptr<Aead> inner_;
  };

  std::shared_ptr<Provider> inner_;
};

/// From the first message of this type on, with what stands behind it; empty if there is none. header_bytes: of each message.
inline MutableBytes from_message(MutableBytes messages, HandshakeType type, std::size_t header_bytes = 4) {
  while (messages.size() > header_bytes) {
    if (messages[0] == static_cast<std::uint8_t>(type)) return messages;
    const std::size_t body_bytes = std::size_t{messages[1]} << 16 | std::size_t{messages[2]} << 8 | messages[3];
    if (body_bytes > messages.size() - header_bytes) break;
    messages = messages.subspan(header_bytes + body_bytes);
  }
  return {};
}

/// What changes one byte of the first Finished's verify_data, and says so.
inline auto change_of_verify_data(std::size_t at, std::size_t header_bytes, bool& changed) {
  return [=, &changed](MutableBytes plaintext) {
    const MutableBytes finished = from_message(plaintext, HandshakeType::finished, header_bytes);
    if (finished.size() > header_bytes + at && !std::exchange(changed, true)) finished[header_bytes + at] ^= 0x40;
  };
}

}  // namespace tocsin::test
