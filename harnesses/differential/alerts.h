#pragma once
// A set of alert descriptions.
#include <bitset>

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

 private:
  std::bitset<256> bits_;
};

}  // namespace tocsin::differential
