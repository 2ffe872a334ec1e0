#include "harnesses/stacks/gnutls/stack.h"

#include "harnesses/stacks/gnutls/peer.h"

namespace tocsin::stacks {
namespace {

class GnuTlsStack final : public Stack {
 public:
  std::string name() const override { return "GnuTLS"; }
  std::string version() const override { return gnutls_check_version(nullptr); }
  PeerConfig adapted(PeerConfig config) const override { return adapted_to_gnutls(std::move(config)); }
  bool verifies_chains_late() const override { return true; }

  Limits limits() const override {
    Limits limits = Stack::limits();
    limits.post_handshake_messages_max = 8;  // KeyUpdates in a second, and time does not pass here
    return limits;
  }

  std::unique_ptr<Peer> make(Role role, const PeerConfig& config, std::uint64_t seed) override {
    return std::make_unique<GnuTlsPeer>(role, config, seed);
  }
  std::unique_ptr<Peer> make_resuming(const PeerConfig& config, std::uint64_t seed, Peer& before) override {
    return std::make_unique<GnuTlsPeer>(Role::client, config, seed, &dynamic_cast<const GnuTlsPeer&>(before));
  }
};

}  // namespace

Stack* gnutls_stack() {
  static GnuTlsStack stack;
  return &stack;
}

}  // namespace tocsin::stacks
