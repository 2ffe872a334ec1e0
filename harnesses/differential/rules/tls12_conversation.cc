#include "harnesses/differential/rules/tls12_conversation.h"

#include <algorithm>

#include "harnesses/differential/rules/client_flight.h"
#include "harnesses/differential/rules/client_hello.h"
#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/rules/fields.h"
#include "harnesses/dissect/messages.h"

namespace tocsin::rules::tls12 {
namespace {

// RFC 5246 7.4, RFC 5077 3.3; and of extensions and of other versions what a stack may know.
constexpr std::uint8_t known_types[] = {hello_request,
                                        client_hello,
                                        server_hello,
                                        new_session_ticket,
                                        certificate,
                                        server_key_exchange,
                                        certificate_request,
                                        server_hello_done,
                                        certificate_verify,
                                        client_key_exchange,
                                        finished};

struct Choice {
  ByteView session_id;
  CipherSuite suite;
};
/// Of a ServerHello as an honest server has built it, with its header.
Choice choice_in(ByteView hello) {
  constexpr std::size_t session_id_at = 4 + 2 + 32;
  const ByteView session_id = hello.subspan(session_id_at + 1, hello[session_id_at]);
  const ByteView suite = hello.subspan(session_id_at + 1 + session_id.size(), 2);
  return {session_id, static_cast<CipherSuite>(suite[0] << 8 | suite[1])};
}

}  // namespace

void Conversation::take_content(ContentType type, ByteView content, std::size_t, Protection protection) {
  if (is_another_begun_) return void(is_sure_ = false);
  const bool is_protected = protection.epoch != Epoch::plaintext;
  if (is_protection_due() && !is_protected) return add(Rule::tls12_record_unprotected, "TLSCiphertext");
  if (!is_protection_due() && is_protected) {
    // Whoever has no key yet reads what is sealed as it stands: bytes that nobody can tell, but for their type.
    if (type == ContentType::application_data) return add(Rule::application_data_unprotected, "TLSPlaintext.type");
    return void(is_sure_ = false);
  }
  // A message may be refused before it is whole, once its length is seen.
  const bool is_length_seen = partial_.size() >= header_bytes;
  if (type != ContentType::handshake && is_length_seen && !is_begun_honestly()) return void(is_sure_ = false);
  switch (type) {
    case ContentType::change_cipher_spec:
      return take_change_cipher_spec(content);
    case ContentType::alert:
      return take_alert(content);
    case ContentType::handshake:
      return take_handshake(content);
    case ContentType::application_data:
      return take_data(content);
  }
}

void Conversation::take_change_cipher_spec(ByteView content) {
  if (content.size() != 1 || content[0] != 1) return void(is_sure_ = false);  // which no script sends
  if (!partial_.empty() && !is_protection_due()) {
    early_.clear();  // it is refused whatever the message was to be
    return add(Rule::tls12_change_cipher_spec_interleaved, "TLSPlaintext.type");
  }
  switch (state_) {
    case State::finished:
    case State::connected:
      return add(Rule::tls12_change_cipher_spec_repeated, "TLSPlaintext.type");
    case State::change_cipher_spec:
      if (is_ticket_promised_) return add(Rule::tls12_ticket_missing, "TLSPlaintext.type");
      state_ = State::finished;
      return;
    case State::certificate_verify:
      return add(Rule::tls12_certificate_verify_expected, "TLSPlaintext.type");
    case State::hello:
      return is_client() ? add(Rule::tls12_change_cipher_spec_early, "TLSPlaintext.type")
                         : add(Rule::change_cipher_spec_early, "TLSPlaintext.type");
    case State::certificate:
    case State::server_key_exchange:
    case State::request_or_done:
    case State::done:
    case State::client_key_exchange:
      return is_client() ? add(Rule::tls12_change_cipher_spec_early, "TLSPlaintext.type")
                         : add(Rule::change_cipher_spec_before_key_exchange, "TLSPlaintext.type");
  }
}

void Conversation::take_alert(ByteView content) {
  constexpr std::uint8_t warning = 1, fatal = 2, close_notify = 0, user_canceled = 90;
  // Which is read on from where fragments of messages and alerts are kept apart, or refused.
  if (!partial_.empty() || content.size() != 2) return void(is_sure_ = false);
  const std::uint8_t level = content[0], description = content[1];
  // No version is known by which its level counts.
  if (state_ == State::hello && (!is_client() || (level != fatal && description != close_notify)))
    return void(is_sure_ = false);
  if (level != warning && level != fatal) {
    is_over_by_alert_ = true;
    return add(Rule::alert_level, "Alert.level");
  }
  if (description == close_notify && state_ == State::connected) {
    is_closed_ = true;
    return;
  }
  if (level == warning && description != close_notify) {
    add(description == user_canceled ? Rule::user_canceled : Rule::alert_warning, "Alert");
    if (++warnings_ <= setup_.limits.warning_alerts_max) return;
    // It is all of them together.
    std::erase_if(faults_, [](const Fault& fault) {
      return fault.rule == Rule::user_canceled || fault.rule == Rule::alert_warning;
    });
    return add(Rule::alerts_repeated, "Alert");
  }
  is_over_by_alert_ = true;
  add(description == close_notify    ? Rule::close_notify
      : description == user_canceled ? Rule::user_canceled_fatal
                                     : Rule::alert_fatal,
      "Alert");
}

void Conversation::take_data(ByteView content) {
  if (!is_protection_due()) return add(Rule::application_data_unprotected, "TLSPlaintext.type");
  if (!partial_.empty()) return void(is_sure_ = false);  // RFC 5246 6.2.1 does not say
  if (state_ != State::connected)
    return add(content.empty() ? Rule::tls12_empty_data_early : Rule::tls12_data_early, "TLSPlaintext.type");
  if (content.empty()) return count(empty_records_, setup_.limits.empty_records_max);
  empty_records_ = 0;
  pay_for_messages(content.size());
}

std::optional<Rule> Conversation::rule_of_order(std::uint8_t type) const {
  if (is_next(type)) return std::nullopt;
  if (std::ranges::find(known_types, type) == std::end(known_types)) return Rule::message_type_unknown;
  return is_client() ? rule_of_order_for_client() : rule_of_order_for_server(type);
}

std::optional<Rule> Conversation::rule_of_begun(std::uint8_t type) const {
  if (state_ != State::connected || is_client() || type != client_hello) return std::nullopt;
  return Rule::tls12_renegotiation;
}

bool Conversation::is_next(std::uint8_t type) const {
  if (type == hello_request && is_client()) return true;
  switch (state_) {
    case State::hello:
      return type == (is_client() ? server_hello : client_hello);
    case State::certificate:
      return type == certificate;
    case State::server_key_exchange:
      return type == server_key_exchange;
    case State::request_or_done:
      return type == certificate_request || type == server_hello_done;
    case State::done:
      return type == server_hello_done;
    case State::client_key_exchange:
      return type == client_key_exchange;
    case State::certificate_verify:
      return type == certificate_verify;
    case State::change_cipher_spec:
      return type == new_session_ticket && is_ticket_promised_;
    case State::finished:
      return type == finished;
    case State::connected:
      return type == client_hello && !is_client();
  }
  __builtin_unreachable();
}

Rule Conversation::rule_of_order_for_client() const {
  switch (state_) {
    case State::hello:
      return Rule::server_hello_first;
    case State::certificate:
      return Rule::tls12_certificate_expected;
    case State::server_key_exchange:
      return Rule::tls12_key_exchange_expected;
    case State::request_or_done:
    case State::done:
      return Rule::tls12_hello_done_expected;
    case State::finished:
      return Rule::tls12_finished_expected;
    case State::connected:
      return Rule::tls12_message_after_handshake;
    case State::change_cipher_spec:
    case State::client_key_exchange:
    case State::certificate_verify:
      return Rule::tls12_change_cipher_spec_expected;
  }
  __builtin_unreachable();
}

Rule Conversation::rule_of_order_for_server(std::uint8_t type) const {
  if (type == hello_request) return Rule::hello_request_of_client;
  if (state_ == State::hello) return Rule::client_hello_first;
  if (state_ == State::certificate && type == client_key_exchange) return Rule::certificate_skipped;
  if (state_ == State::certificate_verify) return Rule::tls12_certificate_verify_expected;
  if (state_ == State::finished) return Rule::tls12_finished_expected;
  if (state_ == State::connected) return Rule::tls12_message_after_handshake;
  return misplaced_in_tls12(type);
}

void Conversation::take_message(std::uint8_t type, ByteView message) {
  if (type == hello_request) {
    // Behind a handshake a client may begin another.
    if (message.size() != header_bytes) return void(is_sure_ = false);
    count_message();
    is_another_begun_ = state_ == State::connected;
    if (!is_another_begun_) add(Rule::tls12_hello_request_in_handshake, "HelloRequest");
    return;
  }
  if (state_ == State::connected) {
    if (!is_honest(message)) return void(is_sure_ = false);
    add(Rule::tls12_renegotiation, "ClientHello");
    is_another_begun_ = true;
    return;
  }
  switch (type) {
    case finished:
      return take_finished(message);
    case certificate_verify:
      return take_certificate_verify(message);
    default:
      break;
  }
  if (!is_honest(message)) return void(is_sure_ = false);
  switch (type) {
    case client_hello:
    case server_hello:
      return take_hello(message);
    case certificate:
      return take_certificate(message);
    case server_key_exchange:
      return take_server_key_exchange(message);
    case certificate_request:
      state_ = State::done;
      break;
    case server_hello_done:
      state_ = State::change_cipher_spec;
      is_answer_awaited_ = true;
      break;
    case client_key_exchange:
      state_ = is_certificate_shown_ ? State::certificate_verify : State::change_cipher_spec;
      break;
    default:  // NewSessionTicket
      is_ticket_promised_ = false;
      break;
  }
  // What stands behind it in its record may be read before it is answered.
  if (is_answer_awaited_ && !partial_.empty()) is_sure_ = false;
}

void Conversation::take_hello(ByteView message) {
  const std::vector<dissect::Message> read = dissect::read_messages(message);
  if (read.size() != 1 || (is_client() && !offer_)) return void(is_sure_ = false);
  if (is_client()) offer_->has_session = setup_.session_suite && !offer_->session_id.empty();
  const Reading hello =
      is_client() ? read_tls12_server_hello(read[0], *offer_) : read_client_hello(read[0], setup_.config);
  if (hello.version != ProtocolVersion::tls12) is_sure_ = false;
  for (const Fault& fault : hello.faults) add(fault.rule, fault.path, fault.offset);
  if (is_client()) {
    const auto [session_id, suite] = choice_in(message);
    const bool is_resumed = offer_->has_session && std::ranges::equal(session_id, offer_->session_id);
    if (is_resumed && suite != setup_.session_suite) {
      // Whoever takes the session's without a look at this one breaks one rule, and not two.
      for (Fault& fault : faults_) fault.may_pass = fault.may_pass || fault.rule == Rule::tls12_suite_not_offered;
      add(Rule::tls12_resumed_suite_changed, "ServerHello.cipher_suite");
    }
    is_ticket_promised_ = std::ranges::any_of(extensions_of(read[0].node), [](const dissect::Node* extension) { return extension->fields[0].number == session_ticket; });
    state_ = is_resumed ? State::change_cipher_spec : State::certificate;
    return;
  }
  is_answer_awaited_ = true;
  if (!partial_.empty()) is_sure_ = false;
  state_ = setup_.config.client_authentication == ClientAuthentication::none ? State::client_key_exchange : State::certificate;
}

void Conversation::take_certificate(ByteView message) {
  constexpr std::size_t empty_bytes = header_bytes + 3;
  if (is_client()) {
    state_ = State::server_key_exchange;
    return;
  }
  is_certificate_shown_ = message.size() > empty_bytes;
  if (!is_certificate_shown_ && setup_.config.client_authentication == ClientAuthentication::required)
    return add(Rule::certificate_missing, "Certificate.certificate_list");
  if (is_certificate_shown_ && !setup_.is_certificate_trusted) is_sure_ = false;
  state_ = State::client_key_exchange;
}

// The signature's scheme stands behind the point.
void Conversation::take_server_key_exchange(ByteView message) {
  constexpr std::size_t group_at = header_bytes + 1, point_at = group_at + 2;
  if (message.size() < point_at + 1u) return void(is_sure_ = false);
  const std::size_t scheme_at = point_at + 1u + message[point_at];
  if (message.size() < scheme_at + 2) return void(is_sure_ = false);
  const auto code_at = [&](std::size_t at) { return std::uint64_t{message[at]} << 8 | message[at + 1]; };
  if (!has(offer_->groups, code_at(group_at))) return add(Rule::tls12_group_not_offered, "ServerKeyExchange");
  if (!has(offer_->schemes, code_at(scheme_at))) return add(Rule::tls12_scheme_not_offered, "ServerKeyExchange");
  state_ = State::request_or_done;
}

void Conversation::take_certificate_verify(ByteView message) {
  constexpr std::size_t signature_at = header_bytes + 4;
  const auto honest = std::ranges::find_if(honest_, [&](const Bytes& one) { return one[0] == certificate_verify; });
  if (honest == honest_.end() || message.size() < signature_at || honest->size() < signature_at)
    return void(is_sure_ = false);
  const auto scheme = static_cast<SignatureScheme>(message[header_bytes] << 8 | message[header_bytes + 1]);
  const bool is_of_honest_form = message.size() == honest->size() &&
                                 std::equal(message.begin(), message.begin() + signature_at, honest->begin());
  if (!is_of_honest_form || std::ranges::count(setup_.schemes, scheme) == 0) return void(is_sure_ = false);
  if (!is_honest(message)) return add(Rule::tls12_certificate_verify_wrong, "CertificateVerify.signature");
  state_ = State::change_cipher_spec;
}

void Conversation::take_finished(ByteView message) {
  constexpr std::size_t verify_data_bytes = 12;
  if (message.size() != header_bytes + verify_data_bytes) return add(Rule::tls12_finished_length, "Finished");
  if (!is_honest(message)) return add(Rule::tls12_finished_wrong, "Finished.verify_data");
  state_ = State::connected;
}

}  // namespace tocsin::rules::tls12
