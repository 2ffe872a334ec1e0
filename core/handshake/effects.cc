#include "core/handshake/effects.h"

#include "core/crypto/tls13/key_schedule.h"

namespace tocsin::handshake {

Result<Done> install_write(Provider& provider, CipherSuite suite, ByteView traffic_secret, Effects& effects) {
  TOCSIN_TRY_SET(const crypto::TrafficKeys keys, crypto::traffic_keys(provider, suite, traffic_secret));
  TOCSIN_TRY_SET(auto aead, provider.aead(suite, keys.key));
  effects.add(InstallWriteKeys{record::Sealer(std::move(aead), keys.iv)});
  return Done{};
}

Result<Done> install_read(Provider& provider, CipherSuite suite, ByteView traffic_secret, Effects& effects) {
  TOCSIN_TRY_SET(const crypto::TrafficKeys keys, crypto::traffic_keys(provider, suite, traffic_secret));
  TOCSIN_TRY_SET(auto aead, provider.aead(suite, keys.key));
  effects.add(InstallReadKeys{record::Opener(std::move(aead), keys.iv)});
  return Done{};
}

namespace {
Result<record::tls12::Protection> protection12(Provider& provider, CipherSuite suite, const DirectionKey& pending) {
  TOCSIN_TRY_SET(auto aead, provider.aead(suite, pending.key));
  return record::tls12::Protection(std::move(aead), pending.fixed_iv);
}
}  // namespace

Result<Done> install_write12(Provider& provider, const PendingKeys& keys, Effects& effects) {
  TOCSIN_TRY_SET(auto protection, protection12(provider, keys.negotiated.cipher_suite, keys.write));
  effects.add(InstallWriteKeys12{std::move(protection), keys.negotiated.peer_connection_id});
  return Done{};
}

Result<Done> install_read12(Provider& provider, const PendingKeys& keys, Effects& effects) {
  TOCSIN_TRY_SET(auto protection, protection12(provider, keys.negotiated.cipher_suite, keys.read));
  effects.add(InstallReadKeys12{std::move(protection), keys.negotiated.connection_id});
  return Done{};
}

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
