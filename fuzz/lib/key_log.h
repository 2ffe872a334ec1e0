#pragma once
// The secrets of one connection, as its key log tells them.
#include <map>
#include <string>
#include <string_view>

#include "tocsin/provider.h"

namespace tocsin::fuzz {

class KeyLog {
 public:
  /// A line in SSLKEYLOGFILE format.
  void add(std::string_view line);
  /// By its label, such as "CLIENT_TRAFFIC_SECRET_0"; empty if it was not logged.
  Secret find(std::string_view label) const;

 private:
  std::map<std::string, Secret, std::less<>> secrets_;
};

}  // namespace tocsin::fuzz
