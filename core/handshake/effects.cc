#include "core/handshake/effects.h"

namespace tocsin::handshake {

namespace {
void append_hex(ByteView bytes, Bytes& text) {
  constexpr char digits[] = "0123456789abcdef";
  for (const std::uint8_t byte : bytes) {
    text.push_back(static_cast<std::uint8_t>(digits[byte >> 4]));
    text.push_back(static_cast<std::uint8_t>(digits[byte & 15]));
  }
}
}  // namespace

// The line grows nowhere, as that would leave a copy behind.
void log_secret(const CommonConfig& config, std::string_view label, ByteView client_random, ByteView secret, Effects& effects) {
  if (!config.key_log) return;
  Bytes line;
  line.reserve(label.size() + 2 + 2 * (client_random.size() + secret.size()));
  append(line, bytes_of(label));
  line.push_back(' ');
  append_hex(client_random, line);
  line.push_back(' ');
  append_hex(secret, line);
  effects.add(LogSecret{SecretBytes(std::move(line))});
}

}  // namespace tocsin::handshake
