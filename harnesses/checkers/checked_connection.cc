#include "harnesses/checkers/checked_connection.h"

#include <algorithm>
#include <array>
#include <string>

#include "harnesses/dissect/registries.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

// RFC 9846 6: an alert that it lists is told by the name that it has there.
void check_name(const PeerAlert& alert, const std::string& told) {
  constexpr std::uint8_t listed[] = {0,  10, 20, 22, 40, 42, 43,  44,  45,  46,  47,  48,  49,  50,
                                     51, 70, 71, 80, 86, 90, 109, 110, 112, 113, 115, 116, 117, 120};
  const auto code = static_cast<std::uint8_t>(alert.description);
  if (std::ranges::find(listed, code) == std::end(listed)) return;
  ++stats().other_checks;
  const std::string_view name = dissect::alert_descriptions.find(code);
  if (told.find(name) == std::string::npos) finding("an alert is not told by its name, " + std::string(name) + ": " + told);
}

}  // namespace

CheckedConnection::CheckedConnection(ServerConfig config, EntryPoint entry_point, CheckOptions options)
    : name_("tocsin server"),
      sent_(stacks::Role::server, options.opening, key_update_turns_),
      received_key_updates_(stacks::Role::server, options.opening, key_update_turns_),
      can_be_opened_(options.opening != nullptr),
      now_{{}, options.now} {
  first_message_bytes_max_ = config.limits.client_hello_bytes_max;
  watch(config, options);
  server_config_ = std::make_shared<const ServerConfig>(std::move(config));
  if (entry_point == EntryPoint::acceptor) {
    acceptor_.emplace(server_config_->limits);
  } else {
    connection_ = std::move(*Connection::server(server_config_));
  }
}

CheckedConnection::CheckedConnection(ClientConfig config, std::string_view server_name, UnixSeconds now, Output& out,
                                     CheckOptions options)
    : name_("tocsin client"),
      sent_(stacks::Role::client, options.opening, key_update_turns_),
      received_key_updates_(stacks::Role::client, options.opening, key_update_turns_),
      can_be_opened_(options.opening != nullptr),
      now_{{}, now} {
  first_message_bytes_max_ = config.limits.other_message_bytes_max;
  watch(config, options);
  const Outcome started = run("make", {}, out, [&]() -> Outcome {
    auto made = Connection::client(std::make_shared<const ClientConfig>(std::move(config)), server_name, now_, out);
    if (!made) return made.error();
    connection_ = std::move(*made);
    return Done{};
  });
  if (!started) error_ = started.error();
  has_progressed_ = false;  // the ClientHello answers nothing
}

void CheckedConnection::watch(CommonConfig& config, CheckOptions& options) {
  if (options.record_limit != 0) sent_.limit_inner_bytes(options.record_limit);
  if (options.has_sealing_failed) sent_.expect_failures(std::move(options.has_sealing_failed));
  config.key_log = [this, next = std::move(config.key_log)](std::string_view line) {
    has_progressed_ = true;
    sent_.add_secret(line);
    received_key_updates_.add_secret(line);
    if (next) next(line);
  };
  config.on_broken_invariant = [](Invariant invariant) { broken(invariant, "noticed inside"); };
}

Outcome CheckedConnection::receive(ByteView from_peer, Output& out) {
  if (!error_) sent_.note_received(from_peer);
  arriving_ = from_peer;
  key_update_turns_.begin_receiving();
  const auto outcome = run("receive", from_peer, out, [&]() -> Outcome {
    return connection_ ? connection_->receive(from_peer, now_, out) : accept(from_peer, out);
  });
  key_update_turns_.end_receiving();
  arriving_ = {};
  check_progress(from_peer);
  return outcome;
}

Outcome CheckedConnection::receive_end_of_stream(Output& out) {
  return run("receive_end_of_stream", {}, out, [&]() -> Outcome {
    return connection_ ? connection_->receive_end_of_stream(out) : acceptor_->receive_end_of_stream(out);
  });
}

Outcome CheckedConnection::send(ByteView application_data, Output& out) {
  const bool is_permitted = is_open_for_writing();
  const Outcome outcome = run("send", application_data, out, [&] { return connection_->send(application_data, out); });
  const bool is_misuse = !outcome && outcome.error().misuse() != nullptr;
  check(Invariant::calls_suit_the_state, is_permitted ? !is_misuse : !outcome,
        is_permitted ? "data are refused" : "data are taken");
  return outcome;
}

Outcome CheckedConnection::close(Output& out) {
  const Outcome outcome = run("close", {}, out, [&] { return connection_->close(out); });
  is_closed_ = is_closed_ || outcome;
  return outcome;
}

Outcome CheckedConnection::update_keys(KeyUpdateRequest request, Output& out) {
  const bool is_permitted = is_open_for_writing();
  const Outcome outcome = run("update_keys", {}, out, [&] {
    const Outcome updated = connection_->update_keys(request, out);
    if (updated && request == KeyUpdateRequest::update_requested) key_update_turns_.expect_request();
    return updated;
  });
  check(Invariant::calls_suit_the_state, is_permitted || !outcome, "keys are updated");
  return outcome;
}

Outcome CheckedConnection::export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key,
                                                  Output& out) {
  const Outcome outcome =
      run("export_keying_material", {}, out, [&] { return connection_->export_keying_material(label, context, out_key, out); });
  check(Invariant::calls_suit_the_state, is_complete_ || !outcome, "keying material is exported");
  return outcome;
}

Outcome CheckedConnection::accept(ByteView from_peer, Output& out) {
  auto accepted = acceptor_->receive(from_peer, out);
  if (!accepted) return accepted.error();
  if (!*accepted) return Done{};
  auto made = std::move(**accepted).into_connection(server_config_, now_, out);
  acceptor_.reset();
  if (!made) return made.error();
  connection_ = std::move(*made);
  return Done{};
}

template <class Call>
Outcome CheckedConnection::run(std::string_view name, ByteView input, Output& out, Call&& call) {
  const Mark before{out.to_peer.size(), out.application_data.size(), out.events.size()};
  if (!is_repeating_) emit([&] { return CallEvent{name_, name, input}; });
  // A connection that could not be made gives its error from then on.
  const Outcome outcome = error_ && !connection_ && !acceptor_ ? Outcome(*error_) : call();
  if (!is_repeating_) emit_return(before, outcome, out);
  check_call(before, outcome, out);
  return outcome;
}

void CheckedConnection::emit_return(const Mark& before, const Outcome& outcome, const Output& out) const {
  emit([&] {
    ReturnEvent returned{name_, bool(outcome), ByteView(out.to_peer).subspan(before.to_peer),
                         ByteView(out.application_data).subspan(before.application_data)};
    returned.events.assign(out.events.begin() + static_cast<std::ptrdiff_t>(before.events), out.events.end());
    if (!outcome) returned.error = outcome.error();
    if (!outcome) returned.failure = outcome.error().describe();
    return returned;
  });
}

void CheckedConnection::check_call(const Mark& before, const Outcome& outcome, const Output& out) {
  const bool is_silent = out.to_peer.size() == before.to_peer && out.application_data.size() == before.application_data &&
                         out.events.size() == before.events;
  if (error_) {
    check(Invariant::errors_are_sticky, !outcome && outcome.error() == *error_, "a call after an error gave something else");
    check(Invariant::errors_are_sticky, is_silent, "a call after an error produced something");
    return;
  }
  if (!outcome && outcome.error().misuse() != nullptr) {
    check(Invariant::records_are_well_formed, is_silent, "a call that is a misuse produced something");
    return;
  }
  if (!is_silent) has_progressed_ = true;

  if (outcome) received_key_updates_.read(arriving_);
  const auto sent = sent_.read(ByteView(out.to_peer).subspan(before.to_peer));
  const auto completions =
      std::count(out.events.begin() + static_cast<std::ptrdiff_t>(before.events), out.events.end(), Event::handshake_complete);
  check(Invariant::no_data_before_finished, completions == 0 || (completions == 1 && !is_complete_),
        "the handshake was completed twice");
  is_complete_ = is_complete_ || completions == 1;
  check(Invariant::no_data_before_finished, is_complete_ || out.application_data.size() == before.application_data,
        "application data was delivered before the handshake was complete");

  if (!outcome) {
    check_first_error(outcome.error(), sent);
    error_ = outcome.error();
    is_repeating_ = true;
    check_stickiness();
    is_repeating_ = false;
  } else {
    const bool has_fatal = std::any_of(sent.alerts.begin(), sent.alerts.end(),
                                       [](const SentAlert& alert) { return alert.level == AlertLevel::fatal; });
    check(Invariant::fatal_queues_one_alert, !has_fatal, "a fatal alert was sent by a call that succeeded");
  }
}

void CheckedConnection::check_first_error(const Error& error, const SentRecords::Summary& sent) {
  note_refusal(error);
  // The warnings with which the same call has answered what came before, HelloRequests of TLS 1.2, tell of no error.
  std::vector<SentAlert> alerts = sent.alerts;
  std::erase_if(alerts, [](const SentAlert& one) {
    return one.level == AlertLevel::warning && one.description == AlertDescription::no_renegotiation;
  });
  if (const PeerAlert* alert = error.peer_alert()) {
    check_name(*alert, error.describe());
    check(Invariant::peer_alert_is_not_answered, alerts.empty(), "an alert was answered with an alert");
    return;
  }
  const std::string what = error.describe();
  check(Invariant::fatal_queues_one_alert, sent.records > 0 && sent.last_is_alert, "no alert is the last record after " + what);
  if (!can_be_opened_ && alerts.empty()) return;
  check(Invariant::fatal_queues_one_alert, alerts.size() == 1, "more than one alert was sent after " + what);
  check(Invariant::fatal_queues_one_alert,
        alerts[0].level == AlertLevel::fatal && alerts[0].description == alert_for(error.fatal()->why),
        "another alert than the reason's was sent after " + what);
}

// Calls everything once more; the calls check themselves.
void CheckedConnection::check_stickiness() {
  Output out;
  const std::array<std::uint8_t, 1> byte{22};
  if (acceptor_) {
    const Outcome again[] = {receive(byte, out), receive_end_of_stream(out)};
    static_cast<void>(again);
  }
  if (!connection_) return;
  check(Invariant::errors_are_sticky, connection_->failure() != nullptr && *connection_->failure() == *error_,
        "failure() is not the error that was given");
  check(Invariant::errors_are_sticky, connection_->is_closed_for_writing(), "a failed connection is still open for writing");
  std::array<std::uint8_t, 16> exported{};
  const Outcome again[] = {receive(byte, out),
                           receive({}, out),
                           receive_end_of_stream(out),
                           send(byte, out),
                           update_keys(KeyUpdateRequest::update_requested, out),
                           export_keying_material("EXPORTER-tocsin", {}, exported, out),
                           close(out)};
  static_cast<void>(again);
}

// A message is answered, or refused, when it is as long as it may be.
void CheckedConnection::check_progress(ByteView received) {
  if (has_progressed_ || error_) return;
  received_.add(received);
  received_.each([this](const dissect::RecordView& record) {
    if (record.type == ContentType::handshake) first_message_bytes_ += record.fragment.size();
  });
  check(Invariant::memory_is_bounded, first_message_bytes_ < dissect::MessageView::header_bytes + first_message_bytes_max_,
        "more of a message was taken than its limit allows");
}

}  // namespace tocsin::harness
