#include "core/crypto/openssl/pem.h"

#include <openssl/pem.h>

#include <cerrno>
#include <cstdio>
#include <limits>
#include <system_error>

namespace tocsin::crypto {
namespace {

constexpr std::size_t file_bytes_max = 16u << 20;  // far above any bundle of authorities

ConfigError config_error(std::string_view name, std::string_view what) {
  return ConfigError{std::string(name).append(": ").append(what)};
}

BioPtr open_memory(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

bool at_end_of_pem() {
  const unsigned long error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

/// libcrypto's passphrase callback: notes that it was asked, and has none to give.
int refuse_passphrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

}  // namespace

Result<std::string, ConfigError> read_file(std::string_view kind, const std::string& path) {
  const auto cannot = [&](std::string_view why) {
    return ConfigError{std::string("cannot read ").append(kind).append(" file '").append(path).append("': ").append(why)};
  };
  const std::unique_ptr<std::FILE, Free<std::fclose>> file(std::fopen(path.c_str(), "rb"));
  if (!file) return cannot(std::generic_category().message(errno));
  std::string text;
  char block[4096];
  for (std::size_t got; (got = std::fread(block, 1, sizeof block, file.get())) > 0;) {
    text.append(block, got);
    if (text.size() > file_bytes_max) return cannot("it is larger than 16 MiB");
  }
  if (std::ferror(file.get()) != 0) return cannot(std::generic_category().message(errno));
  return text;
}

Result<std::vector<CertificatePtr>, ConfigError> certificates_from_pem(std::string_view pem, std::string_view name) {
  ERR_clear_error();
  const BioPtr bio = open_memory(pem);
  std::vector<CertificatePtr> certificates;
  while (bio) {
    CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) break;
    certificates.push_back(std::move(certificate));
  }
  if (!at_end_of_pem()) {
    return config_error(name, "certificate " + std::to_string(certificates.size() + 1) + " cannot be parsed: " + error_text() +
                                  "; check that the file is complete");
  }
  ERR_clear_error();
  if (certificates.empty()) {
    return config_error(name, "no certificate in PEM form found; expected \"-----BEGIN CERTIFICATE-----\"");
  }
  return certificates;
}

Result<KeyPtr, ConfigError> private_key_from_pem(std::string_view pem, std::string_view name) {
  ERR_clear_error();
  const BioPtr bio = open_memory(pem);
  bool passphrase_asked = false;
  KeyPtr key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_passphrase, &passphrase_asked) : nullptr);
  if (key) {
    ERR_clear_error();
    return key;
  }
  const std::string why = error_text();
  if (passphrase_asked)
    return config_error(name, "the private key is encrypted with a passphrase; decrypt it first, as with \"openssl pkey\"");
  if (pem.find("PRIVATE KEY-----") == std::string_view::npos)
    return config_error(name, "no private key in PEM form found; expected \"-----BEGIN PRIVATE KEY-----\"");
  return config_error(name, "the private key cannot be parsed: " + why + "; check that the file is complete");
}

}  // namespace tocsin::crypto
