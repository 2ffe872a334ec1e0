// The door, the funnel, and what the caller asks for.
#include "core/connection/engine.h"

#include <limits>

#include "core/base/release.h"
#include "core/crypto/tls12/key_schedule.h"
#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/authentication.h"

namespace tocsin {

using handshake::Effects;
using handshake::Established;

Outcome Engine::end(Error error, Output& out) {
  const std::size_t wire_bytes_before = out.to_peer.size();
  if (const Fatal* fatal = error.fatal()) {
    if (fatal->broken) report_broken(*fatal->broken);
    const auto alert = wire::encode({AlertLevel::fatal, alert_for(fatal->why)});
    if (!send_content(ContentType::alert, alert, out.to_peer)) {
      write_.reset();  // the cipher itself has failed: better a plaintext alert than none
      (void)send_content(ContentType::alert, alert, out.to_peer);
    }
    if (out.to_peer.size() < wire_bytes_before + record::header_bytes + alert.size())
      report_broken(Invariant::fatal_queues_one_alert);
  } else if (out.to_peer.size() != wire_bytes_before) {
    report_broken(Invariant::peer_alert_is_not_answered);
  }
  failure_ = error;
  // What is left holds secrets, and memory that nobody needs any more.
  state_ = handshake::server::WaitClientHello{};
  session_.end(config_.get(), error);
  read_.reset();
  write_.reset();
  arriving_ = {};
  release(inbox_);
  release(messages_);
  inbox_taken_ = messages_taken_ = 0;
  return error;
}

void Engine::report_broken(Invariant invariant) const {
  if (config_ && config_->on_broken_invariant) config_->on_broken_invariant(invariant);
}

void Engine::configure_server(std::shared_ptr<const ServerConfig> config, UnixSeconds now) {
  limits_ = config->limits;
  config_ = config;
  server_config_ = std::move(config);
  server_now_ = now;
}

Outcome Engine::start_client(std::shared_ptr<const ClientConfig> config, std::string_view name, bool sends_name,
                             UnixSeconds now, Output& out) {
  limits_ = config->limits;
  config_ = config;
  return run(out, [&](Effects& effects) -> Outcome {
    TOCSIN_TRY_SET(state_, handshake::client::start(std::move(config), name, sends_name, now, effects));
    return Done{};
  });
}

const Bytes* Engine::waiting_client_hello() const {
  const auto* received = std::get_if<handshake::server::RecvdClientHello>(&state_);
  return received == nullptr ? nullptr : &received->message;
}

Outcome Engine::answer(std::shared_ptr<const ServerConfig> config, UnixSeconds now, Output& out) {
  configure_server(std::move(config), now);
  return drain(out);
}

Outcome Engine::reject(Reason why, Output& out) {
  return run(out, [&](Effects&) -> Outcome { return Fatal{why}; });
}

Outcome Engine::receive(ByteView from_peer, Output& out) {
  if (closed_by_peer_) from_peer = {};  // RFC 8446 6.1: what follows a close_notify is ignored
  arriving_ = from_peer;
  return drain(out);
}

Outcome Engine::receive_end_of_stream(Output& out) {
  return run(out, [&](Effects&) -> Outcome {
    if (closed_by_peer_) return Done{};
    return Fatal{Reason::transport_truncated};
  });
}

Established* Engine::open_for_writing(Outcome& why_not) {
  Established* open = handshake::established_of(state_);
  if (open == nullptr) {
    why_not = Misuse::handshake_not_complete;
  } else if (open->closed_for_writing) {
    why_not = Misuse::closed_for_writing;
    return nullptr;
  }
  return open;
}

Outcome Engine::send(ByteView application_data, Output& out) {
  return run(out, [&](Effects& effects) -> Outcome {
    Outcome why_not = Done{};
    Established* open = open_for_writing(why_not);
    if (open == nullptr) return why_not;
    // RFC 8446 5.5: a key protects a limited number of records; then it is updated.
    const std::uint64_t sealed = write_->records_sealed();
    const bool has_key_update = open->negotiated.version == ProtocolVersion::tls13;
    const std::uint64_t records_max = has_key_update ? limits_.records_per_key_max : std::numeric_limits<std::uint64_t>::max();
    std::uint64_t records_left = records_max - std::min(sealed, records_max);
    const std::size_t record_bytes = fragment_bytes_max();
    while (!application_data.empty()) {
      if (records_left == 0) {
        TOCSIN_TRY(handshake::update_write_keys(*config_->provider, *open, KeyUpdateRequest::update_not_requested, effects));
        records_left = std::max<std::uint64_t>(limits_.records_per_key_max, 1);
      }
      // Mostly it is one: then a division, which takes as long as twenty other instructions, is not needed.
      const std::size_t needed = application_data.size() <= record_bytes ? 1 : application_data.size() / record_bytes + 1;
      const std::uint64_t records = std::min<std::uint64_t>(records_left, needed);
      const std::size_t size = std::min<std::size_t>(application_data.size(), static_cast<std::size_t>(records) * record_bytes);
      effects.add(handshake::SendApplicationData{application_data.first(size)});
      application_data = application_data.subspan(size);
      records_left -= records;
    }
    return Done{};
  });
}

Outcome Engine::close(Output& out) {
  bool abandons_handshake = false;
  Outcome ran = run(out, [&](Effects& effects) -> Outcome {
    Established* open = handshake::established_of(state_);
    abandons_handshake = open == nullptr;
    if (open != nullptr && open->closed_for_writing) return Done{};
    if (abandons_handshake) effects.add(handshake::SendAlert{AlertDescription::user_canceled});  // RFC 8446 6.1
    effects.add(handshake::SendAlert{AlertDescription::close_notify});
    if (open != nullptr) open->closed_for_writing = true;
    return Done{};
  });
  if (ran && abandons_handshake) (void)end(Misuse::closed_by_caller, out);
  return ran;
}

Outcome Engine::update_keys(KeyUpdateRequest request, Output& out) {
  return run(out, [&](Effects& effects) -> Outcome {
    Outcome why_not = Done{};
    Established* open = open_for_writing(why_not);
    if (open == nullptr) return why_not;
    const auto* secrets = std::get_if<handshake::Secrets13>(&open->secrets);
    if (secrets == nullptr || !handshake::may_update_write_keys(*secrets)) return Misuse::key_update_unavailable;
    TOCSIN_TRY(handshake::update_write_keys(*config_->provider, *open, request, effects));
    return Done{};
  });
}

Outcome Engine::export_keying_material(std::string_view label, ByteView context, MutableBytes out_key, Output& out) {
  return run(out, [&](Effects&) -> Outcome {
    const Established* open = established();
    if (open == nullptr) return Misuse::handshake_not_complete;
    const HashAlgorithm hash = hash_of(open->negotiated.cipher_suite);
    if (label.size() > 249 || out_key.size() > 255 * hash_bytes(hash)) return Misuse::label_or_length_invalid;
    Provider& provider = *config_->provider;
    if (const auto* secrets = std::get_if<handshake::Secrets12>(&open->secrets)) {
      TOCSIN_TRY(crypto::tls12::export_keying_material(provider, hash, secrets->master, secrets->randoms.client,
                                                       secrets->randoms.server, label, context, out_key));
      return Done{};
    }
    const Secret& exporter_master = std::get<handshake::Secrets13>(open->secrets).exporter_master;
    TOCSIN_TRY(crypto::export_keying_material(provider, hash, exporter_master, label, context, out_key));
    return Done{};
  });
}

const Established* Engine::established() const { return handshake::established_of(const_cast<handshake::State&>(state_)); }

}  // namespace tocsin
