#include "core/connection/held_session.h"

namespace tocsin {

void HeldSession::take(const CommonConfig& config, handshake::KeepSession& kept) {
  config.sessions->keep(kept.key, kept.session.view(), kept.until);
  key_ = std::move(kept.key);
}

void HeldSession::end(const CommonConfig* config, const Error& error) {
  const Bytes key = std::move(key_);
  key_ = {};
  if (key.empty() || config == nullptr || config->sessions == nullptr) return;
  const bool is_fatal = error.fatal() != nullptr && error.fatal()->why != Reason::transport_truncated;
  const bool is_alert = error.peer_alert() != nullptr && error.peer_alert()->description != AlertDescription::close_notify;
  if (is_fatal || is_alert) config->sessions->forget(key);
}

}  // namespace tocsin
