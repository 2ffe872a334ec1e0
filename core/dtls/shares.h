#pragma once
// What the peers of a Listener hold, by their sources, so that one source cannot have all of it: how many there are of each,
// and whose handshake gives way to a newcomer's.
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "tocsin/listener.h"

namespace tocsin {

class Shares {
  struct Source {
    std::size_t peers = 0;
    std::map<std::uint64_t, const PeerAddress*> half_open{};  // who has nothing but a handshake under way, the oldest in front
  };
  using Sources = std::map<Bytes, Source>;

 public:
  /// What a peer has of its source's share, as long as it is there.
  class Place {
    friend Shares;
    Sources::iterator source_{};
    std::optional<std::uint64_t> half_open_;
  };

  Place enter(const Bytes& source) {
    Place place;
    place.source_ = sources_.try_emplace(source).first;
    ++place.source_->second.peers;
    return place;
  }
  void leave(Place& place);
  /// address: outlives the place.
  void note(Place& place, bool is_half_open, const PeerAddress& address);

  std::size_t peers_of(const Bytes& source) const;
  /// Who has been half open for longest; null if none of that source is.
  const PeerAddress* oldest_of(const Bytes& source) const;
  /// The same of the source that has most of them.
  const PeerAddress* oldest_of_busiest() const;

 private:
  /// The busiest comes last; of those that are as busy, the one with the oldest.
  struct Rank {
    std::size_t half_open;
    std::uint64_t oldest;
    const Source* source;
    bool operator<(const Rank& other) const {
      return half_open != other.half_open ? half_open < other.half_open : oldest > other.oldest;
    }
  };
  static Rank rank_of(const Source& source) { return {source.half_open.size(), source.half_open.begin()->first, &source}; }

  Sources sources_;
  std::set<Rank> ranks_;  // of the sources that have any half open
  std::uint64_t begun_ = 0;
};

}  // namespace tocsin
