// The ServerHello of TLS 1.2 (RFC 5246 7.4.1.3).
#include <algorithm>
#include <array>

#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/rules/server_hello_reader.h"

namespace tocsin::rules {
namespace {

// Questions that a server of TLS 1.2 has no answer to.
bool may_be_answered(std::uint64_t type) {
  constexpr std::array<std::uint64_t, 5> unanswered{supported_groups, signature_algorithms, padding, delegated_credential,
                                                    signature_algorithms_cert};
  const bool is_of_tls13 = type >= pre_shared_key && type <= key_share;
  return !is_of_tls13 && std::ranges::find(unanswered, type) == unanswered.end();
}

constexpr AnswerSyntax syntaxes[] = {
    {server_name, Rule::server_name_not_empty, {}},
    {max_fragment_length, Rule::server_fragment_length_syntax, {}},
    {ec_point_formats, Rule::server_point_formats_syntax, {}},
    {alpn, Rule::server_alpn_syntax, "protocol_name_list.length", Rule::server_alpn_empty},
    {alpn, Rule::server_alpn_syntax, "protocol_name_list.left over", Rule::server_alpn_several},
    {alpn, Rule::server_alpn_syntax, "ProtocolName.length", Rule::server_alpn_empty},
    {extended_master_secret, Rule::server_master_secret_not_empty, {}},
    {renegotiation_info, Rule::server_renegotiation_syntax, {}},
};
constexpr HelloKind hello_of_tls12{"ServerHello", may_be_answered, Rule::tls12_extension_unsolicited,
                                   Rule::tls12_extension_without_answer, syntaxes};

// RFC 9846 4.2.3: in the last eight bytes of the random.
bool says(ByteView random, std::uint8_t version) {
  constexpr std::string_view sentinel = "DOWNGRD";
  return random.size() == 32 && text_of(random.subspan(24, sentinel.size())) == sentinel && random.back() == version;
}

class Reader : public ServerHelloReader {
 public:
  using ServerHelloReader::ServerHelloReader;

  Reading read() && {
    judge_syntax();
    judge_extension_list();
    judge_version();
    judge_fields();
    if (is_framed_) {
      judge_extensions();
      reading_.version = ProtocolVersion::tls12;
    }
    reading_.reached = Progress{};
    return std::move(reading_);
  }

  Reading read_as_of_no_version(const Retried* retried) && {
    judge_syntax();
    judge_extension_list();
    if (retried != nullptr) {
      if (is_framed_) add_missing(Rule::version_changed_behind_retry);
      const auto version = number("legacy_version");
      if (version && version != tls12_code) add(Rule::server_legacy_version, *readable_field("legacy_version"));
    } else if (is_framed_) {
      add_missing(Rule::version_selected_unasked);
    }
    if (retried != nullptr && is_framed_) reading_.version = ProtocolVersion::tls13;
    reading_.reached = Progress{.answered = true};
    return std::move(reading_);
  }

 private:
  void judge_version() {
    const auto version = number("legacy_version");
    if (!version || version == tls12_code) return;
    add(version < tls12_code ? Rule::version_of_server_old : Rule::version_selected_above, *readable_field("legacy_version"));
  }

  void judge_fields() {
    const Node* random = readable_field("random");
    if (random != nullptr && has(offer_.versions, tls13_code)) {
      if (says(bytes_of(*random), 1)) add(Rule::downgrade_to_tls12, *random);
      if (says(bytes_of(*random), 0)) add(Rule::downgrade_to_tls11, *random);
    }
    const Node* echo = readable_field("legacy_session_id_echo");
    if (echo != nullptr && !offer_.has_session && !session_id().empty() && std::ranges::equal(session_id(), offer_.session_id))
      add(Rule::session_id_of_nobody, *echo);
    const auto suite = number("cipher_suite");
    if (suite && !has(offer_.suites, *suite))
      add(Rule::tls12_suite_not_offered, *readable_field("cipher_suite"));
    else if (suite && *suite >> 8 == 0x13)
      add(Rule::tls12_suite_of_tls13, *readable_field("cipher_suite"));
    if (number("legacy_compression_method").value_or(0) != 0)
      add(Rule::tls12_compression, *readable_field("legacy_compression_method"));
  }

  // The answer to a question; null if it cannot be read.
  const Node* answer(std::uint64_t type) const { return has(offer_.extensions, type) ? readable(type) : nullptr; }

  void judge_extensions() {
    const Numbers length = numbers(max_fragment_length, "max_fragment_length");
    const bool is_changed = answer(max_fragment_length) != nullptr && length != offer_.max_fragment_length;
    if (!length.empty() && (is_changed || extension(record_size_limit) != nullptr)) {
      add(Rule::server_fragment_length_changed, *readable(max_fragment_length));
      // Or the limit is refused that was not asked for, which may be all that the client knows of it.
      reading_.faults.back().may_pass = !is_changed && !has(offer_.extensions, record_size_limit);
    }
    const Node* formats = answer(ec_point_formats);
    const Numbers known = numbers(ec_point_formats, "ECPointFormat");
    if (formats != nullptr && !known.empty() && !has(known, 0)) add(Rule::server_point_formats_compressed, *formats);
    judge_alpn();
    const Node* renegotiation = answer(renegotiation_info);
    if (!content_of(renegotiation, "renegotiated_connection").empty())
      add(Rule::server_renegotiation_not_empty, *renegotiation);
    if (extension(renegotiation_info) == nullptr) add_missing(Rule::server_renegotiation_not_secure);
  }

  void judge_alpn() {
    const Node* protocol = answer(alpn);
    if (protocol == nullptr) return;
    const ByteView name = content_of(field_of(protocol, "protocol_name_list"), "ProtocolName");
    if (std::ranges::find(offer_.protocols, text_of(name)) == offer_.protocols.end())
      add(Rule::server_alpn_not_offered, *protocol);
  }
};

}  // namespace

Reading read_tls12_server_hello(const dissect::Message& hello, const ClientOffer& offer) {
  return Reader(hello, offer, hello_of_tls12).read();
}

Reading read_server_hello_of_no_version(const dissect::Message& hello, const ClientOffer& offer, const Retried* retried) {
  return Reader(hello, offer, hello_of_tls12).read_as_of_no_version(retried);
}

}  // namespace tocsin::rules
