#include "harnesses/differential/server_hello_faults.h"

#include <algorithm>
#include <array>

#include "core/base/reader.h"
#include "core/wire/extensions.h"
#include "core/wire/server_hello.h"
#include "harnesses/differential/public_key.h"
#include "harnesses/differential/tls12_server_hello_faults.h"

namespace tocsin::differential {
namespace {

using enum AlertDescription;
using wire::ExtensionType;

template <class Code>
bool contains(const std::vector<Code>& offered, std::uint16_t code) {
  return std::find(offered.begin(), offered.end(), static_cast<Code>(code)) != offered.end();
}

const ExtensionSeen* find(const HelloSeen& hello, ExtensionType type) { return hello.find(static_cast<std::uint16_t>(type)); }

std::uint16_t group_of(const HelloSeen& hello) {
  const ExtensionSeen* share = find(hello, ExtensionType::key_share);
  return share == nullptr || share->body.size() < 2 ? std::uint16_t{0} : Reader(share->body).u16();
}

Faults faults_of_fields(const HelloSeen& hello, const OfferSeen& offer) {
  Faults faults;
  faults.add_if(!hello.is_well_framed, FaultKind::hello_form, decode_error);
  if (!hello.has_all_fields) return faults;  // nothing else can be said of it
  const bool is_id_too_long = hello.session_id.size() > 32;
  faults.add_if(hello.legacy_version != 0x0303, FaultKind::legacy_version, protocol_version);  // RFC 9846 4.2.3
  // A client of TLS 1.2 alone has sent none to be echoed.
  const bool is_echo_due = !is_id_too_long && stacks::speaks(offer.config, ProtocolVersion::tls13);
  faults.add_if(is_echo_due && !std::ranges::equal(hello.session_id, offer.session_id), FaultKind::session_id_echo,
                illegal_parameter);
  if (hello.cipher_suites.size() == 2) {
    const std::uint16_t suite = Reader(hello.cipher_suites).u16();
    faults.add_if(!contains(offer.config.cipher_suites, suite), FaultKind::suite_not_offered, illegal_parameter);
    faults.add_if(
        offer.retry != nullptr && offer.retry->cipher_suites.size() == 2 && Reader(offer.retry->cipher_suites).u16() != suite,
        FaultKind::suite_changed, illegal_parameter);
  }
  faults.add_if(hello.compression.size() == 1 && hello.compression[0] != 0, FaultKind::compression_value, illegal_parameter);
  const ExtensionSeen* version = find(hello, ExtensionType::supported_versions);
  // RFC 9846 4.2.4: a HelloRetryRequest has settled it.
  if (version == nullptr || !hello.is_well_framed) return faults;
  faults.add_if(version->body.size() != 2, FaultKind::extension_form, decode_error, version->type);
  faults.add_if(version->body.size() == 2 && Reader(version->body).u16() != 0x0304, FaultKind::version_value,
                illegal_parameter);
  return faults;
}

// Of a client of either stack, in either version: it never answers nothing.
bool is_in_every_hello(std::uint16_t extension_type) {
  return extension_type == code(ExtensionType::supported_groups) || extension_type == code(ExtensionType::signature_algorithms);
}

// RFC 9846 4.3: an extension that is known but does not belong here, and one that answers nothing; often both are true.
Faults faults_of_extension_list(const HelloSeen& hello, wire::Carrier carrier) {
  Faults faults;
  for (const ExtensionSeen& extension : hello.extensions) {
    faults.add_if(hello.count(extension.type) > 1, FaultKind::extension_twice, illegal_parameter, extension.type);
    const wire::Standing standing = wire::standing_of(static_cast<ExtensionType>(extension.type), carrier);
    faults.add_if(standing == wire::Standing::misplaced || is_named_elsewhere(extension.type), FaultKind::extension_misplaced,
                  illegal_parameter, extension.type);
    faults.add_if(standing != wire::Standing::allowed && !is_in_every_hello(extension.type), FaultKind::extension_unsolicited,
                  unsupported_extension, extension.type);
  }
  const ExtensionSeen* key = find(hello, ExtensionType::pre_shared_key);
  faults.add_if(key != nullptr, FaultKind::extension_unsolicited, unsupported_extension, code(ExtensionType::pre_shared_key));
  faults.add_if(key != nullptr && key->body.size() != 2, FaultKind::extension_form, decode_error,
                code(ExtensionType::pre_shared_key));
  return faults;
}

Faults faults_of_share(const HelloSeen& hello, const OfferSeen& offer) {
  Faults faults;
  const ExtensionSeen* share = find(hello, ExtensionType::key_share);
  faults.add_if(share == nullptr, FaultKind::extension_missing, missing_extension, code(ExtensionType::key_share));
  if (share == nullptr) return faults;
  Reader reader(share->body);
  const std::uint16_t group = reader.u16();
  const ByteView key = reader.vector16(1);
  faults.add_if(!reader.done(), FaultKind::extension_form, decode_error, share->type);
  const auto& groups = offer.config.groups;
  const std::uint16_t sent = offer.retry != nullptr && group_of(*offer.retry) != 0 ? group_of(*offer.retry)
                             : groups.empty()                                      ? std::uint16_t{0}
                                                                                   : static_cast<std::uint16_t>(groups.front());
  faults.add_if(share->body.size() >= 2 && group != sent, FaultKind::share_group, illegal_parameter);
  faults.add_if(reader.done() && !is_public_key(static_cast<NamedGroup>(group), key), FaultKind::share_invalid,
                illegal_parameter, group);
  return faults;
}

Faults faults_of_retry(const HelloSeen& hello, const OfferSeen& offer) {
  Faults faults;
  const ExtensionSeen* group = find(hello, ExtensionType::key_share);
  const ExtensionSeen* cookie = find(hello, ExtensionType::cookie);
  const bool is_group_readable = group != nullptr && group->body.size() == 2;
  faults.add_if(group != nullptr && !is_group_readable, FaultKind::extension_form, decode_error,
                code(ExtensionType::key_share));
  bool has_cookie = false;
  if (cookie != nullptr) {
    Reader reader(cookie->body);
    has_cookie = !reader.vector16(1).empty();
    faults.add_if(!has_cookie || !reader.done(), FaultKind::extension_form, decode_error, cookie->type);
  }
  // An empty cookie changes nothing either.
  faults.add_if(group == nullptr && !has_cookie, FaultKind::retry_without_change, illegal_parameter);
  const auto& groups = offer.config.groups;
  faults.add_if(is_group_readable &&
                    (!contains(groups, group_of(hello)) || static_cast<std::uint16_t>(groups.front()) == group_of(hello)),
                FaultKind::retry_group, illegal_parameter);
  return faults;
}

}  // namespace

bool is_named_elsewhere(std::uint16_t extension_type) {
  constexpr std::array<std::uint16_t, 18> types{1, 5, 11, 12, 14, 15, 18, 19, 20, 22, 23, 35, 47, 48, 49, 13172, 65000, 65281};
  return std::find(types.begin(), types.end(), extension_type) != types.end();
}

bool is_hello_retry_request(const HelloSeen& hello) {
  return std::equal(hello.random.begin(), hello.random.end(), wire::hello_retry_request_random.begin(),
                    wire::hello_retry_request_random.end());
}

bool is_taken_for_retry(const HelloSeen& hello) { return is_hello_retry_request(hello) && hello.legacy_version == 0x0303; }

Faults faults_of_server_hello(const HelloSeen& hello, const OfferSeen& offer) {
  const bool chooses_tls12 = find(hello, ExtensionType::supported_versions) == nullptr && !is_hello_retry_request(hello);
  if (chooses_tls12 && stacks::speaks(offer.config, ProtocolVersion::tls12)) return faults_of_tls12_server_hello(hello, offer);
  const bool is_retry = is_hello_retry_request(hello);
  Faults faults;
  const bool lacks_version = find(hello, ExtensionType::supported_versions) == nullptr && hello.is_well_framed;
  // RFC 9846 4.2.4: a HelloRetryRequest has settled it. SSL 3.0 and what is older is refused whatever was settled (E.5).
  const bool is_changed = offer.retry != nullptr && (is_retry || hello.legacy_version > 0x0300);
  faults.add_if(lacks_version, FaultKind::version_missing, is_changed ? illegal_parameter : protocol_version);
  const auto carrier = is_retry ? wire::Carrier::hello_retry_request : wire::Carrier::server_hello;
  faults.add(faults_of_extension_list(hello, carrier));
  faults.add_if(hello.session_id.size() > 32, FaultKind::session_id_too_long, decode_error);
  faults.add_if(is_retry && offer.retry != nullptr, FaultKind::second_retry, unexpected_message);
  // What else is wrong is so in TLS 1.3 only, which OpenSSL also takes a legacy_version of 0x0304 for.
  if (lacks_version && !is_retry && hello.legacy_version != 0x0304) return faults;
  faults.add(faults_of_fields(hello, offer));
  // RFC 5246 7.4.1.4: to a client of TLS 1.2 alone these extensions answer nothing.
  faults.add_if(!stacks::speaks(offer.config, ProtocolVersion::tls13), FaultKind::version_not_offered, unsupported_extension);
  if (!hello.is_well_framed) return faults;  // what is missing may be what cannot be read
  faults.add(is_retry ? faults_of_retry(hello, offer) : faults_of_share(hello, offer));
  if (is_retry && !is_taken_for_retry(hello)) {
    faults.add(faults_of_share(hello, offer));
    faults.add(faults_of_extension_list(hello, wire::Carrier::server_hello));
  }
  return faults;
}

}  // namespace tocsin::differential
