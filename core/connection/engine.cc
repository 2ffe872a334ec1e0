// What the caller asks for.
#include "core/connection/engine.h"

#include <limits>

#include "core/base/release.h"
#include "core/handshake/tls13/keys.h"

namespace tocsin {

using handshake::Established;

void Engine::configure_server(std::shared_ptr<const ServerConfig> config) {
  configure(config);
  server_config_ = std::move(config);
}

Outcome Engine::start_client(std::shared_ptr<const ClientConfig> config, std::string_view name, bool sends_name, Now now,
                             Output& out) {
  configure(config);
  return run(now, out, [&](Step& step) -> Outcome {
    TOCSIN_TRY_SET(state_, handshake::client::start(std::move(config), name, sends_name, context(now), step.effects));
    return Done{};
  });
}

const wire::ClientHello* Engine::waiting_client_hello() const {
  const auto* received = std::get_if<handshake::server::RecvdClientHello>(&state_);
  return received == nullptr ? nullptr : &received->hello;
}

Outcome Engine::answer(std::shared_ptr<const ServerConfig> config, Now now, Output& out) {
  configure_server(std::move(config));
  return drain(now, out);
}

Outcome Engine::reject(Reason why, Output& out) {
  return run(out, [&](Step&) -> Outcome { return Fatal{why}; });
}

Outcome Engine::receive(ByteView from_peer, Now now, Output& out) {
  //= RFC 9846 6.1 //# Any data received after a closure alert has been received MUST be ignored.
  //= RFC 5246 7.2.1 //# Any data received after a closure alert is ignored.
  if (closed_by_peer_) from_peer = {};  // RFC 9846 6.1: what follows a close_notify is ignored
  arriving_ = from_peer;
  return drain(now, out);
}

Outcome Engine::receive_end_of_stream(Output& out) {
  return run(out, [&](Step&) -> Outcome {
    if (closed_by_peer_) return Done{};
    //= RFC 9846 6.1 //# the TLS implementation MUST receive a "close_notify" alert before indicating
    //= RFC 5246 7.2.1 //# The client and the server must share knowledge that the connection is ending in order
    //= RFC 5246 7.2.1 //# If the application protocol using TLS provides that any data may be carried over the
    return Fatal{Reason::transport_truncated};
  });
}

Outcome Engine::send(ByteView application_data, Output& out) {
  return run(out, [&](Step& step) -> Outcome {
    TOCSIN_TRY_SET(Established* const open, open_for_writing());
    if (!application_data.empty()) TOCSIN_TRY(handshake::tls13::answer_key_update(*config_->provider, *open, step.effects));
    // RFC 9846 5.5: a key protects a limited number of records; then it is updated. The answer has brought a new one.
    const std::uint64_t sealed = step.effects.in_order.empty() ? write_->records_sealed() : 0;
    const bool has_key_update = open->negotiated.version == ProtocolVersion::tls13;
    const std::uint64_t records_max = has_key_update ? limits_.records_per_key_max : std::numeric_limits<std::uint64_t>::max();
    std::uint64_t records_left = records_max - std::min(sealed, records_max);
    const std::size_t record_bytes = fragment_bytes_max();
    while (!application_data.empty()) {
      if (records_left == 0) {
        //= RFC 9846 5.5 //# Implementations MUST either close the connection or do a key update as described in
        TOCSIN_TRY(handshake::tls13::update_write_keys(*config_->provider, *open, KeyUpdateRequest::update_not_requested,
                                                       step.effects));
        records_left = std::max<std::uint64_t>(limits_.records_per_key_max, 1);
      }
      // Mostly it is one: then a division, which takes as long as twenty other instructions, is not needed.
      const std::size_t needed = application_data.size() <= record_bytes ? 1 : application_data.size() / record_bytes + 1;
      const std::uint64_t records = std::min<std::uint64_t>(records_left, needed);
      const std::size_t size = std::min<std::size_t>(application_data.size(), static_cast<std::size_t>(records) * record_bytes);
      step.effects.add(handshake::SendApplicationData{application_data.first(size)});
      application_data = application_data.subspan(size);
      records_left -= records;
    }
    return Done{};
  });
}

Outcome Engine::update_keys(KeyUpdateRequest request, Output& out) {
  return run(out, [&](Step& step) -> Outcome {
    TOCSIN_TRY_SET(Established* const open, open_for_writing());
    const auto* secrets = std::get_if<handshake::tls13::Secrets>(&open->secrets);
    if (secrets == nullptr || !handshake::tls13::may_update_write_keys(*secrets)) return Misuse::key_update_unavailable;
    TOCSIN_TRY(handshake::tls13::update_write_keys(*config_->provider, *open, request, step.effects));
    return Done{};
  });
}

void Engine::forget() {
  read_.reset();
  write_.reset();
  arriving_ = {};
  release(inbox_);
  release(messages_);
  inbox_taken_ = messages_taken_ = 0;
}

}  // namespace tocsin
