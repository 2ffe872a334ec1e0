#include "core/handshake/effects.h"

namespace tocsin::handshake {

namespace {
void append_hex(ByteView bytes, std::string& text) {
  constexpr char digits[] = "0123456789abcdef";
  std::array<char, 2 * Secret::bytes_max> hex;
  std::size_t size = 0;
  for (const std::uint8_t byte : bytes) {
    hex[size++] = digits[byte >> 4];
    hex[size++] = digits[byte & 15];
  }
  text.append(hex.data(), size);
}
}  // namespace

// client_random and secret are at most Secret::bytes_max long.
void log_secret(const CommonConfig& config, std::string_view label, ByteView client_random, ByteView secret, Effects& effects) {
  if (!config.key_log) return;
  std::string line;
  line.reserve(label.size() + 2 + 2 * (client_random.size() + secret.size()));
  line.append(label);
  line.push_back(' ');
  append_hex(client_random, line);
  line.push_back(' ');
  append_hex(secret, line);
  effects.add(LogSecret{std::move(line)});
}

}  // namespace tocsin::handshake
