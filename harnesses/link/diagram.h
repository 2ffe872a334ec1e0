#pragma once
// What went over a link, to be read: a line for each datagram when it is sent, with what the link did to it, for each one that
// arrives late, and for each timeout.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harnesses/stacks/endpoint.h"

namespace tocsin::link {

using stacks::Address;
using stacks::Time;
using SharedBytes = std::shared_ptr<const Bytes>;

/// What the link does to a datagram.
struct Fate {
  bool is_too_large = false;
  bool is_dropped = false;
  bool is_duplicated = false;
  bool is_held_back = false;
  std::optional<std::size_t> corrupted_at;  // this byte has another value when it arrives
};

class Diagram {
 public:
  void name(Address address, std::string name) { names_.emplace_back(address, std::move(name)); }

  void sent(Time at, Address from, Address to, std::size_t number, SharedBytes datagram, const Fate& fate);
  /// Later than it would have. number_before: the highest that has arrived in this direction, or 0.
  void arrived(Time at, Address from, Address to, std::size_t number, std::size_t number_before);
  void note(Time at, std::string text);
  /// Nobody has that address.
  void lost(Time at, Address from, Address to, std::size_t number);

  /// Times in seconds. Of two ends the one that was named first stands to the left; a datagram's further records have a line
  /// each below the first.
  std::string text() const;
  const std::string& name_of(Address address) const;

 private:
  struct Entry {
    Time at;
    std::string text;                 // of a note, or behind the number
    std::optional<Address> from, to;  // of a datagram
    std::size_t number = 0;
    SharedBytes datagram;  // if its records are to be shown
  };
  std::string arrow(Address from, Address to) const;

  std::vector<std::pair<Address, std::string>> names_;
  std::vector<Entry> entries_;
};

}  // namespace tocsin::link
