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

Alerts faults_of_fields(const HelloSeen& hello, const OfferSeen& offer) {
  Alerts faults;
  faults.add_if(!hello.is_well_framed || hello.session_id.size() > 32, decode_error);
  faults.add_if(hello.legacy_version != 0x0303, protocol_version);  // RFC 9846 4.2.3
  faults.add_if(!std::equal(hello.session_id.begin(), hello.session_id.end(), offer.session_id.begin(), offer.session_id.end()),
                illegal_parameter);
  if (hello.cipher_suites.size() == 2) {
    const std::uint16_t suite = Reader(hello.cipher_suites).u16();
    faults.add_if(!contains(offer.config.cipher_suites, suite), illegal_parameter);
    faults.add_if(
        offer.retry != nullptr && offer.retry->cipher_suites.size() == 2 && Reader(offer.retry->cipher_suites).u16() != suite,
        illegal_parameter);
  }
  faults.add_if(hello.compression.size() == 1 && hello.compression[0] != 0, illegal_parameter);
  const ExtensionSeen* version = find(hello, ExtensionType::supported_versions);
  // RFC 9846 4.2.4: a HelloRetryRequest has settled it.
  faults.add_if(version == nullptr, offer.retry != nullptr ? illegal_parameter : protocol_version);
  faults.add_if(version != nullptr && version->body.size() != 2, decode_error);
  faults.add_if(version != nullptr && version->body.size() == 2 && Reader(version->body).u16() != 0x0304, illegal_parameter);
  return faults;
}

// RFC 9846 4.3: an extension that is known but does not belong here, and one that answers nothing; often both are true.
Alerts faults_of_extension_list(const HelloSeen& hello, wire::Carrier carrier) {
  Alerts faults;
  for (const ExtensionSeen& extension : hello.extensions) {
    faults.add_if(hello.count(extension.type) > 1, illegal_parameter);
    const wire::Standing standing = wire::standing_of(static_cast<ExtensionType>(extension.type), carrier);
    faults.add_if(standing == wire::Standing::misplaced || is_named_elsewhere(extension.type), illegal_parameter);
    faults.add_if(standing != wire::Standing::allowed, unsupported_extension);
  }
  const ExtensionSeen* key = find(hello, ExtensionType::pre_shared_key);
  faults.add_if(key != nullptr, unsupported_extension);
  faults.add_if(key != nullptr && key->body.size() != 2, decode_error);
  return faults;
}

Alerts faults_of_share(const HelloSeen& hello, const OfferSeen& offer) {
  Alerts faults;
  const ExtensionSeen* share = find(hello, ExtensionType::key_share);
  faults.add_if(share == nullptr, missing_extension);
  if (share == nullptr) return faults;
  Reader reader(share->body);
  const std::uint16_t group = reader.u16();
  const ByteView key = reader.vector16(1);
  faults.add_if(!reader.done(), decode_error);
  const auto& groups = offer.config.groups;
  const std::uint16_t sent = offer.retry != nullptr && group_of(*offer.retry) != 0 ? group_of(*offer.retry)
                             : groups.empty()                                      ? std::uint16_t{0}
                                                                                   : static_cast<std::uint16_t>(groups.front());
  faults.add_if(group != sent || !is_public_key(static_cast<NamedGroup>(group), key), illegal_parameter);
  return faults;
}

Alerts faults_of_retry(const HelloSeen& hello, const OfferSeen& offer) {
  Alerts faults;
  faults.add_if(offer.retry != nullptr, unexpected_message);
  const ExtensionSeen* group = find(hello, ExtensionType::key_share);
  const ExtensionSeen* cookie = find(hello, ExtensionType::cookie);
  faults.add_if(group != nullptr && group->body.size() != 2, decode_error);
  bool has_cookie = false;
  if (cookie != nullptr) {
    Reader reader(cookie->body);
    has_cookie = !reader.vector16(1).empty();
    faults.add_if(!has_cookie || !reader.done(), decode_error);
  }
  // An empty cookie changes nothing either.
  faults.add_if(group == nullptr && !has_cookie, illegal_parameter);
  const auto& groups = offer.config.groups;
  faults.add_if(
      group != nullptr && (!contains(groups, group_of(hello)) || static_cast<std::uint16_t>(groups.front()) == group_of(hello)),
      illegal_parameter);
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

Alerts faults_of_server_hello(const HelloSeen& hello, const OfferSeen& offer) {
  const bool chooses_tls12 = find(hello, ExtensionType::supported_versions) == nullptr && !is_hello_retry_request(hello);
  if (chooses_tls12 && stacks::speaks(offer.config, ProtocolVersion::tls12)) return faults_of_tls12_server_hello(hello, offer);
  const bool is_retry = is_hello_retry_request(hello);
  Alerts faults = faults_of_fields(hello, offer);
  // RFC 5246 7.4.1.4: to a client of TLS 1.2 alone these extensions answer nothing.
  faults.add_if(!stacks::speaks(offer.config, ProtocolVersion::tls13), unsupported_extension);
  faults.add(faults_of_extension_list(hello, is_retry ? wire::Carrier::hello_retry_request : wire::Carrier::server_hello));
  faults.add(is_retry ? faults_of_retry(hello, offer) : faults_of_share(hello, offer));
  if (is_retry && !is_taken_for_retry(hello)) faults.add(faults_of_share(hello, offer));
  return faults;
}

}  // namespace tocsin::differential
