#pragma once
// A TLS stack as one that makes ends of it: what the scenarios that try any stack know of it.
#include <memory>
#include <stdexcept>
#include <string>

#include "harnesses/stacks/peer.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::stacks {

/// A stack cannot be set up as it is asked to; the text says what it lacks. No fault of the stack's.
struct Unsupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Stack {
 public:
  virtual ~Stack() = default;

  /// As in "OpenSSL".
  virtual std::string name() const = 0;
  /// As in "3.0.19"; may be empty.
  virtual std::string version() const = 0;

  /// The configuration that an end really gets: a setting that the stack lacks is as the stack has it without.
  virtual PeerConfig adapted(PeerConfig config) const = 0;
  /// False: its ends are set up already, and nobody here knows how.
  virtual bool is_configurable() const { return true; }
  /// What it takes of what nobody need take without end: the least that any stack in use takes, if no more is known.
  virtual Limits limits() const;

  /// TLS 1.3: it verifies the chain of a certificate once CertificateVerify has come, which the RFC leaves open.
  virtual bool verifies_chains_late() const { return false; }

  /// seed: all randomness of this end comes from it, if the stack is deterministic. A client's ClientHello is in the output at
  /// once. Throws Unsupported.
  virtual std::unique_ptr<Peer> make(Role role, const PeerConfig& config, std::uint64_t seed) = 0;
  /// A client that offers to resume the session of a client of this stack that has completed and closed. Null: it keeps none.
  virtual std::unique_ptr<Peer> make_resuming(const PeerConfig& config, std::uint64_t seed, Peer& before);
};

}  // namespace tocsin::stacks
