#include <algorithm>

#include "core/base/zeroise.h"
#include "tocsin/sessions.h"

namespace tocsin {

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  zeroise(other.bytes_);
  other.bytes_.clear();
  return *this;
}

SecretBytes::~SecretBytes() { zeroise(bytes_); }

SessionCache::SessionCache(std::size_t sessions_max) : sessions_max_(std::max<std::size_t>(sessions_max, 1)) {}

void SessionCache::keep(ByteView key, ByteView session, UnixSeconds) {
  forget(key);
  if (sessions_.size() == sessions_max_) {
    by_key_.erase(sessions_.back().key);
    sessions_.pop_back();
  }
  sessions_.push_front({Bytes(key.begin(), key.end()), SecretBytes(Bytes(session.begin(), session.end()))});
  by_key_.emplace(sessions_.front().key, sessions_.begin());
}

SecretBytes SessionCache::find(ByteView key) {
  const auto found = by_key_.find(Bytes(key.begin(), key.end()));
  if (found == by_key_.end()) return {};
  sessions_.splice(sessions_.begin(), sessions_, found->second);
  const ByteView session = found->second->session.view();
  return SecretBytes(Bytes(session.begin(), session.end()));
}

void SessionCache::forget(ByteView key) {
  const auto found = by_key_.find(Bytes(key.begin(), key.end()));
  if (found == by_key_.end()) return;
  sessions_.erase(found->second);
  by_key_.erase(found);
}

}  // namespace tocsin
