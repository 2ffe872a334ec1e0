#pragma once
// A set of alert descriptions.
#include <bitset>
#include <string>

#include "tocsin/alert.h"

namespace tocsin::differential {

class Alerts {
 public:
  void add(AlertDescription description) { bits_.set(static_cast<std::size_t>(description)); }
  void add_if(bool fault, AlertDescription description) {
    if (fault) add(description);
  }
  void add(const Alerts& more) { bits_ |= more.bits_; }
  bool has(std::uint8_t description) const { return bits_[description]; }
  bool has(AlertDescription description) const { return bits_[static_cast<std::size_t>(description)]; }
  bool any() const { return bits_.any(); }
  Alerts without(AlertDescription description) const {
    Alerts others = *this;
    others.bits_.reset(static_cast<std::size_t>(description));
    return others;
  }

 private:
  std::bitset<256> bits_;
};

/// "decode_error or illegal_parameter"; "none".
inline std::string names_of(const Alerts& alerts) {
  std::string text;
  for (unsigned description = 0; description < 256; ++description)
    if (alerts.has(static_cast<std::uint8_t>(description)))
      text.append(text.empty() ? "" : " or ").append(alert_name(static_cast<AlertDescription>(description)));
  return text.empty() ? "none" : text;
}

}  // namespace tocsin::differential
