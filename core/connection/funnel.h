#pragma once
// What a connection is, whatever carries its records: one door (run), one funnel for errors (end), and what both transports
// have alike: the state, the session, alerts, exporter, close.
//
// A step works on the state and says what it wants done as Effects. The transport's commit carries them out, only if the whole
// step succeeded. A Fatal leaves exactly one alert, under the keys in force before the step, and the connection gives the same
// error for ever after.
#include <algorithm>
#include <optional>
#include <string_view>

#include "core/base/guarded.h"
#include "core/base/invariants.h"
#include "core/connection/opening_room.h"
#include "core/connection/session_tracker.h"
#include "core/crypto/tls12/key_schedule.h"
#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/machine/dispatch.h"
#include "core/record/header.h"
#include "core/wire/alert.h"
#include "tocsin/datagrams.h"

namespace tocsin {

/// What one step has: the time of the call, room to open a record in, and what it wants done.
struct Step {
  Step(Bytes& application_data, Now at) : now(at), room(application_data) {}

  const Now now;
  OpeningRoom room;
  handshake::Effects effects;
};

inline Bytes& bytes_in(Bytes& stream) { return stream; }
inline Bytes& bytes_in(Datagrams& datagrams) { return datagrams.bytes; }

/// Transport derives from it, owns records, keys and flights, and has
/// - `StepOfTransport`, a Step, perhaps with wishes that are none of a handler's;
/// - `Result<Done> commit(StepOfTransport&, Output&)`, which carries it out;
/// - `Result<Done> seal(ContentType, ByteView content, Output&)`, under the keys in force;
/// - `void drop_write_keys()`, and `void forget()`: keys, buffers and flights of a connection that has ended;
/// - `handshake::Context context(Now, handshake::HandshakeMessage) const`;
/// - `handshake::Transport over`, and whether it `tells_of_abandoned_handshake` and `ignores_level_of_user_canceled`.
template <class Transport, class OutputOf>
class Funnel {
 public:
  using Output = OutputOf;

  /// Sends close_notify, once. During the handshake it ends the connection.
  Outcome close(Output& out);
  /// RFC 9846 7.5, RFC 5705.
  Outcome export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key, Output& out);

  /// Null during the handshake.
  const handshake::Established* established() const { return handshake::established_of(const_cast<handshake::State&>(state_)); }
  bool is_closed_by_peer() const { return closed_by_peer_; }
  bool is_closed_for_writing() const { return established() != nullptr && established()->closed_for_writing; }
  const Error* failure() const { return failure_ ? &*failure_ : nullptr; }

 protected:
  explicit Funnel(const Limits& limits) : limits_(limits) {}
  ~Funnel() { forget_keys_of_provider(); }
  Funnel(const Funnel&) = delete;
  Funnel& operator=(const Funnel&) = delete;

  template <class Do>
  Outcome run(Now now, Output& out, Do&& step);
  /// For calls that need no time.
  template <class Do>
  Outcome run(Output& out, Do&& step) {
    return run(Now{}, out, std::forward<Do>(step));
  }
  Outcome end(Error error, Output& out);

  void configure(std::shared_ptr<const CommonConfig> config) {
    limits_ = config->limits;
    config_ = std::move(config);
  }

  /// Misuse handshake_not_complete, closed_for_writing.
  Result<handshake::Established*, Misuse> open_for_writing();

  // What is received. Each is called by a step.
  /// What the header of a message tells. Reasons: message_unexpected, message_too_long,
  /// message_length_impossible.
  Result<Done> admit(HandshakeType type, std::size_t body_bytes) const;
  /// A message that was admitted.
  Result<handshake::State> handle(const handshake::HandshakeMessage& message, Step& step);
  Outcome take_alert(ByteView content, handshake::Effects& effects);
  /// RFC 9846 5.1, and the application data that messages after the handshake are counted against.
  void deliver(std::size_t content_bytes, handshake::Effects& effects) {
    if (post_handshake_messages_ > 0) pay_for_messages(content_bytes);
    effects.add(handshake::Deliver{content_bytes});
  }
  void pay_for_messages(std::size_t data_bytes);

  /// Visits the effects in their order, up to the first that fails or throws. visitor: has an overload for each of them, or
  /// this does not compile.
  template <class Visitor>
  Result<Done> carry_out(handshake::Effects& effects, Visitor& visitor) {
    INVARIANT(errors_are_sticky, !failure_);
    for (handshake::Effect& effect : effects.in_order) TOCSIN_TRY(attempt([&] { return std::visit(visitor, effect); }));
    return Done{};
  }
  class CommonCommit;

  handshake::State state_;
  std::optional<Error> failure_;
  bool closed_by_peer_ = false;
  SessionTracker session_;
  std::shared_ptr<const CommonConfig> config_;  // null: the Acceptor has none yet
  Limits limits_;
  // RFC 8449: content and type, in bytes.
  std::size_t received_inner_bytes_max_ = record::plaintext_bytes_max + 1;
  std::size_t sent_inner_bytes_max_ = record::plaintext_bytes_max + 1;
  // RFC 6066 4: of records of streams without protection.
  std::size_t received_plaintext_bytes_max_ = record::plaintext_bytes_max;
  std::size_t sent_plaintext_bytes_max_ = record::plaintext_bytes_max;

 private:
  Transport& self() { return static_cast<Transport&>(*this); }
  void forget_keys_of_provider() const {
    if (config_) ignore_failure_of([&] { config_->provider->forget_keys(); });
  }
  void report_broken(Invariant invariant) const {
    if (config_ && config_->on_broken_invariant) ignore_failure_of([&] { config_->on_broken_invariant(invariant); });
  }

  std::uint32_t warning_alerts_ = 0, post_handshake_messages_ = 0;
  std::size_t unspent_data_bytes_ = 0;  // which pay for less than a message
};

/// The effects that mean the same over every transport. A transport's commit derives from it and has the others.
template <class Transport, class OutputOf>
class Funnel<Transport, OutputOf>::CommonCommit {
 public:
  using StepOfTransport = typename Transport::StepOfTransport;
  CommonCommit(Transport& to, StepOfTransport& step, OutputOf& out) : to_(to), step_(step), out_(out) {}

  Result<Done> operator()(const handshake::LimitSentRecords& limit) {
    to_.sent_inner_bytes_max_ = std::min(limit.inner_bytes_max, record::plaintext_bytes_max + 1);
    if (limit.which == handshake::Limited::all_records) to_.sent_plaintext_bytes_max_ = to_.sent_inner_bytes_max_ - 1;
    return Done{};
  }
  Result<Done> operator()(const handshake::LimitReceivedRecords& limit) {
    to_.received_inner_bytes_max_ = std::min(limit.inner_bytes_max, record::plaintext_bytes_max + 1);
    if (limit.which == handshake::Limited::all_records) to_.received_plaintext_bytes_max_ = to_.received_inner_bytes_max_ - 1;
    return Done{};
  }
  Result<Done> operator()(const handshake::Raise& raised) {
    out_.events.push_back(raised.event);
    return Done{};
  }
  Result<Done> operator()(const handshake::LogSecret& secret) {
    to_.config_->key_log(text_of(secret.line.view()));
    return Done{};
  }
  Result<Done> operator()(handshake::PendingSession& session) {
    to_.session_.take(session);
    return Done{};
  }
  Result<Done> operator()(handshake::StoreSession& session) {
    to_.session_.take(*to_.config_, session);
    return Done{};
  }

 protected:
  Result<Done> check_application_data() const {
    //= RFC 9846 5.1 //# Note that Application Data records MUST NOT be written to the wire unprotected (see
    INVARIANT(no_data_before_finished, to_.established() != nullptr);
    return Done{};
  }

  Transport& to_;
  StepOfTransport& step_;
  OutputOf& out_;
};

template <class Transport, class OutputOf>
template <class Do>
Outcome Funnel<Transport, OutputOf>::run(Now now, Output& out, Do&& step) {
  if (failure_) return *failure_;
  const std::size_t sent_bytes_before = bytes_in(out.to_peer).size();
  typename Transport::StepOfTransport under_way(bytes_in(out.application_data), now);
  Outcome ran = attempt([&] { return step(under_way); });
  if (ran) {
    const Result<Done> committed = attempt([&] { return self().commit(under_way, out); });
    if (!committed) ran = committed.error();
  } else if (bytes_in(out.to_peer).size() != sent_bytes_before) {
    ran = Fatal{Reason::invariant_broken, Invariant::fatal_queues_one_alert};  // a step must not write by itself
  }
  if (ran || ran.error().misuse() != nullptr) return ran;
  return end(ran.error(), out);
}

template <class Transport, class OutputOf>
Outcome Funnel<Transport, OutputOf>::end(Error error, Output& out) {
  const std::size_t sent_bytes_before = bytes_in(out.to_peer).size();
  if (const Fatal* fatal = error.fatal()) {
    if (fatal->broken) report_broken(*fatal->broken);
    //= RFC 9846 6 //# All the alerts listed in Section 6.2 MUST be sent with AlertLevel=fatal and MUST be
    //= RFC 9846 6.2 //# it SHOULD send an appropriate fatal alert and MUST close the connection without sending
    //= RFC 5246 7.2.2 //# which is defined as a fatal alert, it MUST send the appropriate alert prior to closing
    //= RFC 5246 7.2.2 //# it MUST send that alert at the fatal alert level.
    //= RFC 5246 7.2.2 //# This alert is always fatal and should never be observed in communication between proper
    //= RFC 5246 7.2.2 //# This message is always fatal and should never be observed in communication between proper implementations (except when messages were corrupted in the network).
    //= RFC 5246 7.2.2 //# This message is always fatal and should never be observed in communication between proper implementations.
    //= RFC 5246 7.2.2 //# This is a fatal error.
    //= RFC 5246 7.2.2 //# This message is always fatal.
    const auto alert = wire::encode({AlertLevel::fatal, alert_for(fatal->why)});
    const auto seal = [&] { return self().seal(ContentType::alert, alert, out); };
    if (!attempt(seal)) {
      self().drop_write_keys();  // the cipher itself has failed: better a plaintext alert than none
      (void)attempt(seal);
    }
    if (bytes_in(out.to_peer).size() < sent_bytes_before + record::header_bytes + alert.size())
      report_broken(Invariant::fatal_queues_one_alert);
  } else if (bytes_in(out.to_peer).size() != sent_bytes_before) {
    report_broken(Invariant::peer_alert_is_not_answered);
  }
  //= RFC 9846 6 //# and MUST NOT allow any further data to be sent or received on the connection.
  //= RFC 9846 6 //# Servers and clients MUST forget the secret values and keys established in failed
  //= RFC 9846 6.2 //# both parties MUST immediately close the connection.
  //= RFC 5246 7.2.2 //# Upon transmission or receipt of a fatal alert message, both parties immediately close
  //= RFC 5246 7.2.2 //# Servers and clients MUST forget any session-identifiers, keys, and secrets associated
  failure_ = error;
  // What is left holds secrets, and memory that nobody needs any more.
  state_ = handshake::server::WaitClientHello{};
  session_.end(config_.get(), error);
  self().forget();
  forget_keys_of_provider();
  return error;
}

template <class Transport, class OutputOf>
Result<handshake::Established*, Misuse> Funnel<Transport, OutputOf>::open_for_writing() {
  handshake::Established* open = handshake::established_of(state_);
  //= RFC 9846 2 //# Application Data MUST NOT be sent prior to sending the Finished message, except as
  //= RFC 6347 4.1 //# In particular, it is still impermissible to send data prior to completion of the first
  if (open == nullptr) return Misuse::handshake_not_complete;
  if (open->closed_for_writing) return Misuse::closed_for_writing;
  return open;
}

template <class Transport, class OutputOf>
Outcome Funnel<Transport, OutputOf>::close(Output& out) {
  bool abandons_handshake = false;
  Outcome ran = run(out, [&](Step& step) -> Outcome {
    handshake::Established* open = handshake::established_of(state_);
    abandons_handshake = open == nullptr;
    if (abandons_handshake && !Transport::tells_of_abandoned_handshake) return Done{};
    if (!abandons_handshake && std::exchange(open->closed_for_writing, true)) return Done{};
    // RFC 9846 6.1: a close_notify follows user_canceled.
    //= RFC 9846 6.1 //# This alert MUST be followed by a "close_notify".
    if (abandons_handshake) step.effects.add(handshake::SendAlert{AlertDescription::user_canceled});
    //= RFC 9846 6.1 //# Each party MUST send a "close_notify" alert before closing its write side of the
    //= RFC 5246 7.2.1 //# Unless some other fatal alert has been transmitted, each party is required to send a
    step.effects.add(handshake::SendAlert{AlertDescription::close_notify});
    return Done{};
  });
  if (ran && abandons_handshake) (void)end(Misuse::closed_by_caller, out);
  return ran;
}

template <class Transport, class OutputOf>
Outcome Funnel<Transport, OutputOf>::export_keying_material(std::string_view label, std::optional<ByteView> context,
                                                            MutableBytes out_key, Output& out) {
  return run(out, [&](Step&) -> Outcome {
    const handshake::Established* open = established();
    if (open == nullptr) return Misuse::handshake_not_complete;
    const HashAlgorithm hash = hash_of(open->negotiated.cipher_suite);
    if (label.size() > 249 || context.value_or(ByteView{}).size() > 0xffff || out_key.size() > 255 * hash_bytes(hash))
      return Misuse::label_or_length_invalid;
    Provider& provider = *config_->provider;
    if (const auto* secrets = std::get_if<handshake::tls12::Secrets>(&open->secrets)) {
      TOCSIN_TRY(crypto::tls12::export_keying_material(provider, hash, secrets->master, secrets->randoms.client,
                                                       secrets->randoms.server, label, context, out_key));
      return Done{};
    }
    const Secret& exporter_master = std::get<handshake::tls13::Secrets>(open->secrets).exporter_master;
    //= RFC 9846 7.5 //# Implementations MUST use the exporter_secret unless explicitly specified by the
    TOCSIN_TRY(crypto::export_keying_material(provider, hash, exporter_master, label, context.value_or(ByteView{}), out_key));
    return Done{};
  });
}

template <class Transport, class OutputOf>
Result<Done> Funnel<Transport, OutputOf>::admit(HandshakeType type, std::size_t body_bytes) const {
  if (!handshake::expects(state_, Transport::over, type)) return Fatal{Reason::message_unexpected};
  if (body_bytes <= handshake::message_bytes_max(limits_, type)) return Done{};
  //= RFC 9846 6 //# MUST terminate the connection with a "decode_error" alert.
  const bool is_possible = body_bytes <= handshake::message_bytes_possible(state_, Transport::over, type);
  return Fatal{is_possible ? Reason::message_too_long : Reason::message_length_impossible};
}

template <class Transport, class OutputOf>
Result<handshake::State> Funnel<Transport, OutputOf>::handle(const handshake::HandshakeMessage& message, Step& step) {
  // A HelloRequest is ignored in a handshake, so it counts there, too.
  const bool is_hello_request = message.bytes[0] == static_cast<std::uint8_t>(HandshakeType::hello_request);
  if ((established() != nullptr || is_hello_request) && ++post_handshake_messages_ > limits_.post_handshake_messages_max)
    return Fatal{Reason::post_handshake_messages_too_many};
  return handshake::dispatch(std::move(state_), self().context(step.now, message), step.effects);
}

/// One byte between two KeyUpdates must not pay for the keys that each makes us derive.
template <class Transport, class OutputOf>
void Funnel<Transport, OutputOf>::pay_for_messages(std::size_t data_bytes) {
  unspent_data_bytes_ += data_bytes;
  const std::size_t price_bytes = std::max<std::size_t>(limits_.post_handshake_data_bytes, 1);
  const std::size_t paid =
      limits_.post_handshake_data_bytes == 0 ? post_handshake_messages_ : unspent_data_bytes_ / price_bytes;
  unspent_data_bytes_ = paid < post_handshake_messages_ ? unspent_data_bytes_ % price_bytes : 0;
  post_handshake_messages_ -= static_cast<std::uint32_t>(std::min<std::size_t>(paid, post_handshake_messages_));
}

template <class Transport, class OutputOf>
Outcome Funnel<Transport, OutputOf>::take_alert(ByteView content, handshake::Effects& effects) {
  //= RFC 9846 5.4 //# Implementations MUST NOT send Handshake and Alert records that have a zero-length
  if (content.empty()) return Fatal{Reason::record_empty};
  TOCSIN_TRY_SET(const wire::Alert alert, wire::decode_alert(content));
  const bool heeds_level = handshake::heeds_alert_levels(state_);
  //= RFC 9846 6 //# e.g., a DHE share of p - 1, or an invalid enum) MUST terminate the connection with an
  if (heeds_level && !wire::is_level(alert.level)) return Fatal{Reason::alert_level_invalid};
  if (alert.description == AlertDescription::close_notify) {
    if (established() == nullptr) return PeerAlert{alert.description};
    if (!std::exchange(closed_by_peer_, true)) effects.add(handshake::Raise{Event::peer_closed});
    return Done{};
  }
  const bool is_warning = heeds_level && alert.level == AlertLevel::warning;
  // RFC 9846 6.1 has it end nothing whatever its level; in TLS 1.2 the level decides.
  const bool is_tls12 = handshake::traits_of(state_).version == ProtocolVersion::tls12;
  const bool announces_close =
      alert.description == AlertDescription::user_canceled && Transport::ignores_level_of_user_canceled && !is_tls12;
  //= RFC 9846 6 //# All the alerts listed in Section 6.2 MUST be sent with AlertLevel=fatal and MUST be
  //= RFC 9846 6 //# Unknown Alert types MUST be treated as error alerts.
  //= RFC 5246 7.2 //# Alert messages with a level of fatal result in the immediate termination of the
  if (!is_warning && !announces_close) return PeerAlert{alert.description};
  if (++warning_alerts_ > limits_.warning_alerts_max) return Fatal{Reason::alert_warnings_too_many};
  return Done{};
}

}  // namespace tocsin
