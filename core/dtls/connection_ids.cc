#include "core/dtls/connection_ids.h"

#include "core/base/guarded.h"

namespace tocsin {

std::optional<Bytes> ConnectionIds::draw(Provider& provider, std::size_t id_bytes, const PeerAddress& peer) {
  constexpr int draws_max = 8;
  Bytes id(id_bytes);
  if (id.empty()) return id;
  for (int draws = 0; draws < draws_max; ++draws) {
    if (!attempt([&] { return provider.random(id); })) return std::nullopt;
    if (peers_.emplace(id, peer).second) return id;
  }
  return std::nullopt;
}

const PeerAddress* ConnectionIds::find(ByteView id) const {
  const auto found = peers_.find(id);
  return found == peers_.end() ? nullptr : &found->second;
}

void ConnectionIds::move(ByteView id, const PeerAddress& to) {
  if (const auto found = peers_.find(id); found != peers_.end()) found->second = to;
}

void ConnectionIds::release(ByteView id) {
  if (const auto found = peers_.find(id); found != peers_.end()) peers_.erase(found);
}

}  // namespace tocsin
