#include "harnesses/stacks/key_log.h"

#include <charconv>

namespace tocsin::stacks {
namespace {

struct Line {
  std::string_view label, client_random, secret;
};

Line split(std::string_view line) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  return {line.substr(0, first), line.substr(first + 1, last - first - 1), line.substr(last + 1)};
}

Bytes bytes_of(std::string_view hex) {
  Bytes bytes;
  bytes.reserve(hex.size() / 2);
  for (; hex.size() >= 2; hex.remove_prefix(2)) std::from_chars(hex.data(), hex.data() + 2, bytes.emplace_back(), 16);
  return bytes;
}

}  // namespace

Bytes secret_in(std::string_view key_log_line, std::string_view label) {
  const Line line = split(key_log_line);
  return line.label == label ? bytes_of(line.secret) : Bytes();
}

void KeyLogSecrets::add(std::string_view key_log_line) {
  const Line line = split(key_log_line);
  secrets_.insert_or_assign(std::string(line.label), Secret(bytes_of(line.secret)));
  if (client_random_.empty()) client_random_ = Secret(bytes_of(line.client_random));
}

Secret KeyLogSecrets::find(std::string_view label) const {
  const auto found = secrets_.find(label);
  return found == secrets_.end() ? Secret() : found->second;
}

}  // namespace tocsin::stacks
