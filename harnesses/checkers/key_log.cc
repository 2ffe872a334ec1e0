#include "harnesses/checkers/key_log.h"

namespace tocsin::harness {
namespace {

Secret secret_from_hex(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
  Secret secret(hex.size() / 2);
  const MutableBytes bytes = secret.mutable_bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  return secret;
}

}  // namespace

void KeyLog::add(std::string_view line) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  secrets_.insert_or_assign(std::string(line.substr(0, first)), secret_from_hex(line.substr(last + 1)));
  client_random_ = secret_from_hex(line.substr(first + 1, last - first - 1));
}

Secret KeyLog::find(std::string_view label) const {
  const auto found = secrets_.find(label);
  return found == secrets_.end() ? Secret() : found->second;
}

}  // namespace tocsin::harness
