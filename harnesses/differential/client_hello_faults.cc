#include "harnesses/differential/client_hello_faults.h"

#include <algorithm>
#include <set>

#include "core/base/list.h"
#include "core/base/reader.h"
#include "core/wire/extensions.h"
#include "harnesses/differential/expectation.h"
#include "harnesses/differential/public_key.h"

namespace tocsin::differential {
namespace {

using enum AlertDescription;
using wire::ExtensionType;
using Codes = std::set<std::uint16_t>;

constexpr std::uint16_t code(ExtensionType type) { return static_cast<std::uint16_t>(type); }

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

bool are_well_formed_keys(ByteView body) {
  Reader reader(body);
  Reader identities(reader.vector16(7)), binders(reader.vector16(33));
  while (!identities.empty()) {
    identities.vector16(1);
    identities.u32();
  }
  while (!binders.empty()) binders.vector8(32);
  return reader.done() && identities.done() && binders.done();
}

// What OpenSSL cannot keep as a C string (RFC 6066 3 has an alert for names, but means others).
bool is_usable_name(ByteView body) {
  return body.size() <= 255 + 5 && (body.size() <= 5 || std::find(body.begin() + 5, body.end(), 0) == body.end());
}

template <class ReadItem>
bool is_list(Reader& reader, ByteView list, ReadItem&& read_item) {
  Reader items(list);
  while (!items.empty()) read_item(items);
  return reader.done() && items.done();
}

bool is_well_formed_status_request(Reader& reader) {
  const std::uint8_t type = reader.u8();
  if (type != 1) return !reader.failed();  // another type than OCSP is none of this reader's business
  Reader responders(reader.vector16());
  while (!responders.empty()) responders.vector16(1);
  reader.vector16();
  return reader.done() && responders.done();
}

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

Alerts faults_of_extensions(const HelloSeen& hello) {
  Alerts faults;
  for (const ExtensionSeen& extension : hello.extensions) {
    faults.add_if(!is_well_formed_in_client_hello(extension), decode_error);
    faults.add_if(hello.count(extension.type) > 1, illegal_parameter);
    const bool is_last = hello.is_well_framed && &extension == &hello.extensions.back();
    faults.add_if(extension.type == code(ExtensionType::pre_shared_key) && !is_last, illegal_parameter);
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

// What the server would choose; nothing if they have no version in common.
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

// RFC 6066 4.
Alerts faults_of_fragment_length(const HelloSeen& hello) {
  Alerts faults;
  const ExtensionSeen* length = hello.find(code(ExtensionType::max_fragment_length));
  if (length == nullptr) return faults;
  faults.add_if(length->body.size() != 1, decode_error);
  faults.add_if(length->body.size() == 1 && (length->body[0] < 1 || length->body[0] > 4), illegal_parameter);
  return faults;
}

// RFC 8449 5, which OpenSSL 3.0 does not know.
bool passes_over_fragment_length(const HelloSeen& hello, const stacks::PeerConfig& server) {
  return server.record_size_limit != 0 && hello.find(code(ExtensionType::record_size_limit)) != nullptr;
}

Alerts faults_in_any_version(const HelloSeen& hello, const stacks::PeerConfig& server) {
  Alerts faults;
  if (!passes_over_fragment_length(hello, server)) faults.add(faults_of_fragment_length(hello));
  if (const ExtensionSeen* limit = hello.find(code(ExtensionType::record_size_limit));
      limit != nullptr && limit->body.size() == 2)
    faults.add_if(Reader(limit->body).u16() < 64, illegal_parameter);
  const std::vector<ServerNameSeen> names = server_names_of(hello);
  for (const ServerNameSeen& name : names) faults.add_if(name.type == 0 && !is_host_name(name.bytes), illegal_parameter);
  faults.add_if(has_two_of_a_type(names), illegal_parameter);
  if (const ExtensionSeen* keys = hello.find(code(ExtensionType::pre_shared_key)); keys != nullptr)
    faults.add_if(!has_binder_for_each_identity(keys->body), illegal_parameter);
  return faults;
}

bool has_zero(ByteView bytes) { return std::find(bytes.begin(), bytes.end(), 0) != bytes.end(); }

// RFC 8422 5.1.2.
bool lacks_uncompressed(const HelloSeen& hello) {
  const ExtensionSeen* formats = hello.find(code(ExtensionType::ec_point_formats));
  return formats != nullptr && !formats->body.empty() && !has_zero(formats->body.subspan(1));
}

Alerts faults_of_tls12_parameters(const HelloSeen& hello, const stacks::PeerConfig& server) {
  constexpr std::uint16_t fallback_scsv = 0x5600;
  Alerts faults;
  faults.add_if(!has_zero(hello.compression) || lacks_uncompressed(hello), illegal_parameter);
  const ExtensionSeen* renegotiated = hello.find(code(ExtensionType::renegotiation_info));
  faults.add_if(renegotiated != nullptr && renegotiated->body.size() > 1, handshake_failure);  // RFC 5746 3.6
  faults.add_if(stacks::speaks(server, ProtocolVersion::tls13) && codes_in(hello.cipher_suites).count(fallback_scsv) != 0,
                inappropriate_fallback);
  return faults;
}

Alerts faults_of_parameters(const HelloSeen& hello, const HelloSeen* first) {
  Alerts faults;
  const auto has = [&](ExtensionType type) { return hello.find(code(type)) != nullptr; };
  faults.add_if(hello.legacy_version != 0x0303, protocol_version);  // RFC 9846 4.2.2
  faults.add_if(!(hello.compression.size() == 1 && hello.compression[0] == 0), illegal_parameter);
  faults.add_if(!has(ExtensionType::signature_algorithms) || !has(ExtensionType::supported_groups) ||
                    !has(ExtensionType::key_share) ||
                    (has(ExtensionType::pre_shared_key) && !has(ExtensionType::psk_key_exchange_modes)),
                missing_extension);
  faults.add_if(has(ExtensionType::cookie), illegal_parameter);
  faults.add_if(first != nullptr && (has(ExtensionType::early_data) || !repeats(hello, *first)), illegal_parameter);
  const auto shares = shares_of(hello);
  const ExtensionSeen* list = hello.find(code(ExtensionType::key_share));
  // 4.3.8: exactly the one that was asked for.
  faults.add_if(first != nullptr && list != nullptr && (shares.size() != 1 || !is_well_formed_in_client_hello(*list)),
                illegal_parameter);
  const Codes groups = codes_of(hello, ExtensionType::supported_groups, 2);
  for (const ShareSeen& share : shares) {
    const auto is_of_its_group = [&](const ShareSeen& other) { return other.group == share.group; };
    faults.add_if(groups.count(share.group) == 0 || std::count_if(shares.begin(), shares.end(), is_of_its_group) > 1 ||
                      !is_public_key(static_cast<NamedGroup>(share.group), share.key),
                  illegal_parameter);
  }
  return faults;
}

Alerts faults_of_negotiation(const HelloSeen& hello, std::optional<ProtocolVersion> version, const stacks::PeerConfig& server) {
  Alerts faults;
  faults.add_if(!version, protocol_version);
  const auto shares = [&](ExtensionType type, const auto& ours) { return shares_one(ours, codes_of(hello, type, 2)); };
  // RFC 8422 4: a client of TLS 1.2 that names no groups takes any, or so a server may think.
  const auto schemes = schemes_of(server.certificate, version.value_or(ProtocolVersion::tls13));
  std::vector<CipherSuite> suites = suites_of(server);
  std::erase_if(suites, [&](CipherSuite suite) {
    return !suits(suite, server.certificate) || (version && version_of(suite) != *version);
  });
  // OpenSSL asks for the curve among its own groups as well.
  std::vector<NamedGroup> curves = server.groups;
  const Codes groups = codes_of(hello, ExtensionType::supported_groups, 2);
  std::erase_if(curves, [&](NamedGroup group) { return groups.count(static_cast<std::uint16_t>(group)) == 0; });
  const bool is_of_foreign_curve = version == ProtocolVersion::tls12 && !is_of_offered_curve(server.certificate, curves);
  faults.add_if(!shares_one(suites, codes_in(hello.cipher_suites)) || is_of_foreign_curve ||
                    !shares(ExtensionType::supported_groups, server.groups) ||
                    !shares(ExtensionType::signature_algorithms, schemes),
                handshake_failure);
  const ExtensionSeen* offered = hello.find(code(ExtensionType::application_layer_protocol_negotiation));
  if (offered == nullptr || server.application_protocols.empty()) return faults;
  bool is_common = false;
  Reader reader(offered->body);
  for (Reader names(reader.vector16()); !names.empty();) {
    const ByteView name = names.vector8();
    for (const std::string& ours : server.application_protocols) is_common = is_common || text_of(name) == ours;
  }
  faults.add_if(!is_common, no_application_protocol);
  return faults;
}

}  // namespace

bool is_known_here(std::uint16_t extension_type) {
  return wire::standing_of(static_cast<ExtensionType>(extension_type), wire::Carrier::client_hello) != wire::Standing::unknown;
}

bool has_invalid_share_besides(const HelloSeen& hello, NamedGroup group) {
  const auto shares = shares_of(hello);
  return std::any_of(shares.begin(), shares.end(), [&](const ShareSeen& share) {
    return static_cast<NamedGroup>(share.group) != group && !is_public_key(static_cast<NamedGroup>(share.group), share.key);
  });
}

std::vector<ServerNameSeen> server_names_of(const HelloSeen& hello) {
  std::vector<ServerNameSeen> names;
  const ExtensionSeen* extension = hello.find(code(ExtensionType::server_name));
  if (extension == nullptr || !is_well_formed_in_client_hello(*extension)) return names;
  for (Reader reader(extension->body.subspan(2)); !reader.empty();) {
    const std::uint8_t type = reader.u8();
    names.push_back({type, reader.vector16()});
  }
  return names;
}

bool has_two_of_a_type(const std::vector<ServerNameSeen>& names) {
  std::set<std::uint8_t> types;
  return !std::ranges::all_of(names, [&](const ServerNameSeen& name) { return types.insert(name.type).second; });
}

bool has_share(const HelloSeen& hello, NamedGroup group) {
  const auto shares = shares_of(hello);
  return std::any_of(shares.begin(), shares.end(),
                     [&](const ShareSeen& share) { return share.group == static_cast<std::uint16_t>(group); });
}

bool is_well_formed_in_client_hello(const ExtensionSeen& extension) {
  Reader reader(extension.body);
  const auto u16_item = [](Reader& items) { items.u16(); };
  switch (static_cast<ExtensionType>(extension.type)) {
    case ExtensionType::server_name:
      return is_list(reader, reader.vector16(1), [](Reader& items) { items.vector16(items.u8() == 0 ? 1 : 0); });
    case ExtensionType::supported_groups:
    case ExtensionType::signature_algorithms:
    case ExtensionType::signature_algorithms_cert:
      return is_list(reader, reader.vector16(2), u16_item);
    case ExtensionType::supported_versions:
      return is_list(reader, reader.vector8(2, 254), u16_item);
    case ExtensionType::application_layer_protocol_negotiation:
      return is_list(reader, reader.vector16(2), [](Reader& items) { items.vector8(1); });
    case ExtensionType::key_share:
      return is_list(reader, reader.vector16(), [](Reader& items) {
        items.u16();
        items.vector16(1);
      });
    case ExtensionType::max_fragment_length:
      return extension.body.size() == 1;
    case ExtensionType::record_size_limit:
      return extension.body.size() == 2;
    case ExtensionType::early_data:
      return extension.body.empty();
    case ExtensionType::cookie:
      return is_list(reader, reader.vector16(1), [](Reader& items) { items.take(items.size()); });
    case ExtensionType::psk_key_exchange_modes:
      return is_list(reader, reader.vector8(1), [](Reader& items) { items.take(items.size()); });
    case ExtensionType::pre_shared_key:
      return are_well_formed_keys(extension.body);
    case ExtensionType::ec_point_formats:
      return is_list(reader, reader.vector8(1), [](Reader& items) { items.u8(); });
    case ExtensionType::extended_master_secret:
      return extension.body.empty();
    case ExtensionType::renegotiation_info:
      return is_list(reader, reader.vector8(), [](Reader& items) { items.u8(); });
    case ExtensionType::session_ticket:
    case ExtensionType::connection_id:  // of DTLS: over a stream it means nothing
    case ExtensionType::padding:
      return true;
  }
  return true;
}

Alerts faults_of_client_hello(const HelloSeen& hello, const HelloSeen* first, const stacks::PeerConfig& server) {
  Alerts faults;
  faults.add_if(!hello.is_well_framed || hello.session_id.size() > 32 || hello.cipher_suites.empty() ||
                    hello.cipher_suites.size() % 2 != 0 || hello.compression.empty(),
                decode_error);
  faults.add(faults_of_extensions(hello));
  const std::optional<ProtocolVersion> version = version_for(hello, server);
  faults.add(faults_in_any_version(hello, server));
  faults.add(version == ProtocolVersion::tls12 ? faults_of_tls12_parameters(hello, server)
                                               : faults_of_parameters(hello, first));
  faults.add(faults_of_negotiation(hello, version, server));
  if (first == nullptr) return faults;
  // RFC 9846 4.2.2: its share is for a group that the first had none for, and that the server asked for.
  for (const ShareSeen& share : shares_of(hello)) {
    const auto group = static_cast<NamedGroup>(share.group);
    const bool is_wanted = std::find(server.groups.begin(), server.groups.end(), group) != server.groups.end();
    faults.add_if(!is_wanted || has_share(*first, group), illegal_parameter);
  }
  return faults;
}

Alerts faults_for_openssl_only(const HelloSeen& hello, const stacks::PeerConfig& server) {
  Alerts faults;
  if (passes_over_fragment_length(hello, server)) faults.add(faults_of_fragment_length(hello));
  faults.add_if(lacks_uncompressed(hello), handshake_failure);
  // Before it has settled on TLS 1.3 OpenSSL says handshake_failure for missing_extension.
  faults.add_if(hello.find(code(ExtensionType::pre_shared_key)) != nullptr &&
                    hello.find(code(ExtensionType::psk_key_exchange_modes)) == nullptr,
                handshake_failure);
  const bool has_null_method = std::find(hello.compression.begin(), hello.compression.end(), 0) != hello.compression.end();
  faults.add_if(!has_null_method, decode_error);
  faults.add_if(hello.cipher_suites.empty(), illegal_parameter);
  for (const ExtensionSeen& extension : hello.extensions) {
    Reader reader(extension.body);
    switch (extension.type) {
      case code(ExtensionType::server_name):
        faults.add_if(!is_usable_name(extension.body), unrecognized_name);
        break;
      case status_request:
        faults.add_if(!is_well_formed_status_request(reader), decode_error);
        break;
      case srp:
        faults.add(decode_error);  // what a user's name may be is none of this reader's business
        break;
      case use_srtp:
        faults.add(illegal_parameter);
        break;
      // All test certificates are signed with this scheme.
      case code(ExtensionType::signature_algorithms_cert):
        faults.add_if(codes_of(hello, ExtensionType::signature_algorithms_cert, 2)
                              .count(static_cast<std::uint16_t>(SignatureScheme::ecdsa_secp256r1_sha256)) == 0,
                      handshake_failure);
        break;
      // Its names would have to be parsed as X.509 does: any fault in them is granted.
      case certificate_authorities:
        faults.add(decode_error);
        break;
      case post_handshake_auth:
        faults.add_if(!extension.body.empty(), decode_error);
        break;
      default:
        break;
    }
  }
  return faults;
}

}  // namespace tocsin::differential
