#include "harnesses/differential/rules/client_hello.h"

#include <algorithm>
#include <set>

#include "harnesses/differential/expectation.h"
#include "harnesses/differential/public_key.h"
#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/rules/hello_reader.h"
#include "harnesses/differential/rules/second_client_hello.h"

namespace tocsin::rules {
namespace {

using dissect::Node;

// Which rule a field breaks that does not fit its layout: of an extension by its type.
struct Syntax {
  std::uint64_t extension;
  Rule rule;                  // in general
  std::string_view list;      // whose length of 0 breaks...
  Rule rule_of_empty_list{};  // ... this rule instead
  std::string_view element{};
  Rule rule_of_short_element{};
};
constexpr Syntax syntaxes[] = {
    {server_name, Rule::server_name_syntax, "server_name_list.length", Rule::server_name_list_empty, "HostName.length",
     Rule::server_name_empty},
    {max_fragment_length, Rule::max_fragment_length_syntax, {}},
    {supported_groups, Rule::supported_groups_syntax, "named_group_list.length", Rule::supported_groups_empty},
    {ec_point_formats, Rule::ec_point_formats_syntax, {}},
    {signature_algorithms, Rule::signature_algorithms_syntax, "supported_signature_algorithms.length",
     Rule::signature_algorithms_empty},
    {alpn, Rule::alpn_syntax, "protocol_name_list.length", Rule::alpn_list_empty, "ProtocolName.length", Rule::alpn_name_empty},
    {extended_master_secret, Rule::extended_master_secret_not_empty, {}},
    {record_size_limit, Rule::record_size_limit_syntax, {}},
    {pre_shared_key, Rule::psk_syntax, "identities.length", Rule::psk_identities_empty, "PskBinderEntry.length",
     Rule::psk_binder_short},
    {early_data, Rule::early_data_not_empty, {}},
    {supported_versions, Rule::supported_versions_syntax, "versions.length", Rule::supported_versions_empty},
    {cookie, Rule::cookie_syntax, "cookie.length", Rule::cookie_empty},
    {psk_key_exchange_modes, Rule::psk_modes_syntax, "ke_modes.length", Rule::psk_modes_empty},
    {signature_algorithms_cert, Rule::signature_algorithms_cert_syntax, "supported_signature_algorithms.length",
     Rule::signature_algorithms_cert_empty},
    {key_share, Rule::key_share_syntax, {}, {}, "key_exchange.length", Rule::key_exchange_empty},
    {renegotiation_info, Rule::renegotiation_info_syntax, {}},
};

class Reader : public HelloReader {
 public:
  Reader(const dissect::Message& hello, const stacks::PeerConfig& server, const dissect::Message* first,
         std::optional<NamedGroup> asked)
      : HelloReader(hello, "ClientHello"), server_(server), first_(first), asked_(asked) {}

  Reading read() && {
    choose_version();
    for (const dissect::Fault& fault : dissect::faults_of(hello_.fields)) add_syntax(fault);
    judge_extensions();
    judge_negotiation();
    if (reading_.version == ProtocolVersion::tls12)
      judge_tls12();
    else
      judge_tls13();
    if (first_ != nullptr) compare_with_first();
    return std::move(reading_);
  }

 private:
  std::uint64_t number(std::string_view name) const {
    const Node* field = field_of(&hello_, name);
    return field == nullptr ? 0 : field->number.value_or(0);
  }
  void choose_version() {
    Numbers offered = numbers(supported_versions, "ProtocolVersion");
    const std::uint64_t legacy = number("legacy_version");
    if (extension(supported_versions) == nullptr && legacy >= tls12_code) offered = {tls12_code};
    for (const auto& [version, code] : {std::pair(ProtocolVersion::tls13, tls13_code), {ProtocolVersion::tls12, tls12_code}}) {
      if (first_ != nullptr && version != ProtocolVersion::tls13) continue;  // RFC 9846 4.2.4: it is chosen already
      if (reading_.version || !stacks::speaks(server_, version) || !has(offered, code)) continue;
      reading_.version = version;
    }
  }

  // extension: the one that it is in, or null.
  Rule rule_of_syntax(const dissect::Fault& fault, const Node* extension) const {
    const std::string& path = fault.path;
    const Node& node = *fault.node;
    const bool is_zero = node.number == std::uint64_t{0};
    if (path == "legacy_session_id.length" && node.number.value_or(0) > 32) return Rule::session_id_length;
    if (path == "cipher_suites.length" && is_zero) return Rule::cipher_suites_empty;
    if (path.starts_with("cipher_suites.CipherSuite")) return Rule::cipher_suites_odd;
    if (path == "cipher_suites.length" && node.number == std::uint64_t{1}) return Rule::cipher_suites_odd;
    if (path == "legacy_compression_methods.length" && is_zero) return Rule::compression_methods_empty;
    if (extension == nullptr) return path.starts_with("extensions") ? Rule::extension_syntax : Rule::client_hello_syntax;
    if (node.name == "Extension") return rule_of_place(node);
    const Node* length = field_of(extension, "length");
    if (length == nullptr || node.offset == length->offset) return Rule::extension_syntax;
    for (const Syntax& syntax : syntaxes) {
      if (extension->fields[0].number != syntax.extension) continue;
      if (is_unknown(syntax.extension)) return Rule::unknown_extension_syntax;
      if (!syntax.list.empty() && path.ends_with(syntax.list) && is_zero) return syntax.rule_of_empty_list;
      if (!syntax.element.empty() && path.ends_with(syntax.element) && node.fault.starts_with("at least"))
        return syntax.rule_of_short_element;
      return syntax.rule;
    }
    return Rule::unknown_extension_syntax;
  }

  static Rule rule_of_place(const Node& extension) {
    if (extension.fault.starts_with("not the last")) return Rule::psk_not_last;
    if (extension.fault.starts_with("an extension of this type")) return Rule::extension_repeated;
    return Rule::unknown_extension_syntax;
  }

  // A server need not know every extension.
  bool is_unknown(std::uint64_t type) const { return type == record_size_limit && server_.record_size_limit == 0; }

  void add_syntax(const dissect::Fault& fault) {
    const Node* extension = around(fault);
    add_unreadable(rule_of_syntax(fault, extension), fault, extension);
  }

  void judge_extensions() {
    judge_server_name();
    const Numbers lengths = numbers(max_fragment_length, "max_fragment_length");
    // RFC 8449 5: a server that takes record_size_limit passes over it.
    const bool is_passed_over = server_.record_size_limit != 0 && readable(record_size_limit) != nullptr;
    if (!lengths.empty() && (lengths[0] < 1 || lengths[0] > 4) && !is_passed_over)
      add(Rule::max_fragment_length_value, *readable(max_fragment_length));
    const Numbers limits = numbers(record_size_limit, "RecordSizeLimit");
    if (!limits.empty() && limits[0] < 64)
      add(is_unknown(record_size_limit) ? Rule::unknown_extension_syntax : Rule::record_size_limit_small,
          *readable(record_size_limit));
    judge_psk();
    judge_alpn();
    const Numbers cert_schemes = numbers(signature_algorithms_cert, "SignatureScheme");
    // All of the test certificates are signed with this scheme.
    if (readable(signature_algorithms_cert) != nullptr && !has(cert_schemes, 0x0403))
      add(Rule::signature_algorithms_cert_unfit, *readable(signature_algorithms_cert));
  }

  void judge_server_name() {
    const Node* list = field_of(readable(server_name), "server_name_list");
    if (list == nullptr) return;
    std::set<std::uint64_t> types;
    for (const Node& entry : list->fields) {
      if (entry.name != "ServerName" || entry.fields.empty()) continue;
      const std::uint64_t type = entry.fields[0].number.value_or(0);
      if (!types.insert(type).second) add(Rule::server_name_repeated, entry);
      const Node* name = field_of(field_of(&entry, "HostName"), "opaque");
      if (type == 0 && name != nullptr && !is_host_name(bytes_of(*name))) add(Rule::server_name_form, *name);
    }
  }
  static bool is_host_name(ByteView name) {
    const auto is_visible = [](std::uint8_t c) { return c > 0x20 && c < 0x7f; };
    return name.size() <= 255 && name.back() != '.' && std::all_of(name.begin(), name.end(), is_visible);
  }

  void judge_psk() {
    const Node* keys = readable(pre_shared_key);
    if (keys == nullptr) return;
    const auto count = [&](std::string_view list, std::string_view name) {
      const Node* entries = field_of(keys, list);
      return entries == nullptr ? 0 : std::count_if(entries->fields.begin(), entries->fields.end(), [&](const Node& one) {
        return one.name == name;
      });
    };
    if (count("identities", "PskIdentity") != count("binders", "PskBinderEntry")) add(Rule::psk_binders_unequal, *keys);
  }

  void judge_alpn() {
    const Node* list = field_of(readable(alpn), "protocol_name_list");
    if (list == nullptr || server_.application_protocols.empty()) return;
    const auto is_ours = [&](const Node& name) {
      const Node* text = field_of(&name, "opaque");
      return text != nullptr && std::ranges::count(server_.application_protocols, text_of(bytes_of(*text))) != 0;
    };
    if (std::ranges::none_of(list->fields, is_ours)) add(Rule::alpn_none_in_common, *readable(alpn));
  }

  void judge_negotiation() {
    const std::uint64_t legacy = number("legacy_version");
    if (legacy <= ssl3_code) add(Rule::version_of_ssl3, *field_of(&hello_, "legacy_version"));
    if (!reading_.version) {
      if (is_readable(supported_versions))
        add_missing(first_ == nullptr ? Rule::version_none_in_common : Rule::second_hello_version);
      return;
    }
    std::vector<CipherSuite> suites = suites_of(server_);
    std::erase_if(suites, [&](CipherSuite suite) {
      return version_of(suite) != *reading_.version || !differential::suits(suite, server_.certificate);
    });
    const Node* offered = readable_field("cipher_suites");
    if (offered != nullptr && !shares_one(suites, numbers_in(offered, "CipherSuite")))
      add(Rule::suite_none_in_common, *offered);
    if (readable(supported_groups) != nullptr && !shares_one(server_.groups, numbers(supported_groups, "NamedGroup")))
      add(Rule::group_none_in_common, *readable(supported_groups));
    if (readable(signature_algorithms) != nullptr &&
        !shares_one(schemes_of(server_.certificate, *reading_.version), numbers(signature_algorithms, "SignatureScheme")))
      add(Rule::scheme_none_in_common, *readable(signature_algorithms));
  }

  void judge_tls12() {
    const Node* compression = readable_field("legacy_compression_methods");
    if (compression != nullptr && !has(numbers_in(compression, "CompressionMethod"), 0))
      add_missing(Rule::null_compression_missing);
    if (extension(signature_algorithms) == nullptr) add_missing(Rule::signature_algorithms_of_tls12_missing);
    const Numbers suites = numbers_in(field_of(&hello_, "cipher_suites"), "CipherSuite");
    if (stacks::speaks(server_, ProtocolVersion::tls13) && has(suites, fallback_scsv))
      add(Rule::fallback_without_need, *field_of(&hello_, "cipher_suites"));
    const Node* renegotiation = readable(renegotiation_info);
    if (extension(renegotiation_info) == nullptr && !has(suites, renegotiation_scsv))
      add_missing(Rule::renegotiation_not_secure);
    if (field_of(field_of(renegotiation, "renegotiated_connection"), "opaque") != nullptr)
      add(Rule::renegotiation_info_not_empty, *renegotiation);
    if (readable(ec_point_formats) != nullptr && !has(numbers(ec_point_formats, "ECPointFormat"), 0))
      add(Rule::ec_point_formats_compressed, *readable(ec_point_formats));
    std::vector<NamedGroup> common = server_.groups;
    if (readable(supported_groups) != nullptr) {
      const Numbers offered = numbers(supported_groups, "NamedGroup");
      std::erase_if(common, [&](NamedGroup group) { return !has(offered, static_cast<std::uint16_t>(group)); });
    }
    if (!common.empty() && !differential::is_of_offered_curve(server_.certificate, common))
      add_missing(Rule::curve_of_certificate_not_offered);
  }

  void judge_tls13() {
    if (reading_.version && number("legacy_version") != tls12_code && number("legacy_version") > ssl3_code)
      add(Rule::legacy_version_of_tls13, *field_of(&hello_, "legacy_version"));
    const Node* compression = readable_field("legacy_compression_methods");
    if (compression != nullptr && numbers_in(compression, "CompressionMethod") != Numbers{0})
      add_missing(Rule::compression_not_null);
    if (extension(signature_algorithms) == nullptr) add_missing(Rule::signature_algorithms_missing);
    if (extension(supported_groups) == nullptr) add_missing(Rule::supported_groups_missing);
    if (extension(key_share) == nullptr) add_missing(Rule::key_share_missing);
    if (extension(pre_shared_key) != nullptr && extension(psk_key_exchange_modes) == nullptr)
      add_missing(Rule::psk_modes_missing);
    if (extension(early_data) != nullptr && extension(pre_shared_key) == nullptr)
      add(Rule::early_data_without_psk, *extension(early_data));
    if (readable(cookie) != nullptr) add(Rule::cookie_unsolicited, *readable(cookie));
    judge_shares();
  }

  void judge_shares() {
    const Node* shares = field_of(readable(key_share), "client_shares");
    if (shares == nullptr) return;
    const Numbers groups = numbers(supported_groups, "NamedGroup");
    std::set<std::uint64_t> seen;
    std::vector<const Node*> of_ours, invalid;
    for (const Node& share : shares->fields) {
      const Node* group_field = field_of(&share, "group");
      if (group_field == nullptr || !group_field->number) continue;
      const std::uint64_t code = *group_field->number;
      const auto group = static_cast<NamedGroup>(code);
      if (readable(supported_groups) != nullptr && !has(groups, code)) add(Rule::key_share_group_not_offered, share);
      if (!seen.insert(code).second) add(Rule::key_share_repeated, share);
      if (std::find(server_.groups.begin(), server_.groups.end(), group) != server_.groups.end()) of_ours.push_back(&share);
      if (!differential::is_public_key(group, content_of(&share, "key_exchange"))) invalid.push_back(&share);
    }
    // A server may choose among several shares; the only one that it can use it must look at.
    for (const Node* share : invalid)
      add(of_ours.size() == 1 && of_ours[0] == share ? Rule::key_share_invalid : Rule::key_share_unused_invalid, *share);
  }

  void compare_with_first() {
    if (reading_.version)
      for (const Change& change : changes_between(*first_, message_, asked_.value_or(answer_to(*first_, server_).group)))
        add(change.rule, change.where == nullptr ? hello_ : *change.where);
    reading_.version = ProtocolVersion::tls13;  // whatever this one offers
  }

  const stacks::PeerConfig& server_;
  const dissect::Message* first_;
  std::optional<NamedGroup> asked_;
};

}  // namespace

Answer answer_to(const dissect::Message& hello, const stacks::PeerConfig& server) {
  Numbers groups, shares;
  for (const Node* extension : extensions_of(hello.node)) {
    if (extension->fields[0].number == supported_groups) groups = numbers_in(extension, "NamedGroup");
    if (extension->fields[0].number == key_share) shares = numbers_in(extension, "group");
  }
  std::optional<NamedGroup> favourite;
  bool is_unclear = false;
  for (const NamedGroup group : server.groups) {
    const auto code = static_cast<std::uint16_t>(group);
    if (has(groups, code) && has(shares, code)) return {Answer::Kind::server_hello};
    if (has(groups, code) && !favourite) favourite = group;
    // RFC 9846 4.3.8: a share for a group that is not offered may be used all the same.
    is_unclear = is_unclear || has(shares, code);
  }
  if (is_unclear || !favourite) return {Answer::Kind::unclear};
  return {Answer::Kind::retry, *favourite};
}

Reading read_client_hello(const dissect::Message& hello, const stacks::PeerConfig& server, const dissect::Message* first,
                          std::optional<NamedGroup> asked) {
  return Reader(hello, server, first, asked).read();
}

}  // namespace tocsin::rules
