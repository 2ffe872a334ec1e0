#include "harnesses/checkers/linked_stacks.h"

#include <algorithm>
#include <utility>

#include "harnesses/checkers/traced_peer.h"
#include "harnesses/stacks/gnutls/stack.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

/// Another stack, whose ends show each call.
class TracedStack final : public stacks::Stack {
 public:
  explicit TracedStack(stacks::Stack& stack) : stack_(stack) {}

  std::string name() const override { return stack_.name(); }
  std::string version() const override { return stack_.version(); }
  stacks::PeerConfig adapted(stacks::PeerConfig config) const override { return stack_.adapted(std::move(config)); }
  Limits limits() const override { return stack_.limits(); }
  bool verifies_chains_late() const override { return stack_.verifies_chains_late(); }
  std::unique_ptr<stacks::Peer> make(stacks::Role role, const stacks::PeerConfig& config, std::uint64_t seed) override {
    return traced(role, [&] { return stack_.make(role, config, seed); });
  }
  std::unique_ptr<stacks::Peer> make_resuming(const stacks::PeerConfig& config, std::uint64_t seed,
                                              stacks::Peer& before) override {
    return traced(stacks::Role::client, [&] { return stack_.make_resuming(config, seed, untraced(before)); });
  }

 private:
  template <class Make>
  std::unique_ptr<stacks::Peer> traced(stacks::Role role, Make&& make) {
    if (trace_sink == nullptr) return make();
    return traced_peer(name() + (role == stacks::Role::server ? " server" : " client"), [&](const auto&) { return make(); });
  }

  stacks::Stack& stack_;
};

stacks::Stack* traced_gnutls_stack() {
  if (stacks::gnutls_stack() == nullptr) return nullptr;
  static TracedStack stack(*stacks::gnutls_stack());
  return &stack;
}

}  // namespace

std::span<const LinkedStack> linked_stacks() {
  static const LinkedStack all[] = {{"openssl", &openssl_stack()}, {"gnutls", traced_gnutls_stack()}};
  return all;
}

stacks::Stack* linked_stack(std::string_view name) {
  const auto found = std::ranges::find(linked_stacks(), name, &LinkedStack::name);
  return found == linked_stacks().end() ? nullptr : found->stack;
}

}  // namespace tocsin::harness
