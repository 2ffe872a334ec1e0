#include "harnesses/checkers/checked_listener.h"

#include <algorithm>

#include "core/dtls/cookie.h"
#include "harnesses/dissect/records.h"
#include "harnesses/stacks/tocsin/endpoint.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {

using stacks::at, stacks::time_of;

namespace {

constexpr std::string_view name = "tocsin listener";

PeerAddress bytes_of(stacks::Address address) { return {192, 0, 2, static_cast<std::uint8_t>(address)}; }
stacks::Address address_of(const PeerAddress& bytes) { return stacks::Address{bytes.back()}; }

bool asks_for_cookie(ByteView datagram) {
  const auto record = dissect::take_dtls_record(datagram);
  if (!record || record->epoch != 0) return false;
  const auto fragments = dissect::fragments_of(*record);
  return !fragments.empty() && fragments[0].type == HandshakeType::hello_verify_request;
}

/// The randoms of the ServerHellos that begin in it.
void note_handshakes(ByteView datagram, std::set<Bytes>& randoms) {
  constexpr std::size_t version_bytes = 2, random_bytes = 32;
  while (const auto record = dissect::take_dtls_record(datagram)) {
    if (record->epoch != 0) continue;
    for (const dissect::FragmentView& fragment : dissect::fragments_of(*record)) {
      const bool has_random = fragment.type == HandshakeType::server_hello && fragment.offset_bytes == 0 &&
                              fragment.body.size() >= version_bytes + random_bytes;
      if (!has_random) continue;
      const ByteView random = fragment.body.subspan(version_bytes, random_bytes);
      randoms.emplace(random.begin(), random.end());
    }
  }
}

}  // namespace

std::string describe(const ListenerOutput::Told& told) {
  if (const auto* error = std::get_if<Error>(&told.what)) return error->describe();
  if (const auto* event = std::get_if<ListenerEvent>(&told.what)) return "event " + std::to_string(static_cast<int>(*event));
  return "application data";
}

CheckedListener::CheckedListener(ServerConfig config) {
  config.on_broken_invariant = [](Invariant invariant) { broken(invariant, "noticed inside"); };
  if (auto made = Listener::make(std::make_shared<const ServerConfig>(std::move(config)))) listener_ = std::move(*made);
}

void CheckedListener::receive(ByteView datagram, stacks::Address from, stacks::Time now) {
  if (!listener_) return;
  note_cookie(datagram, from);
  (void)run("receive", datagram, [&]() -> Outcome {
    listener_->receive(datagram, bytes_of(from), at(now), out_);
    return Done{};
  });
}

std::optional<stacks::Time> CheckedListener::deadline() const {
  const auto due = listener_ ? listener_->deadline() : std::nullopt;
  return due ? std::optional(time_of(*due)) : std::nullopt;
}

void CheckedListener::on_timeout(stacks::Time now) {
  if (!listener_) return;
  (void)run("on_timeout", {}, [&]() -> Outcome {
    listener_->on_timeout(at(now), out_);
    return Done{};
  });
  const auto after = listener_->deadline();
  check(Invariant::same_input_same_output, !after || *after > at(now).instant, "a deadline does not move on");
}

bool CheckedListener::send(stacks::Address peer, ByteView application_data, stacks::Time) {
  return listener_ && run("send", application_data, [&] { return listener_->send(bytes_of(peer), application_data, out_); });
}

bool CheckedListener::close(stacks::Address peer, stacks::Time now) {
  return listener_ && run("close", {}, [&] { return listener_->close(bytes_of(peer), at(now), out_); });
}

stacks::Status CheckedListener::status(stacks::Address peer) const {
  if (listener_ && listener_->negotiated(bytes_of(peer)) != nullptr) return stacks::Status::complete;
  return error(peer) ? stacks::Status::failed : stacks::Status::handshaking;
}

bool CheckedListener::is_closed_by(stacks::Address peer) const {
  const auto found = of_.find(peer);
  return found != of_.end() && found->second.is_closed_by_peer;
}

std::optional<Bytes> CheckedListener::export_keying_material(stacks::Address peer, std::string_view label,
                                                             std::optional<ByteView> context, std::size_t size_bytes) {
  Bytes key(size_bytes);
  if (!listener_ || !listener_->export_keying_material(bytes_of(peer), label, context, key, out_)) return std::nullopt;
  return key;
}

Negotiated CheckedListener::negotiated(stacks::Address peer) const {
  const Negotiated* known = listener_ ? listener_->negotiated(bytes_of(peer)) : nullptr;
  return known != nullptr ? *known : Negotiated{};
}

std::optional<Error> CheckedListener::error(stacks::Address peer) const {
  const auto found = of_.find(peer);
  return found != of_.end() ? found->second.error : std::nullopt;
}

std::string CheckedListener::failure(stacks::Address peer) const {
  const auto why = error(peer);
  return why ? why->describe() : std::string();
}

std::size_t CheckedListener::completions(stacks::Address peer) const {
  const auto found = of_.find(peer);
  return found != of_.end() ? found->second.completions : 0;
}

void CheckedListener::note_cookie(ByteView datagram, stacks::Address from) {
  Checked& of = of_[from];
  for (const Bytes& cookie : of.cookies) {
    const auto next_from = [&](auto begin) { return std::search(begin, datagram.end(), cookie.begin(), cookie.end()); };
    for (auto at = next_from(datagram.begin()); at != datagram.end(); at = next_from(at + 1)) {
      ++of.cookies_seen;
      of.cookies_returned.insert(cookie);
    }
  }
}

template <class Call>
Outcome CheckedListener::run(std::string_view call_name, ByteView input, Call&& call) {
  emit([&] { return CallEvent{name, call_name, input}; });
  const Outcome outcome = call();
  Bytes all_sent, all_delivered;
  for (const auto& addressed : out_.to_peers) append(all_sent, addressed.datagram);
  for (const auto& told : out_.told)
    if (const auto* data = std::get_if<Bytes>(&told.what)) append(all_delivered, *data);
  emit([&] {
    ReturnEvent returned{name, bool(outcome), all_sent, all_delivered};
    if (!outcome) returned.failure = outcome.error().describe();
    return returned;
  });
  if (!outcome && outcome.error().misuse() != nullptr)
    check(Invariant::records_are_well_formed, out_.to_peers.empty() && out_.told.empty(),
          "a call that is a misuse produced something");
  const Sent sent = read_sent();
  take_told(sent);
  std::size_t known = 0, settled = 0;
  for (const auto& [address, of] : of_) {
    if (of.cookies_seen != 0) {
      ++known;
      if (listener_->negotiated(bytes_of(address)) != nullptr) ++settled;
      continue;
    }
    const auto found = sent.find(address);
    const DatagramsSent there = found == sent.end() ? DatagramsSent{} : found->second;
    check(Invariant::unverified_peer_costs_nothing, there.datagrams <= 1 && there.bytes <= input.size(),
          "more is sent to an address without a cookie than came from there");
  }
  check(Invariant::unverified_peer_costs_nothing, listener_->peers() <= known,
        "something is kept for an address without a cookie");
  check(Invariant::memory_is_bounded, listener_->peers() <= settled || listener_->deadline(),
        "a handshake under way has no deadline");
  for (auto& addressed : std::exchange(out_.to_peers, {}))
    to_peers_.push_back({address_of(addressed.peer), std::move(addressed.datagram)});
  out_ = {};
  return outcome;
}

CheckedListener::Sent CheckedListener::read_sent() {
  Sent all;
  for (const auto& addressed : out_.to_peers) {
    Checked& of = of_[address_of(addressed.peer)];
    DatagramsSent& sent = all[address_of(addressed.peer)];
    if (asks_for_cookie(addressed.datagram)) {
      // Of no association: it may come behind an alert, where a datagram holds a hello behind what was fatal.
      DatagramsSent answer;
      SentDatagrams().read(addressed.datagram, answer);
      sent.datagrams += answer.datagrams;
      sent.bytes += answer.bytes;
    } else {
      // Records to one association: another one has numbers, and epochs, of its own.
      SentDatagrams other;
      (of.cookies_seen == 1 ? of.sent : other).read(addressed.datagram, sent);
    }
    check(Invariant::memory_is_bounded, sent.datagrams <= datagrams_of_a_call_max, "one call sends very much");
    note_handshakes(addressed.datagram, of.handshakes);
    check(Invariant::unverified_peer_costs_nothing, of.handshakes.size() <= of.cookies_returned.size(),
          "a cookie begins more than one handshake");
    if (addressed.datagram.size() >= cookie_bytes)
      of.cookies.emplace_back(addressed.datagram.end() - cookie_bytes, addressed.datagram.end());
  }
  return all;
}

void CheckedListener::take_told(const Sent& sent) {
  for (ListenerOutput::Told& told : out_.told) {
    const stacks::Address address = address_of(told.peer);
    Checked& of = of_[address];
    emit([&] { return NoteEvent{name, describe(told)}; });
    check(Invariant::unverified_peer_costs_nothing, of.cookies_seen != 0, "something is told of an address without a cookie");
    if (auto* data = std::get_if<Bytes>(&told.what)) {
      check(Invariant::no_data_before_finished, of.completions != 0,
            "application data was delivered before the handshake was complete");
      of.delivered.push_back(std::move(*data));
    }
    if (const auto* event = std::get_if<ListenerEvent>(&told.what)) {
      if (*event == ListenerEvent::handshake_complete) ++of.completions;
      if (*event == ListenerEvent::peer_closed || *event == ListenerEvent::late_close_notify) of.is_closed_by_peer = true;
    }
    if (const auto* error = std::get_if<Error>(&told.what)) {
      of.error = *error;
      ++of.errors;
      const auto found = sent.find(address);
      if (of.cookies_seen == 1) check_alert_of(found == sent.end() ? DatagramsSent{} : found->second, *error);
    }
    check(Invariant::errors_are_sticky, of.completions + of.errors <= 2 * of.cookies_seen && of.completions <= of.cookies_seen,
          "an association completes or fails twice");
  }
}

}  // namespace tocsin::harness
