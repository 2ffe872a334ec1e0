#pragma once
// tocsin as a peer whose every call is watched.
#include <memory>

#include "harnesses/checkers/checked_connection.h"
#include "harnesses/stacks/tocsin/peer.h"

namespace tocsin::harness {

using CheckedPeer = stacks::TocsinPeer<CheckedConnection>;

/// record_limit: as CheckOptions has it.
std::unique_ptr<CheckedPeer> checked_server(const stacks::PeerConfig& config, std::uint64_t seed,
                                            stacks::EntryPoint entry_point, std::uint16_t record_limit = 0);
std::unique_ptr<CheckedPeer> checked_client(const stacks::PeerConfig& config, std::uint64_t seed,
                                            std::uint16_t record_limit = 0);

}  // namespace tocsin::harness
