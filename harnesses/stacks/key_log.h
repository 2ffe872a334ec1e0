#pragma once
// Reads what stacks write in SSLKEYLOGFILE format: "LABEL client_random secret", in hexadecimal.
#include <map>
#include <string>
#include <string_view>

#include "tocsin/provider.h"

namespace tocsin::stacks {

/// The secret in a line; empty if the line has another label.
Bytes secret_in(std::string_view key_log_line, std::string_view label);

/// The secrets of one connection.
class KeyLogSecrets {
 public:
  void add(std::string_view key_log_line);
  /// By its label, such as "CLIENT_TRAFFIC_SECRET_0"; empty if it was not logged.
  Secret find(std::string_view label) const;
  /// The one in every line; empty before the first. It is no secret, but it has the same form.
  const Secret& client_random() const { return client_random_; }

 private:
  std::map<std::string, Secret, std::less<>> secrets_;
  Secret client_random_;
};

}  // namespace tocsin::stacks
