#pragma once
// What an end of TLS 1.3 is sent behind the hellos, record by record, and which rules that breaks at each place: an automaton
// and readers of messages transcribed from RFC 9846, which share no table and no decoder with core/.
#include "core/base/types.h"
#include "harnesses/differential/rules/server_hello_reader.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::rules {

enum class Epoch : std::uint8_t { plaintext, handshake, application };
/// What protects a record.
struct Protection {
  Epoch epoch;
  std::size_t key_updates = 0;  // since the first keys of application data

  bool operator==(const Protection&) const = default;
};

/// How the end that is judged is set up, and what it takes before a limit of its own.
struct ConversationSetup {
  Role judged;
  stacks::PeerConfig config;
  std::vector<SignatureScheme> schemes;         // that it takes in a CertificateVerify
  std::vector<SignatureScheme> schemes_of_key;  // that the key of the other end's certificate can sign with
  bool is_certificate_trusted = true;           // the other end's
  Limits limits;
};

class Conversation {
 public:
  explicit Conversation(ConversationSetup setup) : setup_(std::move(setup)) {}

  /// A message as an honest end would send it now, with its header: what comes is held against it where only the sender knows
  /// what is right.
  void expect(ByteView honest_message);
  /// A client that is judged has sent this ClientHello, with its header.
  void take_offer(ByteView client_hello);
  /// A record that the end is sent. content: without protection, and so many bytes of padding behind it.
  void take_record(ContentType type, ByteView content, std::size_t padding_bytes, Protection protection);
  /// A server that is judged has asked for another ClientHello.
  void take_retry();
  /// The end was given all up to here, and what it answers was taken.
  void take_turn() { is_answer_awaited_ = false; }

  /// False once something came of which there are no rules here yet: nothing is judged from then on.
  bool is_sure() const { return is_sure_; }
  /// What was broken up to now. Behind what must end the conversation nothing more is read.
  Reading reading() const;
  /// More came behind what must end the conversation: a stack that went on may have met that.
  bool is_more_behind() const { return is_more_behind_; }
  /// All was sent that the end needs to complete, if nothing is broken.
  bool is_complete() const { return state_ == State::connected; }

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

  bool is_client() const { return setup_.judged == Role::client; }
  bool was_hello_taken() const { return !client_hello_.empty(); }
  bool is_version_known() const { return state_ != State::hello || is_retried_; }
  bool must_be_refused() const;
  bool is_over() const { return !is_sure_ || is_over_by_alert_ || must_be_refused(); }
  Protection due() const;
  void add(Rule rule, std::string path, std::size_t offset = 0);
  void count(std::size_t& counter, std::size_t limit);

  void take_plaintext(ContentType type, ByteView content);
  void take_protected(ContentType type, ByteView content, std::size_t padding_bytes);
  void take_change_cipher_spec(ByteView content);
  void take_alert(ByteView content);
  void take_handshake(ByteView content);
  std::optional<Rule> rule_of_order(std::uint8_t type) const;
  void take_message(std::uint8_t type, ByteView message);
  void take_hello(ByteView message);
  void take_server_hello(ByteView message);
  void take_client_hello(ByteView message);
  void add_faults_of_hello(const Reading& hello);
  void go_on_behind(std::uint8_t type);

  bool is_honest(ByteView message) const;
  bool was_offered(std::uint64_t extension) const;
  void read_body(std::uint8_t type, ByteView message, const dissect::Node& node);
  void read_encrypted_extensions(const dissect::Node& node);
  void read_protocol(const dissect::Node& message, const dissect::Node& extension);
  void read_certificate_request(const dissect::Node& node);
  void read_certificate(const dissect::Node& node, ByteView message);
  void read_certificate_verify(const dissect::Node& node, ByteView message);
  void pay_for_messages(std::size_t data_bytes);
  void read_finished(ByteView message);
  void read_new_session_ticket(const dissect::Node& node);
  template <class OfExtension>
  void read_syntax(const dissect::Node& node, Rule of_fields, OfExtension&& of_extension);
  void read_repeated(const dissect::Node& node, std::string_view message);

  ConversationSetup setup_;
  State state_ = State::hello;
  bool is_sure_ = true;
  bool is_answer_awaited_ = false;  // to a ClientHello or a HelloRetryRequest: what is due behind it depends on that
  bool is_closed_ = false;          // by close_notify
  bool is_more_behind_ = false;
  bool is_over_by_alert_ = false;
  bool is_retried_ = false;       // a HelloRetryRequest was sent
  std::optional<ClientOffer> offer_;
  std::optional<Retried> settled_;  // by the HelloRetryRequest that a client has got
  Bytes client_hello_;              // that a server has got last, also one that it answered with a HelloRetryRequest
  bool is_certificate_empty_ = false;
  std::size_t record_bytes_max_ = 0;   // what a protected record may hold; 0: nothing was agreed on
  bool is_padding_counted_ = false;    // in that
  Bytes partial_;                      // of a handshake message
  std::vector<Fault> faults_, early_;  // early: of a message of which not all is there
  std::vector<Bytes> honest_;
  std::size_t change_cipher_specs_ = 0, warnings_ = 0, empty_records_ = 0, post_handshake_messages_ = 0, key_updates_ = 0;
  std::size_t unspent_data_bytes_ = 0;  // which take less than one message off its count
};

}  // namespace tocsin::rules
