#pragma once
// Files and PEM for the loaders. Names and paths are for messages.
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/openssl/support.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::crypto {

/// kind: what the file should hold, as in "cannot read key file 'x': ...".
Result<std::string, ConfigError> read_file(std::string_view kind, const std::string& path);

/// At least one; other PEM blocks between them are passed over.
Result<std::vector<CertificatePtr>, ConfigError> certificates_from_pem(std::string_view pem, std::string_view name);

/// The first private key. Never asks anyone for a passphrase.
Result<KeyPtr, ConfigError> private_key_from_pem(std::string_view pem, std::string_view name);

}  // namespace tocsin::crypto
