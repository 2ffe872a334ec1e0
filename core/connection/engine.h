#pragma once
// The engine under Connection, Acceptor and Accepted: a connection over a stream of bytes, whose records and messages come in
// order and cut anywhere.
#include <optional>

#include "core/connection/call.h"
#include "core/connection/funnel.h"
#include "core/record/tls13/protection.h"
#include "tocsin/connection.h"

namespace tocsin {

/// For Lent.
template <class Visit>
void each_list_of(Output& one, Output& other, Visit&& visit) {
  visit(one.to_peer, other.to_peer);
  visit(one.application_data, other.application_data);
  visit(one.events, other.events);
}

class Engine : public Funnel<Engine, Output>, public Enterable {
 public:
  /// A server without a configuration yet: the Acceptor's.
  explicit Engine(const Limits& limits) : Funnel(limits) {}

  void configure_server(std::shared_ptr<const ServerConfig> config);
  Outcome start_client(std::shared_ptr<const ClientConfig> config, std::string_view name, bool sends_name, Now now,
                       Output& out);
  /// The ClientHello that waits for a configuration, or null. Valid until it is answered or rejected.
  const wire::ClientHello* waiting_client_hello() const;
  /// Answers it, and goes on with what arrived behind it.
  Outcome answer(std::shared_ptr<const ServerConfig> config, Now now, Output& out);
  Outcome reject(Reason why, Output& out);

  Outcome receive(ByteView from_peer, Now now, Output& out);
  Outcome receive_end_of_stream(Output& out);
  Outcome send(ByteView application_data, Output& out);
  Outcome update_keys(KeyUpdateRequest request, Output& out);

 private:
  friend Funnel;
  using StepOfTransport = Step;
  class Commit;

  static constexpr auto over = handshake::Transport::stream;
  static constexpr bool tells_of_abandoned_handshake = true;    // RFC 9846 6.1
  static constexpr bool ignores_level_of_user_canceled = true;  // likewise
  handshake::Context context(Now now, const handshake::HandshakeMessage& message = {}) const {
    return {over, now.date, message, 0, {}};
  }

  // Inbound: one unit of input a step, a message or a record.
  Outcome drain(Now now, Output& out);
  Outcome advance(Step& step, bool& progressed);
  bool has_input() const;
  std::optional<ByteView> peek(std::size_t size_bytes);
  void consume(std::size_t size_bytes);
  Result<std::optional<ByteView>> next_message() const;
  Outcome take_message(ByteView message, Step& step);
  Outcome take_record(Step& step, bool& progressed);
  std::size_t fragment_bytes_max_of(std::uint8_t type) const;
  Outcome take_fragment(const record::Header& header, ByteView record, Step& step);
  Outcome take_protected(ByteView record, Step& step);
  Outcome take_content(ContentType type, ByteView content, Step& step);
  Outcome take_application_data(ByteView content, Step& step);
  Outcome take_change_cipher_spec(ByteView content, Step& step);
  Outcome skip_early_data(std::size_t size_bytes);
  Result<Done> enter(handshake::State next, const handshake::Effects& effects);
  bool may_be_plaintext_alert(ContentType type) const;

  // Outbound.
  Result<Done> commit(Step& step, Output& out);
  Result<Done> seal(ContentType type, ByteView content, Output& out);
  std::size_t fragment_bytes_max() const;
  std::size_t padding_for(std::size_t content_bytes) const;
  void drop_write_keys() { write_.reset(); }
  void forget();

  std::shared_ptr<const ServerConfig> server_config_;  // null: a client, or the Acceptor's

  ByteView arriving_;               // what receive was called with and is not yet taken; it stands behind the inbox
  Bytes inbox_;                     // kept from former calls: the begin of a record that is not whole
  std::size_t inbox_taken_ = 0;     // of inbox_
  Bytes messages_;                  // handshake bytes not yet taken, and a ClientHello that is not yet answered
  std::size_t messages_taken_ = 0;  // of messages_

  std::optional<record::Opener> read_;
  std::optional<record::Sealer> write_;

  std::uint32_t change_cipher_specs_ = 0, empty_records_ = 0;
  std::size_t early_data_skipped_bytes_ = 0;
};

}  // namespace tocsin
