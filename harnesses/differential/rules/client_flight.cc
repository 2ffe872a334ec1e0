#include "harnesses/differential/rules/client_flight.h"

#include <algorithm>
#include <utility>

#include "core/base/reader.h"
#include "harnesses/differential/public_key.h"
#include "harnesses/differential/rules/client_hello.h"
#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/rules/fields.h"
#include "harnesses/differential/rules/records.h"
#include "harnesses/differential/x509.h"

namespace tocsin::rules {
namespace {

using dissect::Message;
using dissect::Node;

/// Of the test's clients, those whom a server trusts.
bool is_trusted(ByteView certificate) {
  static const auto trusted = [] {
    std::vector<Bytes> all;
    for (const stacks::ClientCertificate one : stacks::all_client_certificates)
      if (stacks::is_trusted(one)) all.push_back(differential::certificate_named(stacks::file_name_of(one)));
    return all;
  }();
  return std::ranges::any_of(trusted, [&](const Bytes& one) { return std::ranges::equal(one, certificate); });
}

bool is_known_message(std::uint8_t type) {
  constexpr std::uint8_t types[] = {0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24, 25, 254};
  return std::ranges::count(types, type) != 0;
}

// Which rule a message breaks that may not come...
Rule misplaced(std::uint8_t type, Rule otherwise) {
  if (type == hello_request) return Rule::hello_request_of_client;
  return is_known_message(type) ? otherwise : Rule::message_type_unknown;
}
Rule misplaced_first(std::uint8_t type) { return misplaced(type, Rule::client_hello_first); }
Rule misplaced_second(std::uint8_t type) { return misplaced(type, Rule::second_hello_expected); }
Rule misplaced_for_certificate(std::uint8_t type) {
  return type == client_key_exchange ? Rule::certificate_skipped : misplaced_in_tls12(type);
}

std::size_t bytes_of_point(NamedGroup group) {
  switch (group) {
    case NamedGroup::secp256r1:
      return 65;
    case NamedGroup::secp384r1:
      return 97;
    case NamedGroup::x25519:
      return 32;
  }
  __builtin_unreachable();
}

class Reader {
 public:
  Reader(ByteView input, const stacks::PeerConfig& server) : server_(server), records_(input, reading_) {}

  Reading read() && {
    const bool is_judged = read_first_hello();
    if (is_judged) reading_.reached = phase_.at;
    return std::move(reading_);
  }

 private:
  // Each false: nobody can tell how a server goes on.
  bool read_first_hello() {
    phase_ = {.messages = {client_hello}, .misplaced = misplaced_first};
    const auto arrived = records_.next(phase_);
    if (!arrived) return true;
    const Message& hello = *arrived->message;
    if (!take(read_client_hello(hello, server_), *arrived)) return true;
    if (reading_.version == ProtocolVersion::tls12) return read_tls12(hello);
    const Answer answer = answer_to(hello, server_);
    if (!reading_.version || answer.kind == Answer::Kind::unclear) {
      reading_.is_all_read = false;
      return false;
    }
    if (answer.kind == Answer::Kind::retry) return read_second_hello(hello);
    return read_with_keys();
  }

  // False: it must be refused.
  bool take(const Reading& of_message, const Arrived& arrived) {
    reading_.version = of_message.version;
    bool is_refused = false;
    for (const Fault& fault : of_message.faults) {
      reading_.faults.push_back(fault);
      reading_.faults.back().at = phase_.at;
      reading_.faults.back().offset += arrived.offset;
      is_refused = is_refused || is_binding(reading_.faults.back(), reading_);
    }
    return !is_refused;
  }

  bool read_second_hello(const Message& first) {
    Phase next{.version = ProtocolVersion::tls13,
               .at = {.retried = true},
               .messages = {client_hello},
               .misplaced = misplaced_second,
               .change_cipher_spec = ChangeCipherSpec::dropped};
    if (!records_.is_at_end_of_record()) {
      Fault& fault = records_.add(Rule::first_hello_shares_record, next, "TLSPlaintext.length", records_.offset());
      fault.at = phase_.at;
      fault.until = next.at;
    }
    for (const Node* extension : extensions_of(first.node))
      next.skips_early_data = next.skips_early_data || extension->fields[0].number == early_data;
    phase_ = next;
    const auto arrived = records_.next(phase_);
    if (!arrived || !take(read_client_hello(*arrived->message, server_, &first), *arrived)) return true;
    return read_with_keys();
  }

  // RFC 9846 5.1: the keys change behind the ClientHello.
  bool read_with_keys() {
    const Progress before = phase_.at;
    phase_ = {.version = ProtocolVersion::tls13,
              .at = {.retried = before.retried, .answered = true},
              .change_cipher_spec = ChangeCipherSpec::dropped,
              .has_keys = true};
    if (!records_.is_at_end_of_record()) {
      Fault& fault = records_.add(Rule::key_change_inside_a_record, phase_, "TLSPlaintext.length", records_.offset());
      fault.until = std::exchange(fault.at, before);
      return true;
    }
    (void)records_.next(phase_);
    return true;
  }

  // Behind the ServerHelloDone.
  bool read_tls12(const Message& hello) {
    phase_ = {.version = ProtocolVersion::tls12,
              .at = {.answered = true},
              .messages = {client_key_exchange},
              .misplaced = misplaced_in_tls12,
              .change_cipher_spec_misplaced = Rule::change_cipher_spec_before_key_exchange,
              .fragment_bytes_max = fragment_bytes_max(hello)};
    if (server_.client_authentication != ClientAuthentication::none && !read_certificate()) return true;
    const auto arrived = records_.next(phase_);
    if (!arrived || !judge_key_exchange(*arrived, hello)) return true;
    phase_.messages = {};
    phase_.change_cipher_spec = ChangeCipherSpec::awaited;
    if (records_.next(phase_) && records_.has_more()) reading_.is_all_read = false;
    return true;
  }

  std::size_t fragment_bytes_max(const Message& hello) const {
    Phase phase;
    for (const Node* extension : extensions_of(hello.node)) {
      // RFC 8449 5: a server that takes record_size_limit passes over max_fragment_length.
      if (extension->fields[0].number == record_size_limit && server_.record_size_limit != 0) return phase.fragment_bytes_max;
      const Numbers lengths = numbers_in(extension, "max_fragment_length");
      if (lengths.size() == 1 && lengths[0] >= 1 && lengths[0] <= 4) phase.fragment_bytes_max = std::size_t{256} << lengths[0];
    }
    return phase.fragment_bytes_max;
  }

  // False: it is read no further.
  bool read_certificate() {
    Phase here = phase_;
    here.messages = {certificate};
    here.misplaced = misplaced_for_certificate;
    const auto arrived = records_.next(here);
    if (!arrived) return false;
    tocsin::Reader body(arrived->message->body);
    tocsin::Reader list(body.vector24());
    std::vector<ByteView> chain;
    while (!list.empty()) chain.push_back(list.vector24(1));
    if (!body.done() || list.failed()) {
      records_.add(Rule::certificate_syntax, phase_, "Certificate", arrived->offset);
      return false;
    }
    if (chain.empty() && server_.client_authentication == ClientAuthentication::required) {
      records_.add(Rule::certificate_missing, phase_, "Certificate.certificate_list", arrived->offset);
      return false;
    }
    if (!std::ranges::all_of(chain, differential::is_certificate)) {
      records_.add(Rule::certificate_malformed, phase_, "Certificate.certificate_list", arrived->offset);
      return false;
    }
    if (!chain.empty() && !is_trusted(chain.front())) {
      records_.add(Rule::certificate_of_client_not_valid, phase_, "Certificate.certificate_list", arrived->offset);
      return false;
    }
    // Whether the server likes its key, and what stands behind it, nobody judges here.
    if (!chain.empty()) reading_.is_all_read = false;
    return chain.empty();
  }

  bool judge_key_exchange(const Arrived& arrived, const Message& hello) {
    const auto add = [&](Rule rule) {
      records_.add(rule, phase_, "ClientKeyExchange.ecdh_Yc", arrived.offset);
      return false;
    };
    tocsin::Reader body(arrived.message->body);
    const ByteView point = body.vector8();
    if (!body.done()) return add(Rule::key_exchange_syntax);
    if (point.empty()) return add(Rule::key_exchange_point_empty);
    const auto group = group_of(hello);
    if (!group) return reading_.is_all_read = false;
    if (differential::is_public_key(*group, point)) return true;
    const bool is_of_curve = *group != NamedGroup::x25519;
    if (is_of_curve && point[0] != 4) return add(Rule::key_exchange_point_form);
    if (point.size() != bytes_of_point(*group)) return add(Rule::key_exchange_point_length);
    return add(is_of_curve ? Rule::key_exchange_point_invalid : Rule::key_exchange_secret_zero);
  }

  // The server's favourite of those that the client offers, if it offers any.
  std::optional<NamedGroup> group_of(const Message& hello) const {
    for (const Node* extension : extensions_of(hello.node)) {
      if (extension->fields[0].number != supported_groups) continue;
      const Numbers offered = numbers_in(extension, "NamedGroup");
      const auto ours = std::ranges::find_if(server_.groups,
                                             [&](NamedGroup group) { return has(offered, static_cast<std::uint16_t>(group)); });
      return ours == server_.groups.end() ? std::nullopt : std::optional(*ours);
    }
    return std::nullopt;
  }

  const stacks::PeerConfig& server_;
  Reading reading_;
  Phase phase_;
  Records records_;
};

}  // namespace

Rule misplaced_in_tls12(std::uint8_t type) {
  switch (type) {
    case client_hello:
      return Rule::client_hello_repeated;
    case certificate:
      return Rule::certificate_unasked;
    case certificate_verify:
      return Rule::certificate_verify_unfounded;
    case client_key_exchange:
      return Rule::key_exchange_repeated;
    case finished:
      return Rule::finished_unprotected;
    default:
      return misplaced(type, Rule::message_of_server);
  }
}
Reading read_client_flight(ByteView records, const stacks::PeerConfig& server) { return Reader(records, server).read(); }

}  // namespace tocsin::rules
