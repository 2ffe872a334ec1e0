#include "harnesses/provider/auditing_provider.h"

#include <algorithm>
#include <string>

#include "harnesses/provider/forwarding_provider.h"
#include "harnesses/provider/mixing.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {
namespace {

class AuditedAead final : public Aead {
 public:
  AuditedAead(std::unique_ptr<Aead> inner, std::shared_ptr<SealRecord> record, std::uint32_t key_number)
      : inner_(std::move(inner)), record_(std::move(record)), key_number_(key_number) {}

  Result<Done> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out) override {
    record_->note(key_number_, nonce);
    return inner_->seal(nonce, aad, plaintext, out);
  }
  Result<Done> open(const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out) override {
    return inner_->open(nonce, aad, sealed, out);
  }

 private:
  std::unique_ptr<Aead> inner_;
  std::shared_ptr<SealRecord> record_;
  std::uint32_t key_number_;
};

class AuditingProvider final : public ForwardingProvider {
 public:
  AuditingProvider(std::shared_ptr<Provider> inner, std::shared_ptr<SealRecord> record)
      : ForwardingProvider(std::move(inner)), record_(std::move(record)) {}

  Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) override {
    TOCSIN_TRY_SET(auto inner, ForwardingProvider::aead(suite, key));
    const std::uint32_t key_number = record_->number_of(suite, key);
    return std::unique_ptr<Aead>(std::make_unique<AuditedAead>(std::move(inner), record_, key_number));
  }

 private:
  std::shared_ptr<SealRecord> record_;
};

}  // namespace

std::size_t SealRecord::UsedHash::operator()(const Used& used) const {
  return static_cast<std::size_t>(mix(load(used.nonce.data()) ^ load(used.nonce.data() + 4) * golden ^ used.key_number));
}

std::uint32_t SealRecord::number_of(CipherSuite suite, ByteView key) {
  const auto known = std::find_if(keys_.begin(), keys_.end(), [&](const Key& each) {
    const ByteView bytes = each.key;
    return each.suite == suite && std::equal(bytes.begin(), bytes.end(), key.begin(), key.end());
  });
  const auto number = static_cast<std::uint32_t>(known - keys_.begin());
  if (known == keys_.end()) keys_.push_back({suite, Secret(key)});
  return number;
}

void SealRecord::note(std::uint32_t key_number, const Aead::Nonce& nonce) {
  const bool is_new = used_.insert({key_number, nonce}).second;
  check(Invariant::nonce_used_once, is_new, "something was sealed twice with the same key and nonce");
}

void SealRecord::forget() {
  keys_.clear();
  used_.clear();
}

std::shared_ptr<Provider> make_auditing_provider(std::shared_ptr<Provider> inner, std::shared_ptr<SealRecord> record) {
  return std::make_shared<AuditingProvider>(std::move(inner), std::move(record));
}

}  // namespace tocsin::harness
