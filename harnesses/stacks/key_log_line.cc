#include "harnesses/stacks/key_log_line.h"

#include <charconv>

namespace tocsin::stacks {

Bytes secret_in(std::string_view key_log_line, std::string_view label) {
  if (key_log_line.substr(0, key_log_line.find(' ')) != label) return {};
  Bytes secret;
  for (std::string_view hex = key_log_line.substr(key_log_line.rfind(' ') + 1); hex.size() >= 2; hex.remove_prefix(2))
    std::from_chars(hex.data(), hex.data() + 2, secret.emplace_back(), 16);
  return secret;
}

}  // namespace tocsin::stacks
