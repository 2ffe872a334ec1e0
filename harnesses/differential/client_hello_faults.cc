#include "harnesses/differential/client_hello_faults.h"

#include <algorithm>
#include <set>

#include "core/base/reader.h"
#include "core/wire/extensions.h"
#include "harnesses/differential/expectation.h"
#include "harnesses/differential/public_key.h"

namespace tocsin::differential {
namespace {

using enum AlertDescription;
using wire::ExtensionType;
using Codes = std::set<std::uint16_t>;

// Extensions that only OpenSSL knows: RFC 6066 8, RFC 5054 2.8.1, RFC 5764 4.1 (for DTLS), RFC 9846 4.3.4 and 4.3.6.
constexpr std::uint16_t status_request = 5, srp = 12, use_srtp = 14, certificate_authorities = 47, post_handshake_auth = 49;

Codes codes_in(ByteView list) {
  Codes codes;
  for (Reader reader(list); reader.size() >= 2;) codes.insert(reader.u16());
  return codes;
}

// The code points of a list behind a length of so many bytes; empty without the extension.
Codes codes_of(const HelloSeen& hello, ExtensionType type, std::size_t length_bytes) {
  const ExtensionSeen* extension = hello.find(code(type));
  return extension == nullptr || extension->body.size() < length_bytes ? Codes{}
                                                                       : codes_in(extension->body.subspan(length_bytes));
}

template <class Code>
bool shares_one(const std::vector<Code>& ours, const Codes& theirs) {
  return std::any_of(ours.begin(), ours.end(), [&](Code one) { return theirs.count(static_cast<std::uint16_t>(one)) != 0; });
}

// What OpenSSL cannot keep as a C string (RFC 6066 3 has an alert for names, but means others).
bool is_usable_name(ByteView body) {
  return body.size() <= 255 + 5 && (body.size() <= 5 || std::find(body.begin() + 5, body.end(), 0) == body.end());
}

bool is_well_formed_status_request(Reader& reader) {
  const std::uint8_t type = reader.u8();
  if (type != 1) return !reader.failed();  // another type than OCSP is none of this reader's business
  Reader responders(reader.vector16());
  while (!responders.empty()) responders.vector16(1);
  reader.vector16();
  return reader.done() && responders.done();
}

enum class Look : std::uint8_t { must, may };

struct ShareSeen {
  std::uint16_t group;
  ByteView key;
};

std::vector<ShareSeen> shares_of(const HelloSeen& hello) {
  std::vector<ShareSeen> shares;
  const ExtensionSeen* extension = hello.find(code(ExtensionType::key_share));
  if (extension == nullptr || extension->body.size() < 2) return shares;
  for (Reader reader(extension->body.subspan(2)); !reader.empty();) {
    const ShareSeen share{reader.u16(), reader.vector16()};
    if (!reader.failed()) shares.push_back(share);
  }
  return shares;
}

bool has_share(const HelloSeen& hello, NamedGroup group) {
  const auto shares = shares_of(hello);
  return std::any_of(shares.begin(), shares.end(),
                     [&](const ShareSeen& share) { return share.group == static_cast<std::uint16_t>(group); });
}

Faults faults_of_extensions(const HelloSeen& hello) {
  Faults faults;
  for (const ExtensionSeen& extension : hello.extensions) {
    faults.add_if(!is_well_formed_in_client_hello(extension), FaultKind::extension_form, decode_error, extension.type);
    faults.add_if(hello.count(extension.type) > 1, FaultKind::extension_twice, illegal_parameter, extension.type);
    const bool is_last = hello.is_well_framed && &extension == &hello.extensions.back();
    faults.add_if(extension.type == code(ExtensionType::pre_shared_key) && !is_last, FaultKind::keys_not_last,
                  illegal_parameter);
  }
  return faults;
}

bool has_binder_for_each_identity(ByteView body) {
  Reader reader(body);
  std::size_t identity_count = 0, binder_count = 0;
  for (Reader identities(reader.vector16()); !identities.empty(); ++identity_count) {
    identities.vector16();
    identities.u32();
  }
  for (Reader binders(reader.vector16()); !binders.empty(); ++binder_count) binders.vector8();
  return identity_count == binder_count;
}

// RFC 6066 3: ASCII, without a trailing dot.
bool is_host_name(ByteView name) {
  return name.back() != '.' && name.size() <= 255 &&
         std::all_of(name.begin(), name.end(), [](std::uint8_t c) { return c > 0x20 && c < 0x7f; });
}

Bytes repeated_part(const HelloSeen& hello) {
  Bytes repeated;
  for (const ByteView field : {hello.random, hello.session_id, hello.cipher_suites, hello.compression}) append(repeated, field);
  for (const ExtensionSeen& extension : hello.extensions) {
    const auto type = static_cast<ExtensionType>(extension.type);
    if (type == ExtensionType::key_share || type == ExtensionType::early_data || type == ExtensionType::cookie ||
        type == ExtensionType::pre_shared_key || type == ExtensionType::padding)
      continue;
    repeated.push_back(static_cast<std::uint8_t>(extension.type >> 8));
    repeated.push_back(static_cast<std::uint8_t>(extension.type));
    append(repeated, extension.body);
  }
  return repeated;
}

// RFC 9846 4.2.2: whether the second hello is the first but for what the HelloRetryRequest asked for.
bool repeats(const HelloSeen& second, const HelloSeen& first) {
  return second.legacy_version == first.legacy_version && repeated_part(second) == repeated_part(first);
}

// An extension that can be read.
const ExtensionSeen* readable(const HelloSeen& hello, ExtensionType type) {
  const ExtensionSeen* extension = hello.find(code(type));
  return extension != nullptr && is_well_formed_in_client_hello(*extension) ? extension : nullptr;
}
// There, but it cannot be read: what it should say is not missed.
bool is_unreadable(const HelloSeen& hello, ExtensionType type) {
  return hello.find(code(type)) != nullptr && readable(hello, type) == nullptr;
}

// RFC 6066 4.
Faults faults_of_fragment_length(const HelloSeen& hello) {
  Faults faults;
  if (const ExtensionSeen* length = readable(hello, ExtensionType::max_fragment_length))
    faults.add_if(length->body[0] < 1 || length->body[0] > 4, FaultKind::fragment_length_value, illegal_parameter);
  return faults;
}

// RFC 8449 5, which OpenSSL 3.0 does not know.
bool passes_over_fragment_length(const HelloSeen& hello, const stacks::PeerConfig& server) {
  return server.record_size_limit != 0 && hello.find(code(ExtensionType::record_size_limit)) != nullptr;
}

Faults faults_in_any_version(const HelloSeen& hello, const stacks::PeerConfig& server) {
  Faults faults;
  if (!passes_over_fragment_length(hello, server)) faults.add(faults_of_fragment_length(hello));
  if (const ExtensionSeen* limit = readable(hello, ExtensionType::record_size_limit))
    faults.add_if(Reader(limit->body).u16() < 64, FaultKind::record_size_limit_value, illegal_parameter);
  std::set<std::uint8_t> name_types;
  for (const ServerNameSeen& name : server_names_of(hello)) {
    faults.add_if(name.type == 0 && !is_host_name(name.bytes), FaultKind::server_name_form, illegal_parameter);
    faults.add_if(!name_types.insert(name.type).second, FaultKind::server_name_twice, illegal_parameter);
  }
  if (const ExtensionSeen* keys = readable(hello, ExtensionType::pre_shared_key))
    faults.add_if(!has_binder_for_each_identity(keys->body), FaultKind::binders_mismatch, illegal_parameter);
  return faults;
}

bool has_zero(ByteView bytes) { return std::find(bytes.begin(), bytes.end(), 0) != bytes.end(); }

// RFC 8422 5.1.2.
bool lacks_uncompressed(const HelloSeen& hello) {
  const ExtensionSeen* formats = readable(hello, ExtensionType::ec_point_formats);
  return formats != nullptr && !has_zero(formats->body.subspan(1));
}

Faults faults_of_parameters12(const HelloSeen& hello, const stacks::PeerConfig& server) {
  constexpr std::uint16_t fallback_scsv = 0x5600;
  Faults faults;
  faults.add_if(!hello.compression.empty() && !has_zero(hello.compression), FaultKind::compression_value, illegal_parameter);
  faults.add_if(lacks_uncompressed(hello), FaultKind::point_formats_value, illegal_parameter);
  const ExtensionSeen* renegotiated = hello.find(code(ExtensionType::renegotiation_info));
  faults.add_if(renegotiated != nullptr && !Reader(renegotiated->body).vector8().empty(), FaultKind::renegotiation_info_value,
                handshake_failure);  // RFC 5746 3.6
  faults.add_if(stacks::speaks(server, ProtocolVersion::tls13) && codes_in(hello.cipher_suites).count(fallback_scsv) != 0,
                FaultKind::fallback, inappropriate_fallback);
  return faults;
}

bool is_foreign_group(std::uint16_t group) { return name_of(static_cast<NamedGroup>(group)) == "unknown"; }

// RFC 9846 4.3.8.
Faults faults_of_shares(const HelloSeen& hello, const stacks::PeerConfig& server, Look look) {
  Faults faults;
  const auto shares = shares_of(hello);
  const Codes groups = codes_of(hello, ExtensionType::supported_groups, 2);
  const bool has_groups = readable(hello, ExtensionType::supported_groups) != nullptr;
  const std::uint16_t used = share_of_favourite(hello, server);
  for (const ShareSeen& share : shares) {
    const auto is_of_its_group = [&](const ShareSeen& other) { return other.group == share.group; };
    const bool is_twice = std::count_if(shares.begin(), shares.end(), is_of_its_group) > 1;
    faults.add_if(look == Look::must && has_groups && groups.count(share.group) == 0, FaultKind::share_not_in_groups,
                  illegal_parameter, share.group);
    const bool is_looked_for = (look == Look::must) != is_foreign_group(share.group);
    faults.add_if(is_looked_for && is_twice, FaultKind::share_twice, illegal_parameter, share.group);
    const bool is_invalid = !share.key.empty() && !is_public_key(static_cast<NamedGroup>(share.group), share.key);
    faults.add_if((look == Look::must) == (share.group == used) && is_invalid, FaultKind::share_invalid, illegal_parameter,
                  share.group);
  }
  return faults;
}

Faults faults_of_parameters(const HelloSeen& hello, const HelloSeen* first) {
  Faults faults;
  const auto has = [&](ExtensionType type) { return hello.find(code(type)) != nullptr; };
  faults.add_if(hello.legacy_version != 0x0303, FaultKind::legacy_version, protocol_version);  // RFC 9846 4.2.2
  faults.add_if(!hello.compression.empty() && !(hello.compression.size() == 1 && hello.compression[0] == 0),
                FaultKind::compression_value, illegal_parameter);
  for (const ExtensionType type :
       {ExtensionType::signature_algorithms, ExtensionType::supported_groups, ExtensionType::key_share})
    faults.add_if(!has(type), FaultKind::extension_missing, missing_extension, code(type));
  faults.add_if(has(ExtensionType::pre_shared_key) && !has(ExtensionType::psk_key_exchange_modes), FaultKind::extension_missing,
                missing_extension, code(ExtensionType::psk_key_exchange_modes));
  faults.add_if(has(ExtensionType::cookie), FaultKind::cookie_unasked, illegal_parameter);
  if (first == nullptr) return faults;
  faults.add_if(has(ExtensionType::early_data) || !repeats(hello, *first), FaultKind::second_hello_differs, illegal_parameter);
  // 4.3.8: exactly the one that was asked for.
  faults.add_if(
      has(ExtensionType::key_share) && (shares_of(hello).size() != 1 || is_unreadable(hello, ExtensionType::key_share)),
      FaultKind::second_hello_share, illegal_parameter);
  return faults;
}

bool has_common_protocol(ByteView offered, const std::vector<std::string>& ours) {
  Reader reader(offered);
  for (Reader names(reader.vector16()); !names.empty();)
    if (std::ranges::find(ours, text_of(names.vector8())) != ours.end()) return true;
  return false;
}

Faults faults_of_negotiation(const HelloSeen& hello, ProtocolVersion version, const stacks::PeerConfig& server) {
  Faults faults;
  const bool is_tls12 = version == ProtocolVersion::tls12;
  std::vector<CipherSuite> suites = suites_of(server);
  std::erase_if(suites, [&](CipherSuite suite) { return !suits(suite, server.certificate) || version_of(suite) != version; });
  faults.add_if(!shares_one(suites, codes_in(hello.cipher_suites)) && !hello.cipher_suites.empty(), FaultKind::no_common_suite,
                handshake_failure);
  const Codes groups = codes_of(hello, ExtensionType::supported_groups, 2);
  if (readable(hello, ExtensionType::supported_groups) != nullptr) {
    faults.add_if(!shares_one(server.groups, groups), FaultKind::no_common_group, handshake_failure);
    std::vector<NamedGroup> curves;
    for (const std::uint16_t group : groups) curves.push_back(static_cast<NamedGroup>(group));
    faults.add_if(is_tls12 && !is_of_offered_curve(server.certificate, curves), FaultKind::no_common_curve, handshake_failure);
  }
  // In TLS 1.3 it is missing then; in TLS 1.2 SHA-1 is meant (RFC 5246 7.4.1.4.1), which no server here signs with.
  const bool has_schemes = is_tls12 ? !is_unreadable(hello, ExtensionType::signature_algorithms)
                                    : readable(hello, ExtensionType::signature_algorithms) != nullptr;
  faults.add_if(has_schemes && !shares_one(schemes_of(server.certificate, version),
                                           codes_of(hello, ExtensionType::signature_algorithms, 2)),
                FaultKind::no_common_scheme, handshake_failure);
  const ExtensionSeen* offered = readable(hello, ExtensionType::application_layer_protocol_negotiation);
  if (offered != nullptr && !server.application_protocols.empty())
    faults.add_if(!has_common_protocol(offered->body, server.application_protocols), FaultKind::no_common_protocol,
                  no_application_protocol);
  return faults;
}

}  // namespace

std::optional<ProtocolVersion> version_for(const HelloSeen& hello, const stacks::PeerConfig& server) {
  using enum ProtocolVersion;
  if (hello.legacy_version <= 0x0300) return std::nullopt;  // RFC 9846 E.5
  Codes offered = codes_of(hello, ExtensionType::supported_versions, 1);
  const bool has_list = hello.find(code(ExtensionType::supported_versions)) != nullptr;
  if (!has_list && hello.legacy_version >= static_cast<std::uint16_t>(tls12)) offered.insert(static_cast<std::uint16_t>(tls12));
  for (const ProtocolVersion version : {tls13, tls12})
    if (stacks::speaks(server, version) && offered.count(static_cast<std::uint16_t>(version)) != 0) return version;
  return std::nullopt;
}

std::uint16_t share_of_favourite(const HelloSeen& hello, const stacks::PeerConfig& server) {
  const Codes groups = codes_of(hello, ExtensionType::supported_groups, 2);
  for (const NamedGroup group : server.groups)
    if (groups.count(static_cast<std::uint16_t>(group)) != 0 && has_share(hello, group))
      return static_cast<std::uint16_t>(group);
  return 0;
}

std::uint16_t first_usable_share(const HelloSeen& hello, const stacks::PeerConfig& server) {
  const Codes groups = codes_of(hello, ExtensionType::supported_groups, 2);
  for (const ShareSeen& share : shares_of(hello))
    if (groups.count(share.group) != 0 && std::ranges::count(server.groups, static_cast<NamedGroup>(share.group)) != 0)
      return share.group;
  return 0;
}

bool is_behind_first_usable_share(const HelloSeen& hello, const stacks::PeerConfig& server, std::uint16_t group) {
  const auto shares = shares_of(hello);
  const auto first = std::ranges::find(shares, first_usable_share(hello, server), &ShareSeen::group);
  return first != shares.end() &&
         std::find_if(first + 1, shares.end(), [&](const ShareSeen& share) { return share.group == group; }) != shares.end();
}

bool needs_retry(const HelloSeen& hello, const stacks::PeerConfig& server) {
  return version_for(hello, server) == ProtocolVersion::tls13 && share_of_favourite(hello, server) == 0;
}

Faults faults_of_client_hello(const HelloSeen& hello, const HelloSeen* first, const stacks::PeerConfig& server) {
  Faults faults;
  faults.add_if(!hello.is_well_framed, FaultKind::hello_form, decode_error);
  faults.add_if(hello.session_id.size() > 32, FaultKind::session_id_too_long, decode_error);
  faults.add(faults_of_extensions(hello));
  if (!hello.is_well_framed) return faults;  // nothing else can be said of it
  const bool are_suites_readable = !hello.cipher_suites.empty() && hello.cipher_suites.size() % 2 == 0;
  faults.add_if(!are_suites_readable, FaultKind::cipher_suites_form, decode_error);
  faults.add_if(hello.compression.empty(), FaultKind::compression_form, decode_error);
  faults.add(faults_in_any_version(hello, server));
  const std::optional<ProtocolVersion> version = version_for(hello, server);
  if (!version) {
    faults.add_if(!is_unreadable(hello, ExtensionType::supported_versions), FaultKind::no_common_version, protocol_version);
    return faults;
  }
  faults.add(faults_of_negotiation(hello, *version, server));
  if (*version == ProtocolVersion::tls12) {
    faults.add(faults_of_parameters12(hello, server));
    return faults;
  }
  faults.add(faults_of_parameters(hello, first));
  faults.add(faults_of_shares(hello, server, Look::must));
  if (first == nullptr) return faults;
  // RFC 9846 4.2.2: its share is for a group that the first had none for, and that the server asked for.
  for (const ShareSeen& share : shares_of(hello)) {
    const auto group = static_cast<NamedGroup>(share.group);
    const bool is_wanted = std::find(server.groups.begin(), server.groups.end(), group) != server.groups.end();
    faults.add_if(!is_wanted || has_share(*first, group), FaultKind::second_hello_share, illegal_parameter);
  }
  return faults;
}

Faults faults_that_may_pass(const HelloSeen& hello, const stacks::PeerConfig& server) {
  Faults faults;
  if (!hello.is_well_framed) return faults;
  const std::optional<ProtocolVersion> version = version_for(hello, server);
  if (version == ProtocolVersion::tls13) faults.add(faults_of_shares(hello, server, Look::may));
  if (version != ProtocolVersion::tls12) return faults;
  // OpenSSL asks for the certificate's curve among its own groups as well; and RFC 8422 4 lets a server choose where a client
  // names no groups.
  std::vector<NamedGroup> curves = server.groups;
  const Codes groups = codes_of(hello, ExtensionType::supported_groups, 2);
  std::erase_if(curves, [&](NamedGroup group) { return groups.count(static_cast<std::uint16_t>(group)) == 0; });
  faults.add_if(!is_unreadable(hello, ExtensionType::supported_groups) && !is_of_offered_curve(server.certificate, curves),
                FaultKind::no_common_curve, handshake_failure);
  faults.add_if(hello.find(code(ExtensionType::supported_groups)) == nullptr, FaultKind::no_common_group, handshake_failure);
  return faults;
}

Faults faults_for_openssl_only(const HelloSeen& hello, const stacks::PeerConfig& server) {
  Faults faults;
  if (passes_over_fragment_length(hello, server)) faults.add(faults_of_fragment_length(hello));
  faults.add_if(lacks_uncompressed(hello), FaultKind::point_formats_value, handshake_failure);
  faults.add_if(hello.find(code(ExtensionType::pre_shared_key)) != nullptr &&
                    hello.find(code(ExtensionType::psk_key_exchange_modes)) == nullptr,
                FaultKind::extension_missing, handshake_failure, code(ExtensionType::psk_key_exchange_modes));
  faults.add_if(!hello.compression.empty() && !has_zero(hello.compression), FaultKind::compression_value, decode_error);
  faults.add_if(hello.is_well_framed && hello.cipher_suites.empty(), FaultKind::cipher_suites_form, illegal_parameter);
  for (const ExtensionSeen& extension : hello.extensions) {
    const auto add_if = [&](bool is_broken, AlertDescription alert) {
      faults.add_if(is_broken, FaultKind::extension_of_openssl, alert, extension.type);
    };
    Reader reader(extension.body);
    switch (extension.type) {
      case code(ExtensionType::server_name):
        faults.add_if(is_well_formed_in_client_hello(extension) && !is_usable_name(extension.body), FaultKind::server_name_form,
                      unrecognized_name);
        for (const ServerNameSeen& name : server_names_of(hello))
          faults.add_if(name.type != 0, FaultKind::server_name_of_unknown_type, decode_error);
        break;
      case status_request:
        add_if(!is_well_formed_status_request(reader), decode_error);
        break;
      case srp:
        add_if(true, decode_error);  // what a user's name may be is none of this reader's business
        break;
      case use_srtp:
        add_if(true, illegal_parameter);
        break;
      // All test certificates are signed with this scheme.
      case code(ExtensionType::signature_algorithms_cert):
        faults.add_if(is_well_formed_in_client_hello(extension) &&
                          codes_of(hello, ExtensionType::signature_algorithms_cert, 2)
                                  .count(static_cast<std::uint16_t>(SignatureScheme::ecdsa_secp256r1_sha256)) == 0,
                      FaultKind::certificate_schemes, handshake_failure);
        break;
      // Its names would have to be parsed as X.509 does: any fault in them is granted.
      case certificate_authorities:
        add_if(true, decode_error);
        break;
      case post_handshake_auth:
        add_if(!extension.body.empty(), decode_error);
        break;
      default:
        break;
    }
  }
  return faults;
}

}  // namespace tocsin::differential
