#pragma once
// A network in memory with a clock of its own: it carries datagrams between endpoints, and drops, duplicates, reorders, delays
// and corrupts them as its seed or a pattern has it. The same calls give the same run, byte for byte.
#include <functional>
#include <map>

#include "harnesses/link/diagram.h"
#include "harnesses/link/pattern.h"
#include "harnesses/stacks/deterministic_rand.h"

namespace tocsin::link {

/// Of one direction, from one address to another. The rates are independent of one another, but what is dropped is nothing
/// else.
struct Conditions {
  std::uint32_t drop_permille = 0;
  std::uint32_t duplicate_permille = 0;
  std::uint32_t swap_permille = 0;     // as Action::swap
  std::uint32_t corrupt_permille = 0;  // one byte gets another value
  Time delay_min{10'000}, delay_max{10'000};
  std::size_t mtu_bytes = 1500;  // larger datagrams vanish, always
};

/// Everything that was sent has at least one of these fates.
struct Counts {
  std::size_t sent = 0;
  std::size_t delivered = 0;  // a duplicate counts twice
  std::size_t dropped = 0;
  std::size_t duplicated = 0;
  std::size_t swapped = 0;
  std::size_t corrupted = 0;
  std::size_t too_large = 0;
  std::size_t to_nobody = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};

/// Both are counted from the beginning.
struct Bounds {
  Time until = std::chrono::minutes(15);
  std::size_t datagrams_max = 1000;  // sent
};

enum class Ending : std::uint8_t {
  done,            // as the caller defines it
  quiet,           // nothing is under way, and nobody waits for a timeout
  time_bound,      // Bounds::until is reached
  datagram_bound,  // more than Bounds::datagrams_max were sent
  timer_stuck,     // an endpoint's deadline is not later after its timeout
};
std::string_view name_of(Ending ending);

class Link {
 public:
  /// seed: decides on what the conditions leave to chance. pattern: decides alone on the first datagrams.
  explicit Link(const Conditions& conditions = {}, std::uint64_t seed = 0, Pattern pattern = {})
      : conditions_(conditions), random_(seed), pattern_(std::move(pattern)) {}
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Endpoints must outlive the link. Where several could act at the same time the one that was attached first does.
  void attach(Address at, std::string name, stacks::Endpoint& endpoint);
  /// An endpoint goes elsewhere, as behind a NAT; what is under way to its old address finds nobody.
  void move(Address from, Address to);
  /// After that many datagrams, counted from the beginning, no pattern and no chance any more. Delays and MTUs stay.
  void make_perfect_after(std::size_t datagrams) { perfect_after_ = datagrams; }
  void make_perfect() { make_perfect_after(sent_); }

  /// Datagrams before timers if both are due. is_done is asked after each event.
  Ending run(const std::function<bool()>& is_done, const Bounds& bounds = {});
  /// Until nothing moves any more.
  Ending run(const Bounds& bounds = {}) {
    return run([] { return false; }, bounds);
  }
  /// Sends this as if from there, a stray.
  void inject(Address from, Address to, Bytes datagram);

  Time now() const { return now_; }
  const Counts& counts(Address from, Address to) const;
  /// Of all directions.
  Counts counts() const;
  Diagram& diagram() { return diagram_; }

 private:
  struct Party {
    Address at;
    stacks::Endpoint* endpoint;
  };
  struct InFlight {
    Address from, to;
    std::size_t number;
    SharedBytes bytes;
    bool was_held_back;
  };
  struct Direction {
    Counts counts;
    std::optional<InFlight> held;
    std::size_t number_arrived_max = 0;
  };
  using Way = std::pair<Address, Address>;

  void collect();
  void send(Address from, Address to, Bytes datagram);
  Fate decide(const Bytes& datagram);
  bool happens(std::uint32_t permille);
  std::uint64_t draw(std::uint64_t values);
  void launch(const InFlight& datagram, Time arrival) { in_flight_.emplace(std::pair{arrival, ++launched_}, datagram); }
  bool release_held();
  void deliver();
  std::optional<std::pair<Time, Party*>> next_timeout();

  Conditions conditions_;
  stacks::RandomStream random_;
  Pattern pattern_;
  std::vector<Party> parties_;
  std::map<Way, Direction> directions_;
  std::map<std::pair<Time, std::size_t>, InFlight> in_flight_;  // by arrival, then by order
  std::size_t launched_ = 0, sent_ = 0;
  std::size_t perfect_after_ = SIZE_MAX;
  Time now_{0};
  Diagram diagram_;
};

}  // namespace tocsin::link
