#pragma once
// What a server makes of a ClientHello for which TLS 1.2 was chosen, and what both ends know of suites: pure functions.
#include <array>

#include "core/handshake/negotiation.h"
#include "tocsin/negotiated.h"

namespace tocsin::handshake::tls12 {

/// The null compression method, the uncompressed point format, and the renegotiation_info of a first handshake, as the client
/// offers them. Reasons: compression_invalid (RFC 5246 7.4.1.2), point_formats_invalid, renegotiation_info_invalid,
/// extended_master_secret_missing, and those of check_record_limits.
Result<Done> check_client_hello(const ServerConfig& config, const wire::ClientHello& hello);

/// Whether the client knows RFC 5746: by the extension or by TLS_EMPTY_RENEGOTIATION_INFO_SCSV.
bool knows_secure_renegotiation(const wire::ClientHello& hello);

/// The longest connection id that the peer may have us put into records: by the limit, and by what datagrams have room for.
std::size_t peer_connection_id_bytes_max(const CommonConfig& config);

/// Whether a client's offer of connection ids is taken up (RFC 9146 3).
bool accepts_connection_id(const ServerConfig& config, const wire::ClientHello& hello);

/// What both have said: own is on the peer's records, peers on ours (RFC 9146 3).
void note_connection_ids(ByteView own, ByteView peers, Negotiated& negotiated);

/// Whether a suite's certificates sign with this scheme (RFC 8422 2): ECDSA and Ed25519, or RSA.
bool signs_for(SignatureScheme scheme, CipherSuite suite);

/// ClientCertificateType (RFC 5246 7.4.4, RFC 8422 5.5), of those that sign. The second is for ECDSA and EdDSA.
constexpr std::uint8_t rsa_sign = 1, ecdsa_sign = 64;
/// Whether a certificate that signs with this scheme is of one of the types that a CertificateRequest lists (RFC 5246 7.4.6).
bool is_of_requested_type(SignatureScheme scheme, ByteView certificate_types);

/// The last bytes of a server's random that say: it could have spoken TLS 1.3 (RFC 9846 4.2.3). "DOWNGRD" and 1.
using DowngradeSentinel = std::array<std::uint8_t, 8>;
constexpr DowngradeSentinel downgrade_sentinel_of_tls12{0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01};
constexpr DowngradeSentinel downgrade_sentinel_of_tls11{0x44, 0x4f, 0x57, 0x4e,
                                                        0x47, 0x52, 0x44, 0x00};  // of TLS 1.1 and before

struct Choices {
  CipherSuite suite;
  NamedGroup group;
  CertificateChoice certificate;
  std::string application_protocol;
};
/// Reasons: no_common_cipher_suite, no_common_group, no_common_signature_scheme, no_common_application_protocol.
Result<Choices> negotiate(const ServerConfig& config, const wire::ClientHello& hello);

}  // namespace tocsin::handshake::tls12
