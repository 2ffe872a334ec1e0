#pragma once
#include "harnesses/stacks/pump.h"
#include "tocsin/connection.h"

namespace tocsin::harness {

/// Carries bytes between two connections until both are silent. Errors stay in their failure(). Gives all that was carried.
inline Bytes exchange(Connection& client, Output& from_client, Connection& server, Output& from_server, const Now& now = {}) {
  Bytes carried;
  const auto carry = [&](Output& from, Connection& to, Output& answer) {
    const Bytes sent = std::exchange(from.to_peer, {});
    if (!sent.empty()) (void)to.receive(sent, now, answer);
    append(carried, sent);
    return !sent.empty();
  };
  stacks::until_silent([&] { return carry(from_client, server, from_server); },
                       [&] { return carry(from_server, client, from_client); });
  return carried;
}

}  // namespace tocsin::harness
