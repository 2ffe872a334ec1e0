#include "harnesses/provider/failing_provider.h"

#include <utility>

#include "harnesses/provider/forwarding_provider.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using PlanPtr = std::shared_ptr<FailurePlan>;

// What every decorated object is: another one, and the plan.
template <class Interface>
struct Failing : Interface {
  using Inner = std::unique_ptr<Interface>;
  Failing(Inner inner_object, PlanPtr failure_plan) : inner(std::move(inner_object)), plan(std::move(failure_plan)) {}

  // The operation's result, or the failure that is due.
  template <class Operation>
  auto unless_due(Operation&& operation) const -> decltype(operation()) {
    if (plan->is_due()) return Fatal{Reason::crypto_failed};
    return operation();
  }

  Inner inner;
  PlanPtr plan;
};

struct FailingHash final : Failing<Hash> {
  using Failing::Failing;
  Result<Done> update(ByteView bytes) override {
    return unless_due([&] { return inner->update(bytes); });
  }
  Result<Secret> current() override {
    return unless_due([&] { return inner->current(); });
  }
};

struct FailingAead final : Failing<Aead> {
  using Failing::Failing;
  Result<Done> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out) override {
    auto sealed = unless_due([&] { return inner->seal(nonce, aad, plaintext, out); });
    if (!sealed) plan->note_sealing();
    return sealed;
  }
  Result<Done> open(const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out) override {
    return unless_due([&] { return inner->open(nonce, aad, sealed, out); });
  }
};

struct FailingKeyPair final : Failing<KeyPair> {
  using Failing::Failing;
  NamedGroup group() const override { return inner->group(); }
  ByteView public_key() const override { return inner->public_key(); }
  Result<Secret> derive(ByteView peer_public_key) const override {
    return unless_due([&] { return inner->derive(peer_public_key); });
  }
};

class FailingSigningKey final : public SigningKey {
 public:
  FailingSigningKey(std::shared_ptr<const SigningKey> inner, PlanPtr plan) : inner_(std::move(inner)), plan_(std::move(plan)) {}
  bool can_sign_with(SignatureScheme scheme, ProtocolVersion version) const override {
    return inner_->can_sign_with(scheme, version);
  }
  Result<Done> sign(SignatureScheme scheme, ByteView message, Bytes& out) const override {
    if (plan_->is_due()) return Fatal{Reason::crypto_failed};
    return inner_->sign(scheme, message, out);
  }

 private:
  std::shared_ptr<const SigningKey> inner_;
  PlanPtr plan_;
};

class FailingProvider final : public ForwardingProvider {
 public:
  FailingProvider(std::shared_ptr<Provider> inner, PlanPtr plan)
      : ForwardingProvider(std::move(inner)), plan_(std::move(plan)) {}

  Result<Done> random(MutableBytes out) override {
    if (plan_->is_due()) return Fatal{Reason::crypto_failed};
    return ForwardingProvider::random(out);
  }
  Result<Secret> hmac(HashAlgorithm algorithm, ByteView key, ByteView first, ByteView second, ByteView third) override {
    if (plan_->is_due()) return Fatal{Reason::crypto_failed};
    return ForwardingProvider::hmac(algorithm, key, first, second, third);
  }
  Result<std::unique_ptr<Hash>> hash(HashAlgorithm algorithm) override {
    return wrapped<FailingHash>([&] { return ForwardingProvider::hash(algorithm); });
  }
  Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) override {
    return wrapped<FailingAead>([&] { return ForwardingProvider::aead(suite, key); });
  }
  Result<std::unique_ptr<KeyPair>> generate(NamedGroup group) override {
    return wrapped<FailingKeyPair>([&] { return ForwardingProvider::generate(group); });
  }

 private:
  template <class Wrapper, class Make>
  auto wrapped(Make&& make) -> decltype(make()) {
    if (plan_->is_due()) return Fatal{Reason::crypto_failed};
    TOCSIN_TRY_SET(auto inner, make());
    return decltype(inner)(std::make_unique<Wrapper>(std::move(inner), plan_));
  }

  PlanPtr plan_;
};

}  // namespace

bool FailurePlan::is_due() {
  const unsigned number = seen_++;
  const bool is_due = lasts_ == Lasts::once ? number == nth_ : number >= nth_;
  if (is_due) emit([&] { return NoteEvent{"crypto", "operation " + std::to_string(number) + " fails"}; });
  return is_due;
}

std::shared_ptr<Provider> make_failing_provider(std::shared_ptr<Provider> inner, std::shared_ptr<FailurePlan> plan) {
  return std::make_shared<FailingProvider>(std::move(inner), std::move(plan));
}

std::shared_ptr<const CertifiedKey> failing_certified_key(std::shared_ptr<const CertifiedKey> inner,
                                                          std::shared_ptr<FailurePlan> plan) {
  auto certified = std::make_shared<CertifiedKey>(*inner);
  certified->key = std::make_shared<FailingSigningKey>(inner->key, std::move(plan));
  return certified;
}

}  // namespace tocsin::harness
