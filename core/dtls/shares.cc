#include "core/dtls/shares.h"

namespace tocsin {

void Shares::leave(Place& place) {
  note(place, false, {});
  if (--place.source_->second.peers == 0) sources_.erase(place.source_);
}

void Shares::note(Place& place, bool is_half_open, const PeerAddress& address) {
  if (is_half_open == place.half_open_.has_value()) return;
  Source& source = place.source_->second;
  if (!source.half_open.empty()) ranks_.erase(rank_of(source));
  if (is_half_open) {
    place.half_open_ = ++begun_;
    source.half_open.insert({*place.half_open_, &address});
  } else {
    source.half_open.erase(*place.half_open_);
    place.half_open_.reset();
  }
  if (!source.half_open.empty()) ranks_.insert(rank_of(source));
}

std::size_t Shares::peers_of(const Bytes& source) const {
  const auto found = sources_.find(source);
  return found == sources_.end() ? 0 : found->second.peers;
}

const PeerAddress* Shares::oldest_of(const Bytes& source) const {
  const auto found = sources_.find(source);
  if (found == sources_.end() || found->second.half_open.empty()) return nullptr;
  return found->second.half_open.begin()->second;
}

const PeerAddress* Shares::oldest_of_busiest() const {
  return ranks_.empty() ? nullptr : ranks_.rbegin()->source->half_open.begin()->second;
}

}  // namespace tocsin
