#pragma once
// What a server makes of a ClientHello: pure functions of the offer and the configuration.
#include <memory>
#include <optional>
#include <string>

#include "core/wire/client_hello.h"
#include "tocsin/config.h"

namespace tocsin::handshake {

/// What every ClientHello must be, whatever the configuration (RFC 8446 4.1.2, 4.2, 9.2). Reasons: version_unsupported (no
/// supported_versions, so an older TLS), compression_invalid, extension_missing, server_name_invalid,
/// record_size_limit_invalid, key_share_duplicate, key_share_group_wrong.
Result<Done> check_client_hello(const wire::ClientHello& hello);

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
/// What a client answers a CertificateRequest with (RFC 8446 4.4.2.3): null and no scheme if no certificate suits.
CertificateChoice choose_certificate(const ClientConfig& config, const CodeList<SignatureScheme>& requested);

/// Reason: no_common_signature_scheme.
Result<CertificateChoice> choose_certificate(const ServerConfig& config, const wire::ClientHello& hello);

/// Empty without ALPN on either side. Reason: no_common_application_protocol.
Result<std::string> choose_application_protocol(const CommonConfig& config, const wire::ClientHello& hello);

/// The name in lower case; empty without one.
std::string server_name_of(const wire::ClientHello& hello);

/// A digest of everything that the second ClientHello must repeat (RFC 8446 4.1.2): all but key_share, early_data, cookie,
/// pre_shared_key and padding.
Result<Secret> repeated_part_digest(Provider& provider, const wire::ClientHello& hello);

}  // namespace tocsin::handshake
