#pragma once
// A connection whose invariants are checked from outside after every call, from the bytes, events and errors that came out of
// it. A broken invariant is a finding.
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "harnesses/checkers/received_key_updates.h"
#include "harnesses/checkers/sent_records.h"
#include "harnesses/stacks/tocsin/connection.h"
#include "tocsin/acceptor.h"
#include "tocsin/connection.h"

namespace tocsin::harness {

using stacks::EntryPoint;

struct CheckOptions {
  /// Opens what is sent, with the key log's secrets: see SentRecords. Null for an end whose own provider computes falsely.
  std::shared_ptr<Provider> opening;
  /// The most that a record of this end may hold, once both know that it holds; 0: no less than always.
  std::uint16_t record_limit = 0;
  /// A server's time; a client is told it.
  UnixSeconds now = stacks::peers_now;
  /// Whether sealing has been made to fail at this end; null: it never is. See SentRecords.
  std::function<bool()> has_sealing_failed{};
};

/// The API of Connection, from either entry point. Before the Acceptor has accepted, only receive and receive_end_of_stream may
/// be called.
class CheckedConnection {
 public:
  CheckedConnection(ServerConfig config, EntryPoint entry_point, CheckOptions options);
  CheckedConnection(ClientConfig config, std::string_view server_name, UnixSeconds now, Output& out, CheckOptions options);
  CheckedConnection(const CheckedConnection&) = delete;
  CheckedConnection& operator=(const CheckedConnection&) = delete;

  Outcome receive(ByteView from_peer, Output& out);
  Outcome receive_end_of_stream(Output& out);
  Outcome send(ByteView application_data, Output& out);
  Outcome close(Output& out);
  Outcome update_keys(KeyUpdateRequest request, Output& out);
  Outcome export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key, Output& out);

  /// Null before the Acceptor has accepted, and if there never was one.
  const Connection* connection() const { return connection_ ? &*connection_ : nullptr; }
  /// Whether Event::handshake_complete was raised.
  bool is_handshake_complete() const { return is_complete_; }
  /// Fatal or PeerAlert.
  const std::optional<Error>& error() const { return error_; }

 private:
  struct Mark {
    std::size_t to_peer, application_data, events;
  };

  void watch(CommonConfig& config, CheckOptions& options);
  template <class Call>
  Outcome run(std::string_view name, ByteView input, Output& out, Call&& call);
  Outcome accept(ByteView from_peer, Output& out);
  void check_call(const Mark& before, const Outcome& outcome, const Output& out);
  void check_first_error(const Error& error, const SentRecords::Summary& sent);
  void check_stickiness();
  bool is_open_for_writing() const { return is_complete_ && !is_closed_ && !error_; }
  void check_progress(ByteView received);
  void emit_return(const Mark& before, const Outcome& outcome, const Output& out) const;

  std::string_view name_;  // in traces
  KeyUpdateTurns key_update_turns_;
  SentRecords sent_;
  ReceivedKeyUpdates received_key_updates_;
  ByteView arriving_;  // while a call receives it
  bool can_be_opened_;
  Now now_;
  std::shared_ptr<const ServerConfig> server_config_;
  std::optional<Acceptor> acceptor_;
  std::optional<Connection> connection_;
  dissect::RecordStream received_;       // before has_progressed_
  std::size_t first_message_bytes_ = 0;  // came in whole records
  std::size_t first_message_bytes_max_ = 0;
  bool has_progressed_ = false;  // past the first message from the other end
  bool is_complete_ = false;
  bool is_closed_ = false;     // by its caller
  bool is_repeating_ = false;  // calls after an error, which the trace leaves out
  std::optional<Error> error_;
};

}  // namespace tocsin::harness
