#pragma once
// The KeyUpdates that one end is sent. Its other end may send anything: what does not open is passed over.
#include <memory>
#include <optional>

#include "harnesses/checkers/key_update_turns.h"
#include "harnesses/checkers/traffic_opener.h"
#include "harnesses/dissect/records.h"
#include "harnesses/stacks/key_log.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::harness {

class ReceivedKeyUpdates {
 public:
  /// role: of the end that receives. opening: as SentRecords has it. turns: is shown the KeyUpdates, and must outlive it.
  ReceivedKeyUpdates(stacks::Role role, std::shared_ptr<Provider> opening, KeyUpdateTurns& turns)
      : role_(role), opening_(std::move(opening)), turns_(turns) {}

  /// A line in SSLKEYLOGFILE format.
  void add_secret(std::string_view key_log_line) { key_log_.add(key_log_line); }
  /// What the end was sent, once it has taken it: then its key log has the secrets.
  void read(ByteView received);

 private:
  void read_record(const dissect::RecordView& record);
  void read_handshake(ByteView content);
  Secret secret_of_other_end(std::string_view kind) const;

  stacks::Role role_;
  std::shared_ptr<Provider> opening_;
  KeyUpdateTurns& turns_;
  stacks::KeyLogSecrets key_log_;
  dissect::RecordStream records_;
  std::optional<TrafficOpener> opener_;
  bool has_opened_ = false;  // a record
  bool is_over_ = false;     // what comes is not taken, or cannot be read
  Bytes messages_;           // a handshake message that is not yet whole
};

}  // namespace tocsin::harness
