#include "harnesses/link/diagram.h"

#include <algorithm>
#include <cstdio>

#include "harnesses/link/datagram_text.h"

namespace tocsin::link {
namespace {

std::string remarks_on(const Fate& fate) {
  std::string text;
  const auto add = [&](bool applies, const std::string& what) {
    if (applies) text += " [" + what + "]";
  };
  add(fate.is_too_large, "over the MTU");
  add(fate.is_dropped, "lost");
  add(fate.corrupted_at.has_value(), "byte " + std::to_string(fate.corrupted_at.value_or(0)) + " changed");
  add(fate.is_duplicated, "twice");
  add(fate.is_held_back, "held back");
  return text;
}

std::string seconds(Time at) {
  char text[32];
  std::snprintf(text, sizeof text, "%7lld.%03lld ", static_cast<long long>(at.count() / 1'000'000),
                static_cast<long long>(at.count() % 1'000'000 / 1'000));
  return text;
}

}  // namespace

void Diagram::sent(Time at, Address from, Address to, std::size_t number, SharedBytes datagram, const Fate& fate) {
  entries_.push_back({at, remarks_on(fate), from, to, number, std::move(datagram)});
}

void Diagram::arrived(Time at, Address from, Address to, std::size_t number, std::size_t number_before) {
  std::string text = "arrives";
  if (number_before > number) text += " after #" + std::to_string(number_before);
  entries_.push_back({at, std::move(text), from, to, number, nullptr});
}

void Diagram::lost(Time at, Address from, Address to, std::size_t number) {
  entries_.push_back({at, "finds nobody", from, to, number, nullptr});
}

void Diagram::note(Time at, std::string text) { entries_.push_back({at, std::move(text), {}, {}, 0, nullptr}); }

const std::string& Diagram::name_of(Address address) const {
  static const std::string nobody = "nobody";
  const auto found = std::find_if(names_.begin(), names_.end(), [&](const auto& named) { return named.first == address; });
  return found == names_.end() ? nobody : found->second;
}

std::string Diagram::arrow(Address from, Address to) const {
  const auto place = [&](Address address) {
    return std::find_if(names_.begin(), names_.end(), [&](const auto& named) { return named.first == address; });
  };
  return place(from) <= place(to) ? name_of(from) + " --> " + name_of(to) : name_of(to) + " <-- " + name_of(from);
}

std::string Diagram::text() const {
  std::string text;
  for (const Entry& entry : entries_) {
    std::string head = seconds(entry.at);
    if (entry.from) head += arrow(*entry.from, *entry.to) + " #" + std::to_string(entry.number) + ' ';
    text += head;
    if (entry.datagram == nullptr) {
      text += entry.text + '\n';
      continue;
    }
    std::vector<std::string> lines = lines_of(*entry.datagram);
    lines.front() += entry.text;
    for (std::size_t i = 0; i < lines.size(); ++i) text += (i == 0 ? "" : std::string(head.size(), ' ')) + lines[i] + '\n';
  }
  return text;
}

}  // namespace tocsin::link
