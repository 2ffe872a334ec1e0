#pragma once
// What an end is sent behind the hellos, record by record, and which rules that breaks at each place: for each version an
// automaton and readers of messages, transcribed from its RFC, which share no table and no decoder with core/.
#include <memory>

#include "core/base/types.h"
#include "harnesses/differential/rules/server_hello_reader.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::rules {

enum class Epoch : std::uint8_t { plaintext, handshake, application };
/// What protects a record. TLS 1.2 has keys of application data only, which protect its Finished, too.
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
  std::optional<CipherSuite> session_suite{};  // of the session of TLS 1.2 that the two have from before
  bool verifies_chains_late = false;           // as of a Stack
};

class Conversation {
 public:
  virtual ~Conversation() = default;
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  /// A message as an honest end would send it now, with its header: what comes is held against it where only the sender knows
  /// what is right.
  void expect(ByteView honest_message) { honest_.emplace_back(honest_message.begin(), honest_message.end()); }
  /// A client that is judged has sent this ClientHello, with its header.
  void take_offer(ByteView client_hello) { offer_ = read_client_offer(client_hello); }
  /// A handshake record of the end's own, without protection.
  virtual void take_own_record(ByteView) {}
  /// A record that the end is sent. content: without protection, and so many bytes of padding behind it.
  void take_record(ContentType type, ByteView content, std::size_t padding_bytes, Protection protection);
  /// A server that is judged has asked for another ClientHello, with a share of this group.
  virtual void take_retry(std::optional<NamedGroup>) { is_sure_ = false; }
  /// A server that is judged goes on with the session that it was offered.
  virtual void take_resumption() { is_sure_ = false; }
  /// The end was given all up to here, and what it answers was taken.
  void take_turn() {
    is_answer_awaited_ = false;
    is_early_judged_ = true;
  }

  /// False once something came of which there are no rules here yet: nothing is judged from then on.
  bool is_sure() const { return is_sure_; }
  /// What was broken up to now. Behind what must end the conversation nothing more is read.
  Reading reading() const;
  /// More came behind what must end the conversation: a stack that went on may have met that.
  bool is_more_behind() const { return is_more_behind_; }
  /// More came than the limits that the end is set up with permit: with these limits it must have ended.
  bool is_beyond_limits() const;
  /// All was sent that the end needs to complete, if nothing is broken.
  virtual bool is_complete() const = 0;

 protected:
  Conversation(ConversationSetup setup, ProtocolVersion version) : setup_(std::move(setup)), version_(version) {}

  static constexpr std::size_t header_bytes = 4;  // of a handshake message

  /// A record that may come: the conversation is not over, and not closed.
  virtual void take_content(ContentType type, ByteView content, std::size_t padding_bytes, Protection protection) = 0;
  /// Nothing: a message of this type may come now.
  virtual std::optional<Rule> rule_of_order(std::uint8_t type) const = 0;
  /// What a message of this type breaks that may come now, but need not be read to its end.
  virtual std::optional<Rule> rule_of_begun(std::uint8_t) const { return std::nullopt; }
  /// A whole message that may come now.
  virtual void take_message(std::uint8_t type, ByteView message) = 0;

  bool is_client() const { return setup_.judged == Role::client; }
  bool must_be_refused() const;
  bool is_over() const { return !is_sure_ || is_over_by_alert_ || must_be_refused(); }
  bool is_honest(ByteView message) const;
  /// What there is of a message is as an honest one begins: whoever looks at that sees nothing wrong.
  bool is_begun_honestly() const;
  void add(Rule rule, std::string path, std::size_t offset = 0);
  /// One more of what nobody need take without end.
  void count(std::size_t& counter, std::size_t limit);
  void count_message() { count(post_handshake_messages_, setup_.limits.post_handshake_messages_max); }
  /// As post_handshake_data_bytes says: how much of that count application data take off.
  void pay_for_messages(std::size_t data_bytes);
  void take_handshake(ByteView content);

  ConversationSetup setup_;
  bool is_sure_ = true;
  bool is_answer_awaited_ = false;  // what is due behind this depends on what the end answers
  bool is_closed_ = false;          // by close_notify
  bool is_more_behind_ = false;
  bool is_over_by_alert_ = false;
  std::optional<ClientOffer> offer_;
  std::vector<Bytes> honest_;
  Bytes partial_;                      // of a handshake message
  bool is_in_pieces_ = false;          // the message that is taken has begun in an earlier record
  std::vector<Fault> faults_, early_;  // early: of a message of which not all is there

 private:
  ProtocolVersion version_;
  std::size_t post_handshake_messages_ = 0;
  bool is_early_judged_ = false;        // what is early was: the end has had its turn since
  std::size_t unspent_data_bytes_ = 0;  // which take less than one message off its count
};

/// What is talked with an end that is set up so: TLS 1.3 if it speaks that, else TLS 1.2.
ProtocolVersion version_with(const stacks::PeerConfig& judged);
/// Of that version.
std::unique_ptr<Conversation> make_conversation(ConversationSetup setup);

}  // namespace tocsin::rules
