#include "harnesses/checkers/tls12_opener.h"

#include <algorithm>

#include "core/base/reader.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

void ServerHelloSeen::take(ByteView from_server) {
  if (is_over_) return;
  records_.add(from_server);
  records_.each([this](const dissect::RecordView& record) {
    if (record.type == ContentType::handshake) append(content_, record.fragment);
  });
  ByteView content = content_;
  auto message = dissect::take_message(content);
  // RFC 5246 7.4.1.1: a client passes over it.
  while (message && message->type == HandshakeType::hello_request) message = dissect::take_message(content);
  if (!message) return;
  is_over_ = true;
  Reader hello(message->body);
  hello.take(2);
  Choice choice{};
  std::ranges::copy(hello.take(choice.random.size()), choice.random.begin());
  hello.vector8();
  choice.suite = static_cast<CipherSuite>(hello.u16());
  if (message->type == HandshakeType::server_hello && !hello.failed()) choice_ = choice;
}

record::tls12::Protection tls12_protection_of(Provider& provider, stacks::Role sender, const Secret& master,
                                              const Secret& client_random, const ServerHelloSeen::Choice& server) {
  if (version_of(server.suite) != ProtocolVersion::tls12) finding("the master secret was logged under a suite of TLS 1.3");
  std::array<std::uint8_t, 32> random{};
  if (client_random.size() != random.size()) finding("the key log does not name the client's random");
  std::ranges::copy(client_random.view(), random.begin());
  const auto block = crypto::tls12::key_block(provider, server.suite, record::tls12::Protection::fixed_iv_bytes(server.suite),
                                              master, random, server.random);
  if (!block) finding("the checker's provider failed to derive keys");
  const bool is_client = sender == stacks::Role::client;
  auto aead = provider.aead(server.suite, is_client ? block->client_write_key : block->server_write_key);
  if (!aead) finding("the checker's provider failed to make an AEAD");
  return record::tls12::Protection(std::move(*aead), is_client ? block->client_write_iv : block->server_write_iv);
}

std::optional<ByteView> Tls12Opener::open(ContentType type, ByteView fragment) {
  const std::size_t overhead_bytes = protection_.overhead_bytes(), explicit_bytes = overhead_bytes - Aead::tag_bytes;
  if (fragment.size() < overhead_bytes) return std::nullopt;
  const Aead::Nonce nonce = protection_.nonce_of(sequence_);
  if (!std::ranges::equal(fragment.first(explicit_bytes), ByteView(nonce).last(explicit_bytes))) return std::nullopt;
  content_.resize(fragment.size() - overhead_bytes);
  if (!protection_.open({sequence_++, type, 0x0303}, fragment, content_)) return std::nullopt;
  return content_;
}

}  // namespace tocsin::harness
