#include "harnesses/checkers/checked_datagram_client.h"

#include <algorithm>
#include <array>

#include "harnesses/stacks/tocsin/endpoint.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {

using stacks::at, stacks::time_of;

namespace {

constexpr std::string_view name = "tocsin client";

}  // namespace

CheckedDatagramClient::CheckedDatagramClient(ClientConfig config, std::string_view server_name, stacks::Time now)
    : now_(at(now)) {
  config.on_broken_invariant = [](Invariant invariant) { broken(invariant, "noticed inside"); };
  (void)run("start", {}, [&]() -> Outcome {
    auto made = DatagramClient::start(std::make_shared<const ClientConfig>(std::move(config)), server_name, now_, out_);
    if (!made) return made.error();
    client_ = std::move(*made);
    return Done{};
  });
}

void CheckedDatagramClient::receive(ByteView datagram, stacks::Address, stacks::Time now) {
  now_ = at(now);
  if (!client_) return;
  // Nobody calls too early, but who does so gets nothing.
  if (const auto due = client_->deadline(); due && *due > now_.instant && !error_) {
    const Outcome early = client_->on_timeout(now_, out_);
    check(Invariant::same_input_same_output, early && out_.to_peer.empty() && client_->deadline() == due,
          "a timeout before the deadline does something");
  }
  (void)run("receive", datagram, [&] { return client_->receive(datagram, now_, out_); });
}

std::optional<stacks::Time> CheckedDatagramClient::deadline() const {
  const auto due = client_ ? client_->deadline() : std::nullopt;
  return due ? std::optional(time_of(*due)) : std::nullopt;
}

void CheckedDatagramClient::on_timeout(stacks::Time now) {
  now_ = at(now);
  if (!client_) return;
  const auto before = client_->deadline();
  (void)run("on_timeout", {}, [&] { return client_->on_timeout(now_, out_); });
  const auto after = client_->deadline();
  check(Invariant::same_input_same_output, !before || *before > now_.instant || !after || *after > now_.instant,
        "a deadline does not move on");
}

bool CheckedDatagramClient::send(stacks::Address, ByteView application_data, stacks::Time now) {
  now_ = at(now);
  return client_ && run("send", application_data, [&] { return client_->send(application_data, out_); });
}

bool CheckedDatagramClient::close(stacks::Address, stacks::Time now) {
  now_ = at(now);
  is_closed_ = true;
  return client_ && run("close", {}, [&] { return client_->close(out_); });
}

std::vector<Bytes> CheckedDatagramClient::take_application_data(stacks::Address) { return std::exchange(delivered_, {}); }

stacks::Status CheckedDatagramClient::status(stacks::Address) const {
  if (error_) return stacks::Status::failed;
  return is_complete_ ? stacks::Status::complete : stacks::Status::handshaking;
}

std::optional<Bytes> CheckedDatagramClient::export_keying_material(stacks::Address, std::string_view label,
                                                                   std::optional<ByteView> context, std::size_t size_bytes) {
  Bytes key(size_bytes);
  if (!client_ || !client_->export_keying_material(label, context, key, out_)) return std::nullopt;
  return key;
}

template <class Call>
Outcome CheckedDatagramClient::run(std::string_view call_name, ByteView input, Call&& call) {
  if (!is_repeating_) emit([&] { return CallEvent{name, call_name, input}; });
  const Outcome outcome = call();
  if (!is_repeating_) emit_return(outcome);
  check_call(outcome);
  out_.to_peer.each([&](ByteView datagram) {
    to_peer_.push_back({stacks::Address{}, Bytes(datagram.begin(), datagram.end())});
  });
  out_.application_data.each([&](ByteView data) { delivered_.emplace_back(data.begin(), data.end()); });
  out_.clear();
  const bool is_first_error = !error_ && client_ && client_->failure() != nullptr;
  if (is_first_error) {
    error_ = *client_->failure();
    is_repeating_ = true;
    check_stickiness();
    is_repeating_ = false;
  }
  const bool is_under_way = client_ && !is_complete_ && !error_ && !is_closed_;
  check(Invariant::memory_is_bounded, !is_under_way || client_->deadline(), "a handshake under way has no deadline");
  return outcome;
}

void CheckedDatagramClient::emit_return(const Outcome& outcome) const {
  emit([&] {
    ReturnEvent returned{name, bool(outcome), out_.to_peer.bytes, out_.application_data.bytes};
    returned.events = out_.events;
    if (!outcome) returned.error = outcome.error();
    if (!outcome) returned.failure = outcome.error().describe();
    return returned;
  });
}

void CheckedDatagramClient::check_call(const Outcome& outcome) {
  const bool is_silent = out_.to_peer.empty() && out_.application_data.empty() && out_.events.empty();
  if (error_) {
    check(Invariant::errors_are_sticky, !outcome && outcome.error() == *error_, "a call after an error gave something else");
    check(Invariant::errors_are_sticky, is_silent, "a call after an error produced something");
    return;
  }
  if (!outcome && outcome.error().misuse() != nullptr) {
    check(Invariant::records_are_well_formed, is_silent, "a call that is a misuse produced something");
    return;
  }
  DatagramsSent sent;
  out_.to_peer.each([&](ByteView datagram) { sent_.read(datagram, sent); });
  check(Invariant::memory_is_bounded, sent.datagrams <= datagrams_of_a_call_max, "one call sends very much");
  const auto completions = std::ranges::count(out_.events, Event::handshake_complete);
  check(Invariant::no_data_before_finished, completions == 0 || (completions == 1 && !is_complete_),
        "the handshake was completed twice");
  is_complete_ = is_complete_ || completions == 1;
  check(Invariant::no_data_before_finished, is_complete_ || out_.application_data.empty(),
        "application data was delivered before the handshake was complete");
  if (!outcome)
    check_alert_of(sent, outcome.error());
  else
    check(Invariant::fatal_queues_one_alert, sent.fatal_alerts == 0, "a fatal alert was sent by a call that succeeded");
}

// Calls everything once more; the calls check themselves.
void CheckedDatagramClient::check_stickiness() {
  const std::array<std::uint8_t, 1> byte{22};
  std::array<std::uint8_t, 16> exported{};
  const auto again = [&](auto&& call) { (void)run("again", {}, call); };
  again([&] { return client_->receive(byte, now_, out_); });
  again([&] { return client_->on_timeout({now_.instant + Milliseconds{1'000'000}, now_.date}, out_); });
  again([&] { return client_->send(byte, out_); });
  again([&] { return client_->export_keying_material("EXPORTER-tocsin", {}, exported, out_); });
  again([&] { return client_->close(out_); });
  check(Invariant::errors_are_sticky, !client_->deadline(), "a client that has failed waits for something");
}

}  // namespace tocsin::harness
