#pragma once
// A configuration that every stack can be given, so that two of them are set up alike.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/role.h"
#include "tocsin/config.h"

namespace tocsin::stacks {

using tocsin::Role;

enum class CertificateKind : std::uint8_t { ecdsa_p256, ecdsa_p384, ecdsa_p521, ed25519, rsa2048 };
inline constexpr CertificateKind all_certificate_kinds[] = {CertificateKind::ecdsa_p256, CertificateKind::ecdsa_p384,
                                                            CertificateKind::ecdsa_p521, CertificateKind::ed25519,
                                                            CertificateKind::rsa2048};
/// The name of its file in harnesses/testdata: "server-ecdsa-p256".
std::string_view file_name_of(CertificateKind kind);
/// What its key can sign with: in TLS 1.2 a scheme of ECDSA does not name the curve.
std::vector<SignatureScheme> schemes_of(CertificateKind kind, ProtocolVersion version = ProtocolVersion::tls13);

enum class ClientCertificate : std::uint8_t { none, ecdsa_p256, ed25519, rsa2048, expired, for_servers, of_another_authority };
inline constexpr ClientCertificate all_client_certificates[] = {ClientCertificate::none,
                                                                ClientCertificate::ecdsa_p256,
                                                                ClientCertificate::ed25519,
                                                                ClientCertificate::rsa2048,
                                                                ClientCertificate::expired,
                                                                ClientCertificate::for_servers,
                                                                ClientCertificate::of_another_authority};
/// As those of servers; empty for none.
std::string_view file_name_of(ClientCertificate certificate);
std::vector<SignatureScheme> schemes_of(ClientCertificate certificate, ProtocolVersion version = ProtocolVersion::tls13);
/// Whether a server that asks for a certificate takes this one.
bool is_trusted(ClientCertificate certificate);

/// The time at which all peers live: the test certificates are valid then.
inline constexpr UnixSeconds peers_now{1'750'000'000};

/// How long their sessions live, where there are some.
inline constexpr std::uint32_t peers_session_lifetime_s = 85 * 85;

/// Of the preferences: versions are those over streams, over datagrams there is DTLS 1.2; a suite of TLS 1.3 stands for those
/// of TLS 1.2 with its AEAD as well, see suites_of; a server's signature_schemes are for the client's certificate. OpenSSL 3.0
/// does not know record_size_limit, and always prefers extended_master_secret.
struct PeerConfig : Preferences {
  PeerConfig();  // with the suites of TLS 1.3

  std::string server_name = "localhost";                                    // client
  CertificateKind certificate = CertificateKind::ecdsa_p256;                // server
  ClientAuthentication client_authentication = ClientAuthentication::none;  // server
  ClientCertificate client_certificate = ClientCertificate::none;           // client
  std::size_t key_shares = 1;                                               // client; OpenSSL: always 1
  bool middlebox_compatibility = true;
  std::size_t mtu_bytes = 1200;  // DTLS: of a datagram, without the headers below it; OpenSSL: at least 228
  bool cookie_exchange = true;   // DTLS server
  // Of tocsin alone; OpenSSL resumes nothing here.
  std::shared_ptr<SessionStore> sessions;
  Bytes ticket_secret;  // server
  UnixSeconds now = peers_now;
  std::optional<std::uint8_t> server_connection_id_bytes;  // DTLS (RFC 9146); OpenSSL: unknown to it
  std::optional<std::uint8_t> client_connection_id_bytes;  // likewise

  friend bool operator==(const PeerConfig&, const PeerConfig&) = default;
};

bool speaks(const PeerConfig& config, ProtocolVersion version);
/// The suites of TLS 1.2 that these stand for: of each AEAD that for ECDSA before that for RSA.
std::vector<CipherSuite> tls12_suites_of(const std::vector<CipherSuite>& suites);
/// The suites of all versions of a configuration.
std::vector<CipherSuite> suites_of(const PeerConfig& config);

}  // namespace tocsin::stacks
