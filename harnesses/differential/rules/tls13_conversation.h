#pragma once
// TLS 1.3 behind the hellos (RFC 9846).
#include "harnesses/differential/rules/conversation.h"

namespace tocsin::rules::tls13 {

class Conversation final : public rules::Conversation {
 public:
  explicit Conversation(ConversationSetup setup) : rules::Conversation(std::move(setup), ProtocolVersion::tls13) {}

  void take_own_record(ByteView content) override;
  void take_retry(std::optional<NamedGroup> asked) override;
  bool is_complete() const override { return state_ == State::connected; }

 private:
  enum class State : std::uint8_t {
    hello,
    encrypted_extensions,
    certificate_or_request,
    certificate,
    certificate_verify,
    finished,
    connected
  };

  bool was_hello_taken() const { return !client_hello_.empty(); }
  bool is_version_known() const { return state_ != State::hello || is_retried_; }
  Protection due() const;

  void take_content(ContentType type, ByteView content, std::size_t padding_bytes, Protection protection) override;
  void take_plaintext(ContentType type, ByteView content);
  void take_protected(ContentType type, ByteView content, std::size_t padding_bytes);
  void take_change_cipher_spec(ByteView content);
  void take_alert(ByteView content);
  std::optional<Rule> rule_of_order(std::uint8_t type) const override;
  void take_message(std::uint8_t type, ByteView message) override;
  void take_hello(ByteView message);
  void take_server_hello(ByteView message);
  void take_client_hello(ByteView message);
  void add_faults_of_hello(const Reading& hello);
  void go_on_behind(std::uint8_t type);

  bool was_offered(std::uint64_t extension) const;
  void read_body(std::uint8_t type, ByteView message, const dissect::Node& node);
  void read_encrypted_extensions(const dissect::Node& node);
  void read_protocol(const dissect::Node& message, const dissect::Node& extension);
  void read_certificate_request(const dissect::Node& node);
  void read_certificate(const dissect::Node& node, ByteView message);
  void read_certificate_verify(const dissect::Node& node, ByteView message);
  void read_late_chain();
  void read_finished(ByteView message);
  void read_new_session_ticket(const dissect::Node& node);
  template <class OfExtension>
  void read_syntax(const dissect::Node& node, Rule of_fields, OfExtension&& of_extension);
  void read_repeated(const dissect::Node& node, std::string_view message);

  State state_ = State::hello;
  bool is_retried_ = false;         // a HelloRetryRequest was sent
  std::optional<NamedGroup> asked_for_;  // by a server's
  std::optional<Retried> settled_;  // by the HelloRetryRequest that a client has got
  Bytes client_hello_;              // that a server has got last, also one that it answered with a HelloRetryRequest
  bool is_certificate_empty_ = false;
  bool is_chain_late_ = false;        // the end need not have seen yet that it is not valid
  bool is_key_other_ = false;         // nor that the key may be another
  std::size_t record_bytes_max_ = 0;  // what a protected record may hold; 0: nothing was agreed on
  bool is_padding_counted_ = false;   // in that
  bool has_asked_for_keys_ = false;   // the end, by a KeyUpdate that none has answered yet
  std::size_t change_cipher_specs_ = 0, warnings_ = 0, empty_records_ = 0, key_updates_ = 0;
};

}  // namespace tocsin::rules::tls13
