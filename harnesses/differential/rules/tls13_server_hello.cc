// The ServerHello and the HelloRetryRequest of TLS 1.3 (RFC 9846 4.2.3, 4.2.4).
#include <algorithm>

#include "harnesses/differential/public_key.h"
#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/rules/placement.h"
#include "harnesses/differential/rules/server_hello_reader.h"

namespace tocsin::rules {
namespace {

// The rules about the fields that both have in common.
struct FieldRules {
  Rule legacy_version, session_id, suite_not_offered, suite_of_tls12, compression, version_not_offered, version_before_tls13;
};
constexpr FieldRules of_hello{Rule::server_legacy_version,      Rule::session_id_echo_wrong, Rule::server_suite_not_offered,
                              Rule::server_suite_of_tls12,      Rule::server_compression,    Rule::server_version_not_offered,
                              Rule::server_version_before_tls13};
constexpr FieldRules of_retry{Rule::retry_legacy_version,      Rule::retry_session_id_wrong, Rule::retry_suite_not_offered,
                              Rule::retry_suite_of_tls12,      Rule::retry_compression,      Rule::retry_version_not_offered,
                              Rule::retry_version_before_tls13};

bool may_stand_in_server_hello(std::uint64_t type) { return may_stand(type, in_server_hello); }
bool may_stand_in_retry(std::uint64_t type) { return may_stand(type, in_retry); }

constexpr AnswerSyntax hello_syntaxes[] = {
    {supported_versions, Rule::server_version_syntax, {}},
    {key_share, Rule::server_share_syntax, "key_exchange.length", Rule::server_key_exchange_empty},
};
constexpr AnswerSyntax retry_syntaxes[] = {
    {supported_versions, Rule::retry_version_syntax, {}},
    {key_share, Rule::retry_group_syntax, {}},
    {cookie, Rule::retry_cookie_syntax, "cookie.length", Rule::retry_cookie_empty},
};
constexpr HelloKind server_hello_kind{"ServerHello", may_stand_in_server_hello, Rule::server_extension_unsolicited,
                                      Rule::server_extension_misplaced, hello_syntaxes};
constexpr HelloKind retry_kind{"HelloRetryRequest", may_stand_in_retry, Rule::retry_extension_unsolicited,
                               Rule::retry_extension_misplaced, retry_syntaxes};

bool is_suite_of_tls13(std::uint64_t suite) { return suite >> 8 == 0x13; }

class Reader : public ServerHelloReader {
 public:
  using ServerHelloReader::ServerHelloReader;

  Reading read_hello(const Retried* retried) && {
    judge_syntax();
    judge_extension_list();
    judge_fields(of_hello);
    if (is_framed_) {
      judge_version(of_hello, retried);
      judge_share(retried);
    }
    if (retried != nullptr && retried->suite && number("cipher_suite") && retried->suite != number("cipher_suite"))
      add(Rule::suite_changed_behind_retry, *readable_field("cipher_suite"));
    return finished({.answered = true});
  }

  Reading read_retry() && {
    judge_syntax();
    judge_extension_list();
    judge_fields(of_retry);
    if (is_framed_) {
      judge_version(of_retry, nullptr);
      if (extension(supported_versions) == nullptr) add_missing(Rule::retry_version_missing);
      judge_group();
      if (extension(key_share) == nullptr && extension(cookie) != nullptr) add(Rule::retry_cookie_alone, *extension(cookie));
    }
    return finished({.retried = true});
  }

 private:
  Reading finished(const Progress& reached) {
    if (is_framed_) reading_.version = ProtocolVersion::tls13;
    reading_.reached = reached;
    return std::move(reading_);
  }

  void judge_fields(const FieldRules& rules) {
    const auto legacy_version = number("legacy_version"), suite = number("cipher_suite"),
               compression = number("legacy_compression_method");
    if (legacy_version && legacy_version != tls12_code) add(rules.legacy_version, *readable_field("legacy_version"));
    const Node* echo = readable_field("legacy_session_id_echo");
    if (echo != nullptr && !std::ranges::equal(session_id(), offer_.session_id)) add(rules.session_id, *echo);
    if (suite && !has(offer_.suites, *suite))
      add(rules.suite_not_offered, *readable_field("cipher_suite"));
    else if (suite && !is_suite_of_tls13(*suite))
      add(rules.suite_of_tls12, *readable_field("cipher_suite"));
    if (compression.value_or(0) != 0) add(rules.compression, *readable_field("legacy_compression_method"));
  }

  void judge_version(const FieldRules& rules, const Retried* retried) {
    const Numbers selected = numbers(supported_versions, "selected_version");
    if (selected.empty() || selected[0] == tls13_code) return;
    const Rule rule = retried != nullptr         ? Rule::version_changed_behind_retry
                      : selected[0] < tls13_code ? rules.version_before_tls13
                                                 : rules.version_not_offered;
    add(rule, *readable(supported_versions));
  }

  void judge_share(const Retried* retried) {
    if (extension(key_share) == nullptr) add_missing(Rule::server_share_missing);
    const Numbers groups = numbers(key_share, "group");
    if (groups.empty()) return;
    const Node& share = *readable(key_share);
    const bool is_for_retry = retried != nullptr && retried->group;
    if (is_for_retry && groups[0] != *retried->group) return add(Rule::group_changed_behind_retry, share);
    if (!is_for_retry && !has(offer_.share_groups, groups[0]))
      return add(has(offer_.groups, groups[0]) ? Rule::server_share_not_sent : Rule::server_share_not_offered, share);
    judge_key(static_cast<NamedGroup>(groups[0]), content_of(&share, "key_exchange"), share);
  }

  void judge_key(NamedGroup group, ByteView key, const Node& share) {
    if (differential::is_public_key(group, key)) return;
    constexpr std::uint8_t uncompressed = 4;
    const std::size_t size_bytes = group == NamedGroup::x25519 ? 32 : group == NamedGroup::secp256r1 ? 65 : 97;
    const bool is_compressed = group != NamedGroup::x25519 && key[0] != uncompressed;
    if (is_compressed) return add(Rule::server_share_compressed, share);
    if (key.size() != size_bytes) return add(Rule::server_share_length, share);
    add(group == NamedGroup::x25519 ? Rule::server_share_of_small_order : Rule::server_share_off_curve, share);
  }

  void judge_group() {
    if (extension(cookie) == nullptr && extension(key_share) == nullptr) add_missing(Rule::retry_without_change);
    const Numbers groups = numbers(key_share, "selected_group");
    if (groups.empty()) return;
    if (!has(offer_.groups, groups[0]))
      add(Rule::retry_group_not_offered, *readable(key_share));
    else if (has(offer_.share_groups, groups[0]))
      add(Rule::retry_group_already_sent, *readable(key_share));
  }
};

}  // namespace

Reading read_tls13_server_hello(const dissect::Message& hello, const ClientOffer& offer, const Retried* retried) {
  return Reader(hello, offer, server_hello_kind).read_hello(retried);
}

Reading read_retry(const dissect::Message& hello, const ClientOffer& offer) {
  return Reader(hello, offer, retry_kind).read_retry();
}

Retried settled_by(const dissect::Message& retry) {
  const dissect::Node* suite = field_of(&retry.node, "cipher_suite");
  const Numbers groups = numbers_in(field_of(&retry.node, "extensions"), "selected_group");
  Retried settled;
  if (suite != nullptr) settled.suite = suite->number;
  if (!groups.empty()) settled.group = groups[0];
  return settled;
}

}  // namespace tocsin::rules
