#pragma once
// The session that a connection goes on with, offers or has made, as far as a store keeps it.
#include "core/handshake/effects.h"
#include "tocsin/error.h"

namespace tocsin {

class SessionTracker {
 public:
  /// Effects of a step that succeeded. config: with a store.
  void take(handshake::PendingSession& held) { key_ = std::move(held.key); }
  void take(const CommonConfig& config, handshake::StoreSession& kept);

  /// RFC 5246 7.2.2: what belongs to a connection that fails is not resumed any more. A transport that just ends, and a peer
  /// that gives up, are no such failure (RFC 5246 7.2.1). A server cannot take back a ticket.
  void end(const CommonConfig* config, const Error& error);

 private:
  Bytes key_;  // empty: none
};

}  // namespace tocsin
