#pragma once
// What protects records of TLS 1.2, from outside: the ServerHello, which is plaintext, and the master secret of the key log.
#include <array>
#include <optional>

#include "core/crypto/tls12/key_schedule.h"
#include "core/record/tls12/protection.h"
#include "harnesses/dissect/records.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::harness {

/// Reads what a server sends up to the end of its first handshake message, cut anywhere.
class ServerHelloSeen {
 public:
  struct Choice {
    std::array<std::uint8_t, 32> random;
    CipherSuite suite;
  };

  void take(ByteView from_server);
  /// Nothing as long as there was no whole ServerHello.
  const std::optional<Choice>& choice() const { return choice_; }

 private:
  dissect::RecordStream records_;
  Bytes content_;  // of the handshake records
  bool is_over_ = false;
  std::optional<Choice> choice_;
};

/// The keys of what one end sends. The two secrets are the key log's, which names the client's random so.
record::tls12::Protection tls12_protection_of(Provider& provider, stacks::Role sender, const Secret& master,
                                              const Secret& client_random, const ServerHelloSeen::Choice& server);

/// Opens the records of one end, in their turn.
class Tls12Opener {
 public:
  explicit Tls12Opener(record::tls12::Protection protection) : protection_(std::move(protection)) {}

  /// The content, as long as nothing else is opened; nothing if the record does not open with the key and the sequence number
  /// that are its turn, or its explicit nonce is another number.
  std::optional<ByteView> open(ContentType type, ByteView fragment);

 private:
  record::tls12::Protection protection_;
  std::uint64_t sequence_ = 0;
  Bytes content_;
};

}  // namespace tocsin::harness
