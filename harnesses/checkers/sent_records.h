#pragma once
// What one end sends, read from outside: framing and sizes are checked, and with the end's key log every protected record is
// opened, at the sequence number and under the key that RFC 9846 or RFC 5246 asks for.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "harnesses/checkers/key_update_turns.h"
#include "harnesses/checkers/tls12_opener.h"
#include "harnesses/checkers/traffic_opener.h"
#include "harnesses/stacks/key_log.h"

namespace tocsin::harness {

struct SentAlert {
  AlertLevel level;
  AlertDescription description;
};

class SentRecords {
 public:
  /// opening: a provider other than the end's own, so that opening leaves no traces there; null: protected records are not
  /// opened. turns: is shown this end's KeyUpdates, and must outlive it.
  SentRecords(stacks::Role role, std::shared_ptr<Provider> opening, KeyUpdateTurns& turns)
      : role_(role), opening_(std::move(opening)), turns_(turns) {}

  /// A line in SSLKEYLOGFILE format.
  void add_secret(std::string_view key_log_line) { key_log_.add(key_log_line); }
  /// What the other end sends, before the call that it goes to: in TLS 1.2 a client's keys depend on the ServerHello.
  void note_received(ByteView received) {
    if (role_ == stacks::Role::client) server_hello_.take(received);
  }
  /// has_sealing_failed(): whether sealing has failed at this end. Then a fatal alert may go without protection.
  void expect_failures(std::function<bool()> has_sealing_failed) { has_sealing_failed_ = std::move(has_sealing_failed); }
  /// The most that content, type and padding of a protected record may be together: the other end's record_size_limit. In
  /// TLS 1.2 there is the content alone.
  void limit_inner_bytes(std::size_t inner_bytes_max) { inner_bytes_max_ = inner_bytes_max; }

  /// What the records of one call were.
  struct Summary {
    std::size_t records = 0;
    std::vector<SentAlert> alerts;  // those that can be read
    bool last_is_alert = false;     // as far as it shows
  };
  /// Checks records_are_well_formed, nonce_used_once and key_updates_in_turn.
  Summary read(ByteView sent);

 private:
  enum class Epoch : std::uint8_t { plaintext, handshake, application };

  void read_plaintext(ContentType type, ByteView fragment, Summary& summary);
  void read_protected(ByteView record, Summary& summary);
  void start_tls12();
  void read_tls12_protected(ContentType type, ByteView fragment, Summary& summary);
  void read_content(ContentType type, ByteView content, Summary& summary);
  void read_alert(ByteView content, Summary& summary);
  void read_handshake(ByteView content);
  Secret secret_of_this_end(std::string_view kind) const;
  void change_secret(Epoch epoch, const Secret& secret);
  void read_key_update(ByteView body);

  stacks::Role role_;
  std::shared_ptr<Provider> opening_;
  KeyUpdateTurns& turns_;
  std::function<bool()> has_sealing_failed_ = [] { return false; };
  std::size_t inner_bytes_max_ = record::plaintext_bytes_max + 1;
  stacks::KeyLogSecrets key_log_;
  Epoch epoch_ = Epoch::plaintext;
  std::optional<TrafficOpener> opener_;  // of TLS 1.3
  bool is_tls12_protected_ = false;      // by TLS 1.2: its change_cipher_spec was sent
  ServerHelloSeen server_hello_;
  std::optional<Tls12Opener> tls12_opener_;
  Bytes message_;            // a handshake message that is not yet whole
  bool is_closed_ = false;   // close_notify was sent
  bool has_failed_ = false;  // a fatal alert was sent
};

}  // namespace tocsin::harness
