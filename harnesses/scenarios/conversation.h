#pragma once
// Two peers of any stacks, the way between them, and what must hold once they are silent.
#include <memory>
#include <string>
#include <string_view>

#include "core/wire/extensions.h"
#include "harnesses/differential/expectation.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/stacks/peer.h"

namespace tocsin::harness {

/// Who talks to whom: option peer, modulo 3.
enum class Who : std::uint8_t { tocsin_alone, openssl_serves, openssl_connects };
Who who_of(const Input& input);

/// The two, and the way between them.
class Conversation {
 public:
  /// piece_sizes: those in which bytes arrive, used in turn; 0 is a whole flight. At least one.
  Conversation(std::unique_ptr<stacks::Peer> client, std::unique_ptr<stacks::Peer> server, Bytes piece_sizes)
      : client_(std::move(client)), server_(std::move(server)), piece_sizes_(std::move(piece_sizes)) {}

  /// Carries what is under way, until nothing is.
  void exchange();
  /// Carries the ClientHello, before anything else, without this extension.
  void carry_without(wire::ExtensionType type);
  /// Puts this before the next change_cipher_spec of the server's.
  void inject(Bytes records) { injected_ = std::move(records); }
  stacks::Peer& client() { return *client_; }
  stacks::Peer& server() { return *server_; }

 private:
  bool carry(stacks::Peer& from, stacks::Peer& to);
  void deliver(ByteView bytes, stacks::Peer& to);

  std::unique_ptr<stacks::Peer> client_, server_;
  Bytes piece_sizes_;  // at least one
  std::size_t next_piece_ = 0;
  Bytes injected_;
};

/// As the input's options want the two. piece_sizes: see Conversation; empty: chunk_bytes holds for all. nth: of an input with
/// several, each of which has other randomness.
Conversation make_conversation(const Input& input, const stacks::PeerConfig& client, const stacks::PeerConfig& server,
                               Bytes piece_sizes, unsigned nth = 0);

/// For the trace.
std::string outcome_of(const differential::Expectation& expected);

/// Invariant both_ends_agree, with the words of both ends.
void require(bool holds, std::string_view what, stacks::Peer& client, stacks::Peer& server);

/// One end failed for an expected reason, and its alert arrived at the other.
void check_failure(const differential::Expectation& expected, stacks::Peer& client, stacks::Peer& server);
/// Both are complete, agree on what was expected, and export the same key.
void check_agreement(const differential::Expectation& expected, stacks::Peer& client, stacks::Peer& server);
/// What each sends reaches the other. mark: so that it is not the same each time.
void check_data(const Input& input, Conversation& conversation, std::uint8_t mark);

}  // namespace tocsin::harness
