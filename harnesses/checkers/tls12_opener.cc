#include "harnesses/checkers/tls12_opener.h"

#include <algorithm>

#include "core/base/reader.h"
#include "harnesses/stacks/records.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

void ServerHelloSeen::take(ByteView from_server) {
  if (is_over_) return;
  append(bytes_, from_server);
  ByteView rest = bytes_;
  while (const auto record = stacks::take_record(rest))
    if (record->type == static_cast<std::uint8_t>(ContentType::handshake)) append(message_, record->fragment);
  bytes_.erase(bytes_.begin(), bytes_.end() - static_cast<std::ptrdiff_t>(rest.size()));

  Reader reader(message_);
  const auto type = static_cast<HandshakeType>(reader.u8());
  Reader hello(reader.vector24());
  if (reader.failed()) return;
  is_over_ = true;
  hello.take(2);
  Choice choice{};
  std::ranges::copy(hello.take(choice.random.size()), choice.random.begin());
  hello.vector8();
  choice.suite = static_cast<CipherSuite>(hello.u16());
  if (type == HandshakeType::server_hello && !hello.failed()) choice_ = choice;
}

record::tls12::Protection protection12(Provider& provider, Side sender, const Secret& master, const Secret& client_random,
                                       const ServerHelloSeen::Choice& server) {
  if (version_of(server.suite) != ProtocolVersion::tls12) finding("the master secret was logged under a suite of TLS 1.3");
  std::array<std::uint8_t, 32> random{};
  if (client_random.size() != random.size()) finding("the key log does not name the client's random");
  std::ranges::copy(client_random.view(), random.begin());
  const auto block = crypto::tls12::key_block(provider, server.suite, record::tls12::Protection::fixed_iv_bytes(server.suite),
                                              master, random, server.random);
  if (!block) finding("the checker's provider failed to derive keys");
  const bool is_client = sender == Side::client;
  auto aead = provider.aead(server.suite, is_client ? block->client_write_key : block->server_write_key);
  if (!aead) finding("the checker's provider failed to make an AEAD");
  return record::tls12::Protection(std::move(*aead), is_client ? block->client_write_iv : block->server_write_iv);
}

std::optional<ByteView> Opener12::open(ContentType type, ByteView fragment) {
  const std::size_t overhead_bytes = protection_.overhead_bytes(), explicit_bytes = overhead_bytes - Aead::tag_bytes;
  if (fragment.size() < overhead_bytes) return std::nullopt;
  const Aead::Nonce nonce = protection_.nonce_of(sequence_);
  if (!std::ranges::equal(fragment.first(explicit_bytes), ByteView(nonce).last(explicit_bytes))) return std::nullopt;
  content_.resize(fragment.size() - overhead_bytes);
  if (!protection_.open({sequence_++, type, 0x0303}, fragment, content_)) return std::nullopt;
  return content_;
}

}  // namespace tocsin::harness
