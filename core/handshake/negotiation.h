#pragma once
// What an end makes of what the other offers or has chosen: pure functions of that and the configuration.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/wire/client_hello.h"
#include "tocsin/config.h"

namespace tocsin::handshake {

/// What every ClientHello must be, whatever the configuration. Reasons: version_unsupported (SSL 3.0 or older),
/// server_name_invalid.
Result<Done> check_client_hello(const wire::ClientHello& hello);

bool is_enabled(const CommonConfig& config, ProtocolVersion version);

/// The highest version that both have (RFC 9846 4.3.1; without supported_versions, RFC 5246 E.1). Reasons: version_unsupported,
/// fallback_inappropriate.
Result<ProtocolVersion> choose_version(const CommonConfig& config, const wire::ClientHello& hello);

/// Reason: no_common_cipher_suite.
Result<CipherSuite> choose_cipher_suite(const CommonConfig& config, const wire::ClientHello& hello);

struct GroupChoice {
  NamedGroup group;
  std::optional<ByteView> client_share;  // none: ask for it with a HelloRetryRequest
};
/// The first common group that has a share, else the first common group. Reason: no_common_group.
Result<GroupChoice> choose_group(const CommonConfig& config, const wire::ClientHello& hello);

struct CertificateChoice {
  const CertifiedKey* certificate;
  SignatureScheme scheme;
};
/// What a peer accepts (RFC 9846 4.3.3).
struct AcceptedSchemes {
  CodeList<SignatureScheme> in_proof;  // signature_algorithms
  CodeList<SignatureScheme> in_chain;  // signature_algorithms_cert, or the same
};

/// What the version and the peer ask of a certificate's key.
using CanSign = std::function<bool(const CertifiedKey& certificate, SignatureScheme scheme)>;

/// What a client answers a CertificateRequest with (RFC 9846 4.5.1.2): null and no scheme if no certificate suits.
CertificateChoice choose_certificate(const ClientConfig& config, const AcceptedSchemes& accepted, const CanSign& can_sign);

/// Of the certificates that can sign with a scheme of the client's signature_algorithms, one for its server name rather than
/// another, then one whose chain is signed as the client wants it rather than another, then the first. Reason:
/// no_common_signature_scheme, also without signature_algorithms, which stands for SHA-1 (RFC 5246 7.4.1.4.1).
Result<CertificateChoice> choose_certificate(const ServerConfig& config, const wire::ClientHello& hello,
                                             const CanSign& can_sign);

/// Whether the client is told that its server name has decided something (RFC 6066 3).
bool acknowledges_server_name(const ServerConfig& config, const wire::ClientHello& hello);

/// Empty without ALPN on either side. Reason: no_common_application_protocol.
Result<std::string> choose_application_protocol(const CommonConfig& config, const wire::ClientHello& hello);

/// What the server chose with ALPN (RFC 7301 3.1). Reasons: extension_unsolicited, application_protocol_not_offered.
Result<std::string> selected_protocol(const ClientConfig& config, ByteView protocol);

/// The name in lower case; empty without one.
std::string server_name_of(const wire::ClientHello& hello);

/// A digest of everything that the second ClientHello must repeat (RFC 9846 4.2.2): all but key_share, early_data, cookie,
/// pre_shared_key and padding.
Result<Secret> repeated_part_digest(Provider& provider, const wire::ClientHello& hello);

}  // namespace tocsin::handshake
