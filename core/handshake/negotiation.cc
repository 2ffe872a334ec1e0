#include "core/handshake/negotiation.h"

#include <algorithm>

#include "core/base/list.h"

namespace tocsin::handshake {
namespace {

// RFC 6066 3: a DNS host name in ASCII, without a trailing dot; no literal addresses (a lone numeric name is let pass).
bool is_host_name(ByteView name) {
  if (name.empty() || name.size() > 255 || name.back() == '.') return false;
  return std::all_of(name.begin(), name.end(), [](std::uint8_t c) { return c > 0x20 && c < 0x7f; });
}

Result<Done> check_key_shares(const wire::ClientHello& hello) {
  // RFC 8446 4.2.8: at most one share per group, and only for groups of supported_groups. Only groups known here can matter, so
  // a client that sends thousands of foreign shares costs no more than reading them once.
  std::uint8_t seen = 0;
  for (const wire::KeyShareEntry& share : *hello.key_shares) {
    std::uint8_t bit = 0;
    if (share.group == NamedGroup::x25519) bit = 1;
    if (share.group == NamedGroup::secp256r1) bit = 2;
    if (share.group == NamedGroup::secp384r1) bit = 4;
    if (bit == 0) continue;
    if ((seen & bit) != 0) return Fatal{Reason::key_share_duplicate};
    seen = static_cast<std::uint8_t>(seen | bit);
    if (!hello.supported_groups->contains(share.group)) return Fatal{Reason::key_share_group_wrong};
  }
  return Done{};
}

bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with("*.")) {  // RFC 9525 6.3: a wildcard stands for exactly one label
    const std::size_t dot = name.find('.');
    return dot != std::string_view::npos && dot > 0 && name.substr(dot) == pattern.substr(1);
  }
  return pattern == name;
}

bool is_for_name(const CertifiedKey& certificate, std::string_view name) {
  return std::any_of(certificate.dns_names.begin(), certificate.dns_names.end(),
                     [&](const std::string& pattern) { return matches(pattern, name); });
}

std::optional<SignatureScheme> scheme_for(const CertifiedKey& certificate, const CodeList<SignatureScheme>& accepted,
                                          const CanSign& can_sign) {
  for (const SignatureScheme scheme : accepted)
    if (can_sign(certificate, scheme)) return scheme;
  return std::nullopt;
}

}  // namespace

Result<Done> check_client_hello(const wire::ClientHello& hello) {
  // RFC 8446 D.5: a hello of SSL 3.0 or older is refused whatever else it says.
  if (hello.legacy_version <= 0x0300) return Fatal{Reason::version_unsupported};
  if (hello.server_name && !is_host_name(*hello.server_name)) return Fatal{Reason::server_name_invalid};
  return Done{};
}

bool is_enabled(const CommonConfig& config, ProtocolVersion version) {
  return std::ranges::find(config.versions, version) != config.versions.end();
}

namespace {
// RFC 6347 4.1: later versions have smaller numbers, and there is none but DTLS 1.2 here.
Result<ProtocolVersion> choose_dtls_version(const wire::ClientHello& hello) {
  const bool is_offered = hello.supported_versions
                              ? hello.supported_versions->contains(ProtocolVersion::dtls12)
                              : hello.legacy_version <= static_cast<std::uint16_t>(ProtocolVersion::dtls12);
  if (!is_offered) return Fatal{Reason::version_unsupported};
  return ProtocolVersion::dtls12;
}
}  // namespace

Result<ProtocolVersion> choose_version(const CommonConfig& config, const wire::ClientHello& hello) {
  if (hello.dtls_cookie) return choose_dtls_version(hello);
  constexpr auto fallback_scsv = static_cast<CipherSuite>(0x5600);  // RFC 7507 2
  const auto is_offered = [&](ProtocolVersion version) {
    if (hello.supported_versions) return hello.supported_versions->contains(version);
    // RFC 8446 D.2: without supported_versions the client speaks TLS 1.2 or older, whatever else it says.
    return version == ProtocolVersion::tls12 && hello.legacy_version >= static_cast<std::uint16_t>(version);
  };
  bool is_lower = false;  // than the highest of ours
  for (const ProtocolVersion version : {ProtocolVersion::tls13, ProtocolVersion::tls12}) {
    if (!is_enabled(config, version)) continue;
    if (is_offered(version)) {
      if (is_lower && hello.cipher_suites.contains(fallback_scsv)) return Fatal{Reason::fallback_inappropriate};
      return version;
    }
    is_lower = true;
  }
  return Fatal{Reason::version_unsupported};
}

Result<Done> check_client_hello13(const wire::ClientHello& hello) {
  // RFC 8446 4.1.2: for TLS 1.3 exactly one byte, set to zero.
  if (hello.legacy_compression_methods.size() != 1 || hello.legacy_compression_methods[0] != 0)
    return Fatal{Reason::compression_invalid};
  if (hello.record_size_limit && *hello.record_size_limit < 64) return Fatal{Reason::record_size_limit_invalid};
  if (hello.pre_shared_keys && !hello.psk_key_exchange_modes) return Fatal{Reason::extension_missing};  // 4.2.9
  // 9.2, where a PSK would excuse the first two: none is ever accepted here, so they are needed all the same.
  if (!hello.signature_algorithms || !hello.supported_groups || !hello.key_shares) return Fatal{Reason::extension_missing};
  return check_key_shares(hello);
}

Result<CipherSuite> choose_cipher_suite(const CommonConfig& config, const wire::ClientHello& hello) {
  for (const CipherSuite suite : config.cipher_suites)
    if (version_of(suite) == ProtocolVersion::tls13 && hello.cipher_suites.contains(suite)) return suite;
  return Fatal{Reason::no_common_cipher_suite};
}

Result<GroupChoice> choose_group(const CommonConfig& config, const wire::ClientHello& hello) {
  std::optional<NamedGroup> first_common;
  for (const NamedGroup group : config.groups) {
    if (!hello.supported_groups->contains(group)) continue;
    if (!first_common) first_common = group;
    for (const wire::KeyShareEntry& share : *hello.key_shares)
      if (share.group == group) return GroupChoice{group, share.key_exchange};
  }
  if (!first_common) return Fatal{Reason::no_common_group};
  return GroupChoice{*first_common, std::nullopt};
}

Result<CertificateChoice> choose_certificate(const ServerConfig& config, const wire::ClientHello& hello,
                                             const CanSign& can_sign) {
  if (!hello.signature_algorithms) return Fatal{Reason::no_common_signature_scheme};
  const std::string name = server_name_of(hello);
  std::optional<CertificateChoice> without_name;
  for (const auto& certificate : config.certificates) {
    const std::optional<SignatureScheme> scheme = scheme_for(*certificate, *hello.signature_algorithms, can_sign);
    if (!scheme) continue;
    if (!name.empty() && is_for_name(*certificate, name)) return CertificateChoice{certificate.get(), *scheme};
    if (!without_name) without_name = CertificateChoice{certificate.get(), *scheme};
  }
  if (!without_name) return Fatal{Reason::no_common_signature_scheme};
  return *without_name;
}

CertificateChoice choose_certificate(const ClientConfig& config, const CodeList<SignatureScheme>& requested,
                                     ProtocolVersion version) {
  const auto can_sign = [&](const CertifiedKey& certificate, SignatureScheme scheme) {
    return certificate.key->can_sign_with(scheme, version);
  };
  for (const auto& certificate : config.certificates)
    if (const auto scheme = scheme_for(*certificate, requested, can_sign)) return {certificate.get(), *scheme};
  return {nullptr, SignatureScheme{}};
}

Result<std::string> choose_application_protocol(const CommonConfig& config, const wire::ClientHello& hello) {
  if (config.application_protocols.empty() || !hello.application_protocols) return std::string{};
  for (const std::string& wanted : config.application_protocols)
    for (const ByteView offered : *hello.application_protocols)
      if (text_of(offered) == wanted) return wanted;
  return Fatal{Reason::no_common_application_protocol};
}

Result<std::string> selected_protocol(const ClientConfig& config, ByteView protocol) {
  const auto& offered = config.application_protocols;
  if (offered.empty()) return Fatal{Reason::extension_unsolicited};
  const std::string selected(text_of(protocol));
  if (std::find(offered.begin(), offered.end(), selected) == offered.end())
    return Fatal{Reason::application_protocol_not_offered};
  return selected;
}

std::string server_name_of(const wire::ClientHello& hello) {
  if (!hello.server_name) return {};
  std::string name(text_of(*hello.server_name));
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

Result<Secret> repeated_part_digest(Provider& provider, const wire::ClientHello& hello) {
  Bytes repeated;
  Writer out(repeated);
  out.u16(hello.legacy_version);
  out.bytes(hello.random);
  out.vector8(hello.legacy_session_id);
  out.vector16(hello.cipher_suites.wire());
  out.vector8(hello.legacy_compression_methods);
  for (const wire::Extension& extension : ListView<wire::ExtensionCodec>(hello.extensions)) {
    using enum wire::ExtensionType;
    if (extension.type == key_share || extension.type == early_data || extension.type == cookie ||
        extension.type == pre_shared_key || extension.type == padding)
      continue;
    out.u16(static_cast<std::uint16_t>(extension.type));
    out.vector16(extension.body);
  }
  TOCSIN_TRY_SET(auto hash, provider.hash(HashAlgorithm::sha256));
  TOCSIN_TRY(hash->update(repeated));
  return hash->current();
}

}  // namespace tocsin::handshake
