#pragma once
// TLS 1.2 behind the hellos (RFC 5246), with ECDHE. What messages in plaintext hold is judged where first flights are: here each
// is one that an honest end has built, else nobody is sure any more.
#include "harnesses/differential/rules/conversation.h"

namespace tocsin::rules::tls12 {

class Conversation final : public rules::Conversation {
 public:
  explicit Conversation(ConversationSetup setup) : rules::Conversation(std::move(setup), ProtocolVersion::tls12) {}

  void take_resumption() override { state_ = State::change_cipher_spec; }
  bool is_complete() const override { return state_ == State::connected; }

 private:
  /// What is next.
  enum class State : std::uint8_t {
    hello,
    certificate,
    server_key_exchange,
    request_or_done,
    done,
    client_key_exchange,
    certificate_verify,
    change_cipher_spec,
    finished,
    connected
  };

  bool is_protection_due() const { return state_ == State::finished || state_ == State::connected; }

  void take_content(ContentType type, ByteView content, std::size_t padding_bytes, Protection protection) override;
  void take_change_cipher_spec(ByteView content);
  void take_alert(ByteView content);
  void take_data(ByteView content);
  std::optional<Rule> rule_of_order(std::uint8_t type) const override;
  std::optional<Rule> rule_of_begun(std::uint8_t type) const override;
  Rule rule_of_order_for_client() const;
  Rule rule_of_order_for_server(std::uint8_t type) const;
  bool is_next(std::uint8_t type) const;
  void take_message(std::uint8_t type, ByteView message) override;
  void take_hello(ByteView message);
  void take_certificate(ByteView message);
  void take_server_key_exchange(ByteView message);
  void take_certificate_verify(ByteView message);
  void take_finished(ByteView message);

  State state_ = State::hello;
  bool is_ticket_promised_ = false;
  bool is_certificate_shown_ = false;  // by a client
  bool is_another_begun_ = false;      // or asked for, behind this handshake: nobody need go along
  std::size_t warnings_ = 0, empty_records_ = 0;
};

}  // namespace tocsin::rules::tls12
