#pragma once
// Which peer of a Listener is known by which connection id (RFC 9146): no two associations by one.
#include <algorithm>
#include <map>
#include <optional>

#include "tocsin/listener.h"

namespace tocsin {

class ConnectionIds {
 public:
  /// Draws an id that no association has, and enters it for this peer; an empty one, which is not entered, if ids are of no
  /// bytes. Nothing if those of this length are used up, as far as a few draws can tell, or the provider fails.
  std::optional<Bytes> draw(Provider& provider, std::size_t id_bytes, const PeerAddress& peer);
  /// Null if nobody is known by it.
  const PeerAddress* find(ByteView id) const;
  /// id: of an association that has gone there.
  void move(ByteView id, const PeerAddress& to);
  /// The association with this id, which may be empty, is gone.
  void release(ByteView id);
  std::size_t size() const { return peers_.size(); }

 private:
  struct Less {
    using is_transparent = void;
    bool operator()(ByteView a, ByteView b) const { return std::ranges::lexicographical_compare(a, b); }
  };
  std::map<Bytes, PeerAddress, Less> peers_;
};

}  // namespace tocsin
