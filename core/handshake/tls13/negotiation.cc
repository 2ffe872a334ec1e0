#include "core/handshake/tls13/negotiation.h"

#include "core/base/code_set.h"
#include "core/handshake/record_limits.h"

namespace tocsin::handshake::tls13 {
namespace {

Result<Done> check_key_shares(const wire::ClientHello& hello) {
  // RFC 9846 4.3.8: only for groups of supported_groups, known here or not, and at most one share per group. Two of a group
  // that is unknown here cannot matter.
  CodeSet listed;
  for (const NamedGroup group : *hello.supported_groups) listed.add(static_cast<std::uint16_t>(group));
  std::uint8_t seen = 0;
  for (const wire::KeyShareEntry& share : *hello.key_shares) {
    //= RFC 9846 4.3.8 //# Clients MUST NOT offer any KeyShareEntry values for groups not listed in the client's
    if (!listed.contains(static_cast<std::uint16_t>(share.group))) return Fatal{Reason::key_share_group_wrong};
    std::uint8_t bit = 0;
    if (share.group == NamedGroup::x25519) bit = 1;
    if (share.group == NamedGroup::secp256r1) bit = 2;
    if (share.group == NamedGroup::secp384r1) bit = 4;
    if (bit == 0) continue;
    if ((seen & bit) != 0) return Fatal{Reason::key_share_duplicate};
    seen = static_cast<std::uint8_t>(seen | bit);
  }
  return Done{};
}

}  // namespace

Result<Done> check_client_hello(const ServerConfig& config, const wire::ClientHello& hello) {
  // RFC 9846 4.3.1: where there are supported_versions no version is chosen by legacy_version, so one has been chosen before.
  // RFC 9846 4.2.2: what was chosen is then TLS 1.3, and its hello has no other legacy_version.
  //= RFC 9846 4.2.2 //# which receives a legacy_version value not equal to 0x0303 MUST abort the handshake with
  //= RFC 9846 E.5 //# Implementations receiving Hello messages with other version numbers MUST abort the handshake as described in Section 4.2.2 and Section 4.2.3.
  if (hello.legacy_version != 0x0303) return Fatal{Reason::legacy_version_wrong};
  // RFC 9846 4.2.2: for TLS 1.3 exactly one byte, set to zero.
  //= RFC 9846 4.2.2 //# the server MUST abort the handshake with an "illegal_parameter" alert.
  if (hello.legacy_compression_methods.size() != 1 || hello.legacy_compression_methods[0] != 0)
    return Fatal{Reason::compression_invalid};
  TOCSIN_TRY(check_record_limits(config, hello));
  //= RFC 9846 4.3.9 //# servers MUST abort the handshake.
  if (hello.pre_shared_keys && !hello.psk_key_exchange_modes) return Fatal{Reason::extension_missing};  // 4.3.9
  // 9.2, where a PSK would excuse the first two: none is ever accepted here, so they are needed all the same.
  //= RFC 9846 4.3.3 //# then the server MUST abort the handshake with a "missing_extension" alert (see Section
  //= RFC 9846 9.2 //# Such a ClientHello message MUST meet the following requirements:
  //= RFC 9846 9.2 //# which does not conform to these requirements MUST abort the handshake with a
  if (!hello.signature_algorithms || !hello.supported_groups || !hello.key_shares) return Fatal{Reason::extension_missing};
  return check_key_shares(hello);
}

}  // namespace tocsin::handshake::tls13
