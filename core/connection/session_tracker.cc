#include "core/connection/session_tracker.h"

#include "core/base/guarded.h"

namespace tocsin {

void SessionTracker::take(const CommonConfig& config, handshake::StoreSession& kept) {
  config.sessions->keep(kept.key, kept.session.view(), kept.until);
  key_ = std::move(kept.key);
}

void SessionTracker::end(const CommonConfig* config, const Error& error) {
  const Bytes key = std::move(key_);
  key_ = {};
  if (key.empty() || config == nullptr || config->sessions == nullptr) return;
  //= RFC 5246 7.2 //# but the session identifier MUST be invalidated, preventing the failed session from
  //= RFC 5246 7.2.2 //# Thus, any connection terminated with a fatal alert MUST NOT be resumed.
  const bool is_fatal = error.fatal() != nullptr && error.fatal()->why != Reason::transport_truncated;
  const bool is_alert = error.peer_alert() != nullptr && error.peer_alert()->description != AlertDescription::close_notify;
  if (is_fatal || is_alert) ignore_failure_of([&] { config->sessions->forget(key); });
}

}  // namespace tocsin
