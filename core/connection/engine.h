#pragma once
// The engine under Connection, Acceptor and Accepted: one door (run), one funnel for errors (end).
//
// A step works on the state and says what it wants done as Effects; commit carries them out, only if the whole step succeeded.
// A Fatal leaves exactly one alert, under the keys in force before the step, and the engine gives the same error for ever
// after.
#include <optional>

#include "core/base/invariants.h"
#include "core/connection/session_tracker.h"
#include "core/handshake/machine/dispatch.h"
#include "core/record/tls13/protection.h"
#include "tocsin/connection.h"

namespace tocsin {

class Engine {
 public:
  /// A server without a configuration yet: the Acceptor's.
  explicit Engine(const Limits& limits) : limits_(limits) {}

  void configure_server(std::shared_ptr<const ServerConfig> config, UnixSeconds now);
  Outcome start_client(std::shared_ptr<const ClientConfig> config, std::string_view name, bool sends_name, UnixSeconds now,
                       Output& out);
  /// The ClientHello that waits for a configuration, or null.
  const Bytes* waiting_client_hello() const;
  /// Answers it, and goes on with what arrived behind it.
  Outcome answer(std::shared_ptr<const ServerConfig> config, UnixSeconds now, Output& out);
  Outcome reject(Reason why, Output& out);

  Outcome receive(ByteView from_peer, Output& out);
  Outcome receive_end_of_stream(Output& out);
  Outcome send(ByteView application_data, Output& out);
  Outcome close(Output& out);
  Outcome update_keys(KeyUpdateRequest request, Output& out);
  Outcome export_keying_material(std::string_view label, ByteView context, MutableBytes out_key, Output& out);

  const handshake::Established* established() const;
  bool is_closed_by_peer() const { return closed_by_peer_; }
  const Error* failure() const { return failure_ ? &*failure_ : nullptr; }

 private:
  template <class Step>
  Outcome run(Output& out, Step&& step);
  Outcome end(Error error, Output& out);
  void report_broken(Invariant invariant) const;

  // Inbound: one unit of input a step, a message or a record.
  Outcome drain(Output& out);
  Outcome advance(handshake::Effects& effects, bool& progressed);
  bool has_input() const;
  std::optional<ByteView> peek(std::size_t size_bytes);
  void consume(std::size_t size_bytes);
  Result<std::optional<ByteView>> next_message() const;
  Outcome take_message(ByteView message, handshake::Effects& effects);
  Outcome take_record(handshake::Effects& effects, bool& progressed);
  Outcome take_fragment(const record::Header& header, ByteView record, handshake::Effects& effects);
  Outcome take_protected(ByteView record, handshake::Effects& effects);
  Outcome take_content(ContentType type, ByteView content, handshake::Effects& effects);
  Outcome take_alert(ByteView content, handshake::Effects& effects);
  Outcome take_application_data(ByteView content, handshake::Effects& effects);
  Outcome take_change_cipher_spec(ByteView content, handshake::Effects& effects);
  Outcome skip_early_data(std::size_t size_bytes);
  Result<Done> enter(handshake::State next, const handshake::Effects& effects);
  bool may_be_plaintext_alert(ContentType type) const;

  // Outbound.
  Result<Done> commit(handshake::Effects& effects, Output& out, std::size_t& delivered_bytes);
  Result<Done> send_content(ContentType type, ByteView content, Bytes& wire);
  std::size_t fragment_bytes_max() const;
  std::size_t padding_for(std::size_t content_bytes) const;
  handshake::Established* open_for_writing(Outcome& why_not);

  handshake::State state_;
  std::optional<Error> failure_;
  bool closed_by_peer_ = false;
  SessionTracker session_;

  std::shared_ptr<const CommonConfig> config_;
  std::shared_ptr<const ServerConfig> server_config_;
  UnixSeconds server_now_{};
  Limits limits_;

  ByteView arriving_;               // what receive was called with and is not yet taken; it stands behind the inbox
  Bytes inbox_;                     // kept from former calls: the begin of a record that is not whole
  std::size_t inbox_taken_ = 0;     // of inbox_
  Bytes messages_;                  // handshake bytes not yet taken
  std::size_t messages_taken_ = 0;  // of messages_

  std::optional<record::Opener> read_;
  std::optional<record::Sealer> write_;
  std::size_t received_inner_bytes_max_ = record::plaintext_bytes_max + 1;
  std::size_t sent_inner_bytes_max_ = record::plaintext_bytes_max + 1;

  std::uint32_t change_cipher_specs_ = 0, warning_alerts_ = 0, empty_records_ = 0, post_handshake_messages_ = 0;
  std::size_t early_data_skipped_bytes_ = 0;
};

template <class Step>
Outcome Engine::run(Output& out, Step&& step) {
  if (failure_) return *failure_;
  const std::size_t wire_bytes_before = out.to_peer.size();
  const std::size_t data_bytes_before = out.application_data.size();
  handshake::Effects effects(out.application_data);
  Outcome ran = step(effects);
  std::size_t delivered_bytes = 0;
  if (ran) {
    if (const Result<Done> committed = commit(effects, out, delivered_bytes); !committed) ran = committed.error();
  } else if (out.to_peer.size() != wire_bytes_before) {
    ran = Fatal{Reason::invariant_broken, Invariant::fatal_queues_one_alert};  // a step must not write by itself
  }
  out.application_data.resize(data_bytes_before + delivered_bytes);
  if (ran || ran.error().misuse() != nullptr) return ran;
  return end(ran.error(), out);
}

}  // namespace tocsin
