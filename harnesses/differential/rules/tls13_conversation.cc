// The automaton: which message, record and alert may come where.
#include "harnesses/differential/rules/tls13_conversation.h"

#include <algorithm>

#include "harnesses/differential/rules/client_hello.h"
#include "harnesses/differential/rules/codes.h"
#include "harnesses/dissect/messages.h"

namespace tocsin::rules::tls13 {
namespace {

constexpr std::uint8_t types_of_tls13[] = {
    client_hello,        server_hello,       new_session_ticket, end_of_early_data, encrypted_extensions, certificate,
    certificate_request, certificate_verify, finished,           key_update,        message_hash};
}  // namespace

Protection Conversation::due() const {
  if (state_ == State::hello) return {Epoch::plaintext};
  return state_ == State::connected ? Protection{Epoch::application, key_updates_} : Protection{Epoch::handshake};
}

void Conversation::take_own_record(ByteView content) {
  if (content.size() == header_bytes + 1 && content[0] == key_update && content[header_bytes] == 1) has_asked_for_keys_ = true;
}

void Conversation::take_retry(std::optional<NamedGroup> asked) {
  if (is_retried_ || (state_ != State::certificate && state_ != State::finished)) return void(is_sure_ = false);
  is_retried_ = true;
  asked_for_ = asked;
  state_ = State::hello;
}

void Conversation::take_content(ContentType type, ByteView content, std::size_t padding_bytes, Protection protection) {
  if (protection.epoch == Epoch::plaintext) return take_plaintext(type, content);
  // Before there are keys, it is of the type that protected records have.
  if (due().epoch == Epoch::plaintext) return add(Rule::application_data_unprotected, "TLSPlaintext.type");
  if (protection != due()) return add(Rule::record_of_other_keys, "TLSCiphertext");
  take_protected(type, content, padding_bytes);
}

void Conversation::take_plaintext(ContentType type, ByteView content) {
  const bool is_protection_due = due().epoch != Epoch::plaintext;
  switch (type) {
    case ContentType::change_cipher_spec:
      return take_change_cipher_spec(content);
    case ContentType::alert:
      // Whether an alert is heard that nobody vouches for is no rule's.
      if (is_protection_due || !partial_.empty()) is_sure_ = false;
      return is_sure_ ? take_alert(content) : void();
    case ContentType::handshake:
      return is_protection_due ? add(Rule::record_unprotected, "TLSPlaintext.type") : take_handshake(content);
    case ContentType::application_data:
      return add(is_protection_due ? Rule::record_of_other_keys : Rule::application_data_unprotected, "TLSPlaintext.type");
  }
}

void Conversation::take_protected(ContentType type, ByteView content, std::size_t padding_bytes) {
  if (record_bytes_max_ != 0 && content.size() + padding_bytes > record_bytes_max_) {
    const bool may_pass = content.size() <= record_bytes_max_ && !is_padding_counted_;
    faults_.push_back({Rule::record_longer_than_asked, "TLSCiphertext.length", 0, may_pass});
    if (!may_pass) return;
  }
  switch (type) {
    case ContentType::change_cipher_spec:
      return add(Rule::change_cipher_spec_protected, "TLSInnerPlaintext.type");
    case ContentType::alert:
      if (!partial_.empty()) is_sure_ = false;
      return is_sure_ ? take_alert(content) : void();
    case ContentType::handshake:
      return take_handshake(content);
    case ContentType::application_data:
      if (!partial_.empty())
        return add(content.empty() ? Rule::empty_data_interleaved : Rule::messages_interleaved, "TLSInnerPlaintext.type");
      if (state_ != State::connected) return add(Rule::application_data_early, "TLSInnerPlaintext.type");
      if (content.empty()) return count(empty_records_, setup_.limits.empty_records_max);
      empty_records_ = 0;
      pay_for_messages(content.size());
      return;
  }
}

void Conversation::take_change_cipher_spec(ByteView content) {
  if (!is_client() && !was_hello_taken()) return add(Rule::change_cipher_spec_early, "TLSPlaintext.type");
  if (state_ == State::connected) return add(Rule::change_cipher_spec_late, "TLSPlaintext.type");
  if (content.size() != 1 || content[0] != 1) return void(is_sure_ = false);  // which no script sends
  if (!partial_.empty()) return add(Rule::change_cipher_spec_interleaved, "TLSPlaintext.type");
  const bool is_before_server_hello = is_client() && !is_version_known();
  add(is_before_server_hello ? Rule::change_cipher_spec_before_server_hello : Rule::change_cipher_spec_passed_over,
      "TLSPlaintext.type");
  count(change_cipher_specs_, setup_.limits.change_cipher_specs_max);
}

void Conversation::take_alert(ByteView content) {
  if (content.empty()) return add(Rule::alert_empty, "TLSInnerPlaintext.content");
  if (content.size() != 2) return add(Rule::alert_not_alone, "Alert");
  constexpr std::uint8_t close_notify = 0, user_canceled = 90;
  const std::uint8_t description = content[1];
  constexpr std::uint8_t warning = 1, fatal = 2;
  // Before the version is known it may be one of TLS 1.2, which knows two levels.
  if (!is_version_known() && is_client() && content[0] == warning && content[1] != close_notify)
    return void(is_sure_ = false);
  if (!is_version_known() && content[0] != warning && content[0] != fatal) return void(is_sure_ = false);
  if (description == user_canceled) {
    // Before the version is known it may be one of TLS 1.2, where its level counts.
    if (!is_version_known() && content[0] == fatal) return void(is_sure_ = false);
    add(Rule::user_canceled_passed_over, "Alert.description");
    return count(warnings_, setup_.limits.warning_alerts_max);
  }
  if (description == close_notify && state_ == State::connected) {
    is_closed_ = true;
    return;
  }
  is_over_by_alert_ = true;
  if (!is_client() && !was_hello_taken()) return add(Rule::alert_before_client_hello, "Alert");
  if (description == close_notify) return add(Rule::close_notify_in_the_handshake, "Alert.description");
  if (!is_error_alert(description)) return add(Rule::error_alert_unknown, "Alert.description");
  add(is_client() ? Rule::error_alert : Rule::error_alert_of_client, "Alert.description");
}

std::optional<Rule> Conversation::rule_of_order(std::uint8_t type) const {
  if (type == hello_request && is_client()) return Rule::hello_request;
  if (std::ranges::find(types_of_tls13, type) == std::end(types_of_tls13)) return Rule::message_type_unknown;
  if (state_ == State::hello) {
    if (is_client()) return type == server_hello ? std::nullopt : std::optional(Rule::server_hello_first);
    return type == client_hello ? std::nullopt : std::optional(Rule::client_hello_first);
  }
  if (type == end_of_early_data) return is_client() ? Rule::end_of_early_data_from_server : Rule::end_of_early_data_unasked;
  if (type == key_update && state_ != State::connected) return Rule::key_update_before_finished;
  switch (state_) {
    case State::hello:
      break;
    case State::encrypted_extensions:
      if (type != encrypted_extensions) return Rule::encrypted_extensions_next;
      break;
    case State::certificate_or_request:
      if (type != certificate_request && type != certificate) return Rule::certificate_or_request_next;
      break;
    case State::certificate:
      if (type != certificate) return is_client() ? Rule::certificate_next : Rule::client_certificate_next;
      break;
    case State::certificate_verify:
      if (type != certificate_verify) return Rule::certificate_verify_next;
      break;
    case State::finished:
      if (type == certificate && setup_.config.client_authentication == ClientAuthentication::none && !is_client())
        return Rule::client_certificate_unasked;
      if (type != finished) return Rule::finished_next;
      break;
    case State::connected:
      if (type == key_update) break;
      if (!is_client()) return Rule::message_of_client_after_handshake;
      if (type == certificate_request) return Rule::certificate_request_unoffered;
      if (type != new_session_ticket) return Rule::message_after_handshake;
      break;
  }
  return std::nullopt;
}

void Conversation::take_message(std::uint8_t type, ByteView message) {
  const std::size_t limit = type == client_hello  ? setup_.limits.client_hello_bytes_max
                            : type == certificate ? setup_.limits.certificate_message_bytes_max
                                                  : setup_.limits.other_message_bytes_max;
  if (message.size() - header_bytes > limit) add(Rule::limit_of_its_own, "Handshake.length");
  if (state_ == State::hello) return take_hello(message);
  if (state_ == State::connected) count_message();
  const std::vector<dissect::Message> read = dissect::read_messages(message);
  if (read.size() != 1) return void(is_sure_ = false);
  read_body(type, message, read[0].node);
  const bool changes_keys = type == finished || type == key_update;
  if (changes_keys && !partial_.empty()) add(Rule::key_change_inside_a_record, "Handshake");
  if (!is_over()) go_on_behind(type);
}

// Only a hello that an honest end has built: what else can be wrong with one is judged where first flights are.
void Conversation::take_hello(ByteView message) {
  if (!is_honest(message)) return void(is_sure_ = false);
  is_client() ? take_server_hello(message) : take_client_hello(message);
}

// Keys of a provider without cryptography are no points.
void Conversation::add_faults_of_hello(const Reading& hello) {
  constexpr Rule of_points[] = {Rule::key_share_invalid,    Rule::key_share_unused_invalid,    Rule::server_share_compressed,
                                Rule::server_share_length,  Rule::server_share_of_small_order, Rule::server_share_off_curve};
  if (hello.version != ProtocolVersion::tls13) is_sure_ = false;
  for (const Fault& fault : hello.faults)
    if (std::ranges::count(of_points, fault.rule) == 0) add(fault.rule, fault.path, fault.offset);
}

void Conversation::take_server_hello(ByteView message) {
  const std::vector<dissect::Message> read = dissect::read_messages(message);
  if (!offer_ || read.size() != 1) return void(is_sure_ = false);
  if (is_retry(read[0], message)) {
    if (is_in_pieces_) add(Rule::retry_in_pieces, "HelloRetryRequest");
    if (is_retried_) return add(Rule::second_retry, "HelloRetryRequest");
    add_faults_of_hello(read_retry(read[0], *offer_));
    is_retried_ = is_answer_awaited_ = true;
    settled_ = settled_by(read[0]);
    if (!partial_.empty()) is_sure_ = false;  // what stands behind it may be read before it is answered
    return;
  }
  add_faults_of_hello(read_tls13_server_hello(read[0], *offer_, settled_ ? &*settled_ : nullptr));
  if (!partial_.empty()) return add(Rule::key_change_inside_a_record, "Handshake");
  state_ = State::encrypted_extensions;
}

void Conversation::take_client_hello(ByteView message) {
  const std::vector<dissect::Message> read = dissect::read_messages(message), first = dissect::read_messages(client_hello_);
  if (read.size() != 1) return void(is_sure_ = false);
  add_faults_of_hello(read_client_hello(read[0], setup_.config, is_retried_ ? &first[0] : nullptr, asked_for_));
  client_hello_.assign(message.begin(), message.end());
  is_answer_awaited_ = true;
  if (!partial_.empty()) is_sure_ = false;  // it may be answered with a HelloRetryRequest, and then no keys change
  state_ = setup_.config.client_authentication != ClientAuthentication::none ? State::certificate : State::finished;
}

void Conversation::go_on_behind(std::uint8_t type) {
  switch (type) {
    case encrypted_extensions:
      state_ = State::certificate_or_request;
      break;
    case certificate_request:
      state_ = State::certificate;
      break;
    case certificate:
      state_ = is_certificate_empty_ ? State::finished : State::certificate_verify;
      break;
    case certificate_verify:
      state_ = State::finished;
      break;
    case finished:
      state_ = State::connected;
      break;
    case key_update:
      ++key_updates_;
      break;
    default:  // NewSessionTicket
      break;
  }
}

}  // namespace tocsin::rules::tls13
