#include "core/handshake/tls12/negotiation.h"

#include <algorithm>

#include "core/handshake/record_limits.h"

namespace tocsin::handshake::tls12 {
namespace {

bool is_rsa(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::rsa_pkcs1_sha256:
    case SignatureScheme::rsa_pkcs1_sha384:
    case SignatureScheme::rsa_pkcs1_sha512:
    case SignatureScheme::rsa_pss_rsae_sha256:
    case SignatureScheme::rsa_pss_rsae_sha384:
    case SignatureScheme::rsa_pss_rsae_sha512:
      return true;
    case SignatureScheme::ecdsa_secp256r1_sha256:
    case SignatureScheme::ecdsa_secp384r1_sha384:
    case SignatureScheme::ecdsa_secp521r1_sha512:
    case SignatureScheme::ed25519:
      break;
  }
  return false;
}

bool is_rsa(CipherSuite suite) {
  return suite == CipherSuite::ecdhe_rsa_aes_128_gcm_sha256 || suite == CipherSuite::ecdhe_rsa_aes_256_gcm_sha384 ||
         suite == CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256;
}

Result<NamedGroup> choose_group(const CommonConfig& config, const wire::ClientHello& hello) {
  // RFC 8422 4: a client without the extension takes any, and P-256 is what every old one knows.
  const auto is_offered = [&](NamedGroup group) {
    return hello.supported_groups ? hello.supported_groups->contains(group) : group == NamedGroup::secp256r1;
  };
  const auto found = std::ranges::find_if(config.groups, is_offered);
  if (found == config.groups.end()) return Fatal{Reason::no_common_group};
  return *found;
}

/// RFC 8422 5.1.1: the client's groups are also the curves that it takes in an ECDSA certificate. Its schemes in TLS 1.3 tell
/// the curve of a key.
bool is_of_offered_curve(const SigningKey& key, const wire::ClientHello& hello) {
  if (!hello.supported_groups) return true;
  constexpr std::pair<SignatureScheme, NamedGroup> curves[] = {
      {SignatureScheme::ecdsa_secp256r1_sha256, NamedGroup::secp256r1},
      {SignatureScheme::ecdsa_secp384r1_sha384, NamedGroup::secp384r1},
      {SignatureScheme::ecdsa_secp521r1_sha512, static_cast<NamedGroup>(0x0019)},
  };
  for (const auto& [scheme, curve] : curves)
    if (key.can_sign_with(scheme, ProtocolVersion::tls13)) return hello.supported_groups->contains(curve);
  return true;  // not ECDSA
}

}  // namespace

Result<Done> check_client_hello(const ServerConfig& config, const wire::ClientHello& hello) {
  constexpr std::uint8_t null_method = 0, uncompressed = 0;
  //= RFC 9846 4.2.2 //# and (if negotiating such a prior version) MUST follow the procedures for the
  //= RFC 9846 4.3.3 //# TLS 1.3 implementations willing to negotiate TLS 1.2 MUST behave in accordance with the
  if (std::ranges::find(hello.legacy_compression_methods, null_method) == hello.legacy_compression_methods.end())
    return Fatal{Reason::compression_invalid};
  if (hello.ec_point_formats && std::ranges::find(*hello.ec_point_formats, uncompressed) == hello.ec_point_formats->end())
    return Fatal{Reason::point_formats_invalid};
  if (hello.renegotiated_connection && !hello.renegotiated_connection->empty())  // RFC 5746 3.6
    return Fatal{Reason::renegotiation_info_invalid};
  TOCSIN_TRY(check_record_limits(config, hello));
  if (!hello.extended_master_secret && config.extended_master_secret == ExtendedMasterSecret::required)
    return Fatal{Reason::extended_master_secret_missing};
  return Done{};
}

bool knows_secure_renegotiation(const wire::ClientHello& hello) {
  constexpr auto empty_renegotiation_info_scsv = static_cast<CipherSuite>(0x00ff);
  return hello.renegotiated_connection.has_value() || hello.cipher_suites.contains(empty_renegotiation_info_scsv);
}

std::size_t peer_connection_id_bytes_max(const CommonConfig& config) {
  constexpr std::size_t left_bytes_min = 192;  // of the smallest datagram, for everything else
  return std::min(config.limits.connection_id_bytes_max,
                  config.datagram_bytes_max - std::min(config.datagram_bytes_max, left_bytes_min));
}

bool accepts_connection_id(const ServerConfig& config, const wire::ClientHello& hello) {
  return config.connection_id_bytes && hello.connection_id &&
         hello.connection_id->size() <= peer_connection_id_bytes_max(config);
}

void note_connection_ids(ByteView own, ByteView peers, Negotiated& negotiated) {
  negotiated.connection_id.assign(own.begin(), own.end());
  negotiated.peer_connection_id.assign(peers.begin(), peers.end());
}

bool signs_for(SignatureScheme scheme, CipherSuite suite) { return is_rsa(scheme) == is_rsa(suite); }

bool is_of_requested_type(SignatureScheme scheme, ByteView certificate_types) {
  return std::ranges::find(certificate_types, is_rsa(scheme) ? rsa_sign : ecdsa_sign) != certificate_types.end();
}

Result<Choices> negotiate(const ServerConfig& config, const wire::ClientHello& hello) {
  TOCSIN_TRY_SET(std::string protocol, choose_application_protocol(config, hello));
  TOCSIN_TRY_SET(const NamedGroup group, choose_group(config, hello));
  Reason why_not = Reason::no_common_cipher_suite;
  for (const CipherSuite suite : config.cipher_suites) {
    if (version_of(suite) != ProtocolVersion::tls12 || !hello.cipher_suites.contains(suite)) continue;
    const auto certificate = choose_certificate(config, hello, [&](const CertifiedKey& key, SignatureScheme scheme) {
      return signs_for(scheme, suite) && key.key->can_sign_with(scheme, ProtocolVersion::tls12) &&
             is_of_offered_curve(*key.key, hello);
    });
    if (certificate) return Choices{suite, group, *certificate, std::move(protocol)};
    why_not = Reason::no_common_signature_scheme;
  }
  return Fatal{why_not};
}

}  // namespace tocsin::handshake::tls12
