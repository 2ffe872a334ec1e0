#pragma once
// tocsin as a peer whose every call is watched.
#include <memory>

#include "fuzz/lib/checked_connection.h"
#include "harnesses/peers/tocsin_peer.h"

namespace tocsin::fuzz {

using CheckedPeer = peers::TocsinPeer<CheckedConnection>;

/// record_size_limit_of_other_end: if it will hold; 0: none.
std::unique_ptr<CheckedPeer> checked_server(const peers::PeerConfig& config, std::uint64_t seed, peers::WayIn way_in,
                                            std::uint16_t record_size_limit_of_other_end = 0);
std::unique_ptr<CheckedPeer> checked_client(const peers::PeerConfig& config, std::uint64_t seed,
                                            std::uint16_t record_size_limit_of_other_end = 0);

}  // namespace tocsin::fuzz
