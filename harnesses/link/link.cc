#include "harnesses/link/link.h"

#include <algorithm>
#include <array>

namespace tocsin::link {

std::string_view name_of(Ending ending) {
  switch (ending) {
    case Ending::done:
      return "done";
    case Ending::quiet:
      return "nothing moves any more";
    case Ending::time_bound:
      return "the time is over";
    case Ending::datagram_bound:
      return "too many datagrams";
    case Ending::timer_stuck:
      return "a timer that does not advance";
  }
  __builtin_unreachable();
}

void Link::attach(Address at, std::string name, stacks::Endpoint& endpoint) {
  parties_.push_back({at, &endpoint});
  diagram_.name(at, std::move(name));
}

void Link::move(Address from, Address to) {
  for (Party& party : parties_) {
    if (party.at != from) continue;
    party.at = to;
    diagram_.name(to, diagram_.name_of(from) + '\'');
    return;
  }
}

const Counts& Link::counts(Address from, Address to) const {
  static const Counts none;
  const auto found = directions_.find({from, to});
  return found == directions_.end() ? none : found->second.counts;
}

Counts Link::counts() const {
  Counts all;
  for (const auto& [way, direction] : directions_)
    for (const auto member : {&Counts::sent, &Counts::delivered, &Counts::dropped, &Counts::duplicated, &Counts::swapped,
                              &Counts::corrupted, &Counts::too_large, &Counts::to_nobody})
      all.*member += direction.counts.*member;
  return all;
}

std::uint64_t Link::draw(std::uint64_t values) {
  std::array<std::uint8_t, 8> bytes;
  random_.fill(bytes);
  std::uint64_t drawn = 0;
  for (const std::uint8_t byte : bytes) drawn = drawn << 8 | byte;
  return drawn % values;
}

bool Link::happens(std::uint32_t permille) { return draw(1000) < permille; }

// Every datagram takes the same number of draws, so that one rate does not reshuffle what the others do.
Fate Link::decide(const Bytes& datagram) {
  Fate fate;
  const bool is_dropped = happens(conditions_.drop_permille), is_duplicated = happens(conditions_.duplicate_permille);
  const bool is_held_back = happens(conditions_.swap_permille), is_corrupted = happens(conditions_.corrupt_permille);
  const std::uint64_t where = draw(std::max<std::size_t>(datagram.size(), 1));
  fate.is_too_large = datagram.size() > conditions_.mtu_bytes;
  if (sent_ > perfect_after_) return fate;
  if (sent_ <= pattern_.size()) {
    const Action action = pattern_[sent_ - 1];
    fate.is_dropped = action == Action::drop;
    fate.is_duplicated = action == Action::duplicate;
    fate.is_held_back = action == Action::swap;
  } else {
    fate.is_dropped = is_dropped;
    fate.is_duplicated = is_duplicated;
    fate.is_held_back = is_held_back;
    if (is_corrupted && !datagram.empty()) fate.corrupted_at = where;
  }
  if (!fate.is_too_large && !fate.is_dropped) return fate;
  Fate gone;
  gone.is_too_large = fate.is_too_large;
  gone.is_dropped = !fate.is_too_large;
  return gone;
}

void Link::send(Address from, Address to, Bytes datagram) {
  ++sent_;
  Direction& direction = directions_[{from, to}];
  Counts& counts = direction.counts;
  const Fate fate = decide(datagram);
  const std::uint8_t other_value = static_cast<std::uint8_t>(1 + draw(255));
  const auto delays = static_cast<std::uint64_t>((conditions_.delay_max - conditions_.delay_min).count() + 1);
  const Time delay = conditions_.delay_min + Time(draw(delays));
  counts.sent += 1;
  counts.too_large += fate.is_too_large;
  counts.dropped += fate.is_dropped;
  counts.duplicated += fate.is_duplicated;
  counts.swapped += fate.is_held_back;
  counts.corrupted += fate.corrupted_at.has_value();

  const auto as_sent = std::make_shared<const Bytes>(std::move(datagram));
  diagram_.sent(now_, from, to, sent_, as_sent, fate);
  InFlight arriving{from, to, sent_, as_sent, fate.is_held_back};
  if (fate.corrupted_at) {
    Bytes changed = *as_sent;
    changed[*fate.corrupted_at] ^= other_value;
    arriving.bytes = std::make_shared<const Bytes>(std::move(changed));
  }
  const std::optional<InFlight> held = std::exchange(direction.held, std::nullopt);
  if (fate.is_held_back) direction.held = arriving;
  if (!fate.is_held_back && !fate.is_dropped && !fate.is_too_large) launch(arriving, now_ + delay);
  if (fate.is_duplicated) launch(arriving, now_ + delay);
  if (held) launch(*held, now_ + delay);
}

void Link::inject(Address from, Address to, Bytes datagram) { send(from, to, std::move(datagram)); }

void Link::collect() {
  for (const Party& party : parties_)
    for (stacks::Datagram& datagram : party.endpoint->take_output()) send(party.at, datagram.to, std::move(datagram.bytes));
}

bool Link::release_held() {
  bool are_there = false;
  for (auto& [way, direction] : directions_) {
    if (const auto held = std::exchange(direction.held, std::nullopt)) {
      launch(*held, now_);
      are_there = true;
    }
  }
  return are_there;
}

void Link::deliver() {
  const InFlight datagram = std::move(in_flight_.extract(in_flight_.begin()).mapped());
  Direction& direction = directions_[{datagram.from, datagram.to}];
  const auto to = std::find_if(parties_.begin(), parties_.end(), [&](const Party& party) { return party.at == datagram.to; });
  if (to == parties_.end()) {
    direction.counts.to_nobody += 1;
    diagram_.lost(now_, datagram.from, datagram.to, datagram.number);
    return;
  }
  if (datagram.was_held_back || datagram.number < direction.number_arrived_max)
    diagram_.arrived(now_, datagram.from, datagram.to, datagram.number, direction.number_arrived_max);
  direction.number_arrived_max = std::max(direction.number_arrived_max, datagram.number);
  direction.counts.delivered += 1;
  to->endpoint->receive(*datagram.bytes, datagram.from, now_);
}

std::optional<std::pair<Time, Link::Party*>> Link::next_timeout() {
  std::optional<std::pair<Time, Party*>> first;
  for (Party& party : parties_)
    if (const auto deadline = party.endpoint->deadline(); deadline && (!first || *deadline < first->first))
      first = {*deadline, &party};
  return first;
}

Ending Link::run(const std::function<bool()>& is_done, const Bounds& bounds) {
  for (;;) {
    collect();
    if (is_done()) return Ending::done;
    if (sent_ > bounds.datagrams_max) return Ending::datagram_bound;
    const auto timeout = next_timeout();
    if (in_flight_.empty() && !timeout) {
      if (release_held()) continue;
      return Ending::quiet;
    }
    const bool is_arrival = !in_flight_.empty() && (!timeout || in_flight_.begin()->first.first <= timeout->first);
    const Time next = is_arrival ? in_flight_.begin()->first.first : timeout->first;
    now_ = std::max(now_, std::min(next, bounds.until));
    if (next > bounds.until) return Ending::time_bound;
    if (is_arrival) {
      deliver();
      continue;
    }
    diagram_.note(now_, diagram_.name_of(timeout->second->at) + ": timeout");
    timeout->second->endpoint->on_timeout(now_);
    if (const auto after = timeout->second->endpoint->deadline(); after && *after <= now_) return Ending::timer_stuck;
  }
}

}  // namespace tocsin::link
