#pragma once
// The secrets of one connection, as its key log tells them.
#include <map>
#include <string>
#include <string_view>

#include "tocsin/provider.h"

namespace tocsin::harness {

class KeyLog {
 public:
  /// A line in SSLKEYLOGFILE format.
  void add(std::string_view line);
  /// By its label, such as "CLIENT_TRAFFIC_SECRET_0"; empty if it was not logged.
  Secret find(std::string_view label) const;
  /// Which every line names; empty before the first.
  const Secret& client_random() const { return client_random_; }

 private:
  std::map<std::string, Secret, std::less<>> secrets_;
  Secret client_random_;  // not secret, but of the same form
};

}  // namespace tocsin::harness
