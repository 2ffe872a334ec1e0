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

//= RFC 9846 4.5.1.2 //# The end-entity certificate MUST allow the key to be used for signing with a signature
//= RFC 9846 4.5.2 //# the signature algorithm MUST be one offered in the client's "signature_algorithms"
//= RFC 9846 4.5.2 //# the signature algorithm used in the signature MUST be one of those present in the
std::optional<SignatureScheme> scheme_for(const CertifiedKey& certificate, const CodeList<SignatureScheme>& accepted,
                                          const CanSign& can_sign) {
  for (const SignatureScheme scheme : accepted)
    if (can_sign(certificate, scheme)) return scheme;
  return std::nullopt;
}

/// How well the signatures in a chain suit a peer (RFC 9846 4.5.1.2).
enum class ChainFit : std::uint8_t { unacceptable, fallback, advertised };

//= RFC 9846 4.3.3 //# TLS 1.3 servers MUST NOT offer a SHA-1 signed certificate unless no valid certificate
//= RFC 9846 4.5.1.2 //# All certificates provided by the sender MUST be signed by a signature algorithm
//= RFC 9846 4.5.1.2 //# This fallback chain MUST NOT use the deprecated SHA-1 hash, unless the client
//= RFC 9846 9.2 //# a TLS-compliant application MUST implement the following TLS extensions:
ChainFit fit_of(const CertifiedKey& certificate, const CodeList<SignatureScheme>& accepted) {
  const auto is_over_md5_or_sha1 = [](SignatureScheme scheme) {  // RFC 5246 7.4.1.4.1: the first byte is the hash
    const auto hash = static_cast<std::uint16_t>(scheme) >> 8;
    return hash == 1 || hash == 2;
  };
  ChainFit fit = ChainFit::advertised;
  for (const SignatureScheme scheme : certificate.chain_schemes) {
    if (accepted.contains(scheme)) continue;
    if (is_over_md5_or_sha1(scheme)) return ChainFit::unacceptable;
    fit = ChainFit::fallback;
  }
  return fit;
}

/// The first of the certificates with the highest rank; null if none can sign, or none has an acceptable chain.
CertificateChoice choose_best(const std::vector<std::shared_ptr<const CertifiedKey>>& certificates,
                              const AcceptedSchemes& accepted, const CanSign& can_sign,
                              const std::function<bool(const CertifiedKey&)>& is_named) {
  CertificateChoice best{nullptr, SignatureScheme{}};
  int best_rank = -1;
  for (const auto& certificate : certificates) {
    const std::optional<SignatureScheme> scheme = scheme_for(*certificate, accepted.in_proof, can_sign);
    const ChainFit fit = fit_of(*certificate, accepted.in_chain);
    if (!scheme || fit == ChainFit::unacceptable) continue;
    const int rank = (is_named(*certificate) ? 2 : 0) + (fit == ChainFit::advertised ? 1 : 0);
    if (rank <= best_rank) continue;
    best = {certificate.get(), *scheme};
    best_rank = rank;
  }
  return best;
}

}  // namespace

Result<Done> check_client_hello(const wire::ClientHello& hello) {
  // RFC 9846 E.5: a hello of SSL 3.0 or older is refused whatever else it says.
  if (hello.legacy_version <= 0x0300) return Fatal{Reason::version_unsupported};
  if (const auto name = hello.host_name(); name && !is_host_name(*name)) return Fatal{Reason::server_name_invalid};
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

//= RFC 9846 4.3.1 //# servers MUST NOT use the ClientHello.legacy_version value for version negotiation and
//= RFC 9846 4.3.1 //# Servers MUST only select a version of TLS present in that extension and MUST ignore any
//= RFC 9846 4.3.1 //# Servers MUST be prepared to receive ClientHellos that include this extension but do not
//= RFC 9846 E.2 //# If the "supported_versions" extension is present, the server MUST negotiate using that
//= RFC 9846 E.5 //# [RFC7568], and [RFC8996] and they MUST NOT be negotiated for any reason.
Result<ProtocolVersion> choose_version(const CommonConfig& config, const wire::ClientHello& hello) {
  if (hello.dtls_cookie) return choose_dtls_version(hello);
  constexpr auto fallback_scsv = static_cast<CipherSuite>(0x5600);  // RFC 7507 2
  const auto is_offered = [&](ProtocolVersion version) {
    if (hello.supported_versions) return hello.supported_versions->contains(version);
    // RFC 9846 E.2: without supported_versions the client speaks TLS 1.2 or older, whatever else it says.
    //= RFC 9846 4.3.1 //# and which also support TLS 1.2 MUST negotiate TLS 1.2 or prior as specified in
    //= RFC 9846 E.2 //# the server MUST negotiate the minimum of ClientHello.legacy_version and TLS 1.2.
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
  //= RFC 9846 E.2 //# the server MUST abort the handshake with a "protocol_version" alert.
  return Fatal{Reason::version_unsupported};
}

//= RFC 9846 2.1 //# the server MUST abort the handshake with an appropriate alert.
//= RFC 9846 4.2.1 //# and server parameters), it MUST abort the handshake with either a "handshake_failure"
//= RFC 9846 4.2.2 //# support, or wish to use, the server MUST ignore those cipher suites and process the
Result<CipherSuite> choose_cipher_suite(const CommonConfig& config, const wire::ClientHello& hello) {
  for (const CipherSuite suite : config.cipher_suites)
    if (version_of(suite) == ProtocolVersion::tls13 && hello.cipher_suites.contains(suite)) return suite;
  return Fatal{Reason::no_common_cipher_suite};
}

Result<GroupChoice> choose_group(const CommonConfig& config, const wire::ClientHello& hello) {
  std::optional<NamedGroup> first_common;
  for (const NamedGroup group : config.groups) {
    //= RFC 9846 4.3.8 //# Servers MUST NOT send a KeyShareEntry for any group not indicated in the client's
    if (!hello.supported_groups->contains(group)) continue;
    if (!first_common) first_common = group;
    for (const wire::KeyShareEntry& share : *hello.key_shares)
      if (share.group == group) return GroupChoice{group, share.key_exchange};
  }
  //= RFC 9846 4.2.1 //# and the groups supported by the server, then the server MUST abort the handshake with a
  if (!first_common) return Fatal{Reason::no_common_group};
  return GroupChoice{*first_common, std::nullopt};
}

Result<CertificateChoice> choose_certificate(const ServerConfig& config, const wire::ClientHello& hello,
                                             const CanSign& can_sign) {
  if (!hello.signature_algorithms) return Fatal{Reason::no_common_signature_scheme};
  const std::string name = server_name_of(hello);
  const AcceptedSchemes accepted{*hello.signature_algorithms,
                                 hello.signature_algorithms_cert.value_or(*hello.signature_algorithms)};
  const CertificateChoice best = choose_best(config.certificates, accepted, can_sign, [&](const CertifiedKey& certificate) {
    return !name.empty() && is_for_name(certificate, name);
  });
  if (best.certificate == nullptr) return Fatal{Reason::no_common_signature_scheme};
  return best;
}

CertificateChoice choose_certificate(const ClientConfig& config, const AcceptedSchemes& accepted, const CanSign& can_sign) {
  return choose_best(config.certificates, accepted, can_sign, [](const CertifiedKey&) { return true; });
}

bool acknowledges_server_name(const ServerConfig& config, const wire::ClientHello& hello) {
  if (!hello.host_name()) return false;
  return config.server_name_use == ServerNameUse::configuration || config.certificates.size() > 1;
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
  std::string name(text_of(hello.host_name().value_or(ByteView{})));
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
