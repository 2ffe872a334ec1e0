#include "harnesses/tool/tls/options.h"

#include <openssl/x509.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/diagnostics.h"
#include "harnesses/tool/net/sockets.h"
#include "harnesses/tool/tls/private_file.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::tool {
namespace {

template <class Value>
struct Named {
  std::string_view name;
  Value value;
};

constexpr Named<NamedGroup> group_names[] = {
    {"x25519", NamedGroup::x25519},   {"secp256r1", NamedGroup::secp256r1},  {"p-256", NamedGroup::secp256r1},
    {"p256", NamedGroup::secp256r1},  {"prime256v1", NamedGroup::secp256r1}, {"secp384r1", NamedGroup::secp384r1},
    {"p-384", NamedGroup::secp384r1}, {"p384", NamedGroup::secp384r1},
};

constexpr Named<CipherSuite> suite_names[] = {
    {"tls_aes_128_gcm_sha256", CipherSuite::aes_128_gcm_sha256},
    {"tls_aes_256_gcm_sha384", CipherSuite::aes_256_gcm_sha384},
    {"tls_chacha20_poly1305_sha256", CipherSuite::chacha20_poly1305_sha256},
    {"tls_ecdhe_ecdsa_with_aes_128_gcm_sha256", CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256},
    {"tls_ecdhe_ecdsa_with_aes_256_gcm_sha384", CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384},
    {"tls_ecdhe_ecdsa_with_chacha20_poly1305_sha256", CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256},
    {"tls_ecdhe_rsa_with_aes_128_gcm_sha256", CipherSuite::ecdhe_rsa_aes_128_gcm_sha256},
    {"tls_ecdhe_rsa_with_aes_256_gcm_sha384", CipherSuite::ecdhe_rsa_aes_256_gcm_sha384},
    {"tls_ecdhe_rsa_with_chacha20_poly1305_sha256", CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256},
};

constexpr Named<ProtocolVersion> version_names[] = {
    {"1.2", ProtocolVersion::tls12},
    {"1.3", ProtocolVersion::tls13},
};

std::vector<std::string> split(std::string_view list, std::string_view separators) {
  std::vector<std::string> parts;
  for (std::size_t start = 0;;) {
    const auto end = list.find_first_of(separators, start);
    parts.emplace_back(list.substr(start, end - start));
    if (end == list.npos) return parts;
    start = end + 1;
  }
}

bool equal_in_any_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == y; });
}

// A function that appends a line to the file, in SSLKEYLOGFILE format, for Wireshark: whoever has the file can read the
// connections. Every line is written at once, so that processes can share it.
std::function<void(std::string_view line)> open_key_log(const std::string& path) {
  const auto file = std::make_shared<Descriptor>(open_private_file(path, FileUse::append, "key log"));
  return [file, path](std::string_view line) {
    const std::string whole = std::string(line) + "\n";
    const IoResult written = write_some(file->get(), bytes_of(whole));
    if (written.bytes != whole.size()) diagnostics().say("tocsin: cannot write to the key log " + path);
  };
}

template <class Value, std::size_t n>
std::vector<Value> parse_names(std::string_view list, const Named<Value> (&names)[n], const std::string& what) {
  std::vector<Value> values;
  for (const std::string& part : split(list, ",:")) {
    const auto* found = std::find_if(std::begin(names), std::end(names),
                                     [&](const Named<Value>& known) { return equal_in_any_case(part, known.name); });
    if (found == std::end(names)) throw UsageError("unknown " + what + " '" + part + "'");
    if (std::find(values.begin(), values.end(), found->value) != values.end()) {
      throw UsageError(what + " '" + part + "' stands twice in the list");
    }
    values.push_back(found->value);
  }
  return values;
}

// A suite belongs to one version (RFC 9846 4.3.1, B.4): one that no enabled version has would only make handshakes fail.
void check_suites(const CommonConfig& config, bool is_dtls) {
  for (const CipherSuite suite : config.cipher_suites) {
    const ProtocolVersion version = version_of(suite);
    const bool is_enabled = is_dtls ? version == ProtocolVersion::tls12
                                    : std::ranges::find(config.versions, version) != config.versions.end();
    if (!is_enabled) throw UsageError("no enabled version has the cipher suite " + std::string(name_of(suite)) + " (--tls)");
  }
}

constexpr std::size_t chain_certificates_max = 100;  // what libcrypto verifies at most, unless told otherwise

// What a peer would refuse each time is worth a word before the first comes.
void look_at_chain(const CertifiedKey& pair, const std::string& path) {
  if (pair.chain.size() > chain_certificates_max)
    throw UsageError("too many certificates in " + path + ": " + std::to_string(pair.chain.size()) + ", at most " +
                     std::to_string(chain_certificates_max));
  for (const Bytes& certificate : pair.chain) {
    const std::uint8_t* der = certificate.data();
    const std::unique_ptr<X509, decltype(&X509_free)> read(d2i_X509(nullptr, &der, static_cast<long>(certificate.size())),
                                                           &X509_free);
    if (read == nullptr) continue;
    if (X509_cmp_current_time(X509_get0_notAfter(read.get())) < 0)
      diagnostics().say("tocsin: a certificate in " + path + " has expired: " + subject_of(certificate));
    if (X509_cmp_current_time(X509_get0_notBefore(read.get())) > 0)
      diagnostics().say("tocsin: a certificate in " + path + " is not valid yet: " + subject_of(certificate));
  }
}

}  // namespace

std::vector<NamedGroup> parse_groups(std::string_view list) { return parse_names(list, group_names, "group"); }

std::vector<CipherSuite> parse_cipher_suites(std::string_view list) { return parse_names(list, suite_names, "cipher suite"); }

std::vector<ProtocolVersion> parse_versions(std::string_view list) {
  return parse_names(list, version_names, "version of TLS");
}

std::vector<std::string> parse_application_protocols(std::string_view list) {
  auto names = split(list, ",");
  for (const std::string& name : names) {
    if (name.empty() || name.size() > 255) throw UsageError("an ALPN name must have 1 to 255 bytes: '" + name + "'");
  }
  return names;
}

std::vector<std::shared_ptr<const CertifiedKey>> load_certificates(const std::vector<std::string>& certificate_paths,
                                                                   const std::vector<std::string>& key_paths) {
  if (certificate_paths.size() != key_paths.size()) throw UsageError("every --cert needs its own --key");
  std::vector<std::shared_ptr<const CertifiedKey>> certificates;
  for (std::size_t i = 0; i < key_paths.size(); ++i) {
    auto pair = certified_key_from_files(certificate_paths[i], key_paths[i]);
    if (!pair) throw UsageError(pair.error().message);
    look_at_chain(**pair, certificate_paths[i]);
    certificates.push_back(*pair);
  }
  return certificates;
}

void apply(const CommonOptions& options, CommonConfig& config) {
  auto provider = make_openssl_provider();
  if (!provider) throw UsageError(provider.error().message);
  config.provider = *provider;
  static_cast<Preferences&>(config) = options.preferences;
  if (!options.cipher_suites.empty()) config.cipher_suites = parse_cipher_suites(options.cipher_suites);
  if (!options.versions.empty()) config.versions = parse_versions(options.versions);
  if (!options.cipher_suites.empty()) check_suites(config, options.is_dtls);
  if (!options.groups.empty()) config.groups = parse_groups(options.groups);
  if (!options.application_protocols.empty()) {
    config.application_protocols = parse_application_protocols(options.application_protocols);
  }
  if (!options.key_log_path.empty()) config.key_log = open_key_log(options.key_log_path);
  config.datagram_bytes_max = options.datagram_bytes_max;
  config.session_lifetime_s = options.session_lifetime_s;
  config.connection_id_bytes = options.connection_id_bytes;
}

Timeouts timeouts_of(const CommonOptions& options) {
  Timeouts timeouts;
  timeouts.handshake = std::chrono::milliseconds(options.handshake_timeout_ms);
  timeouts.idle = std::chrono::milliseconds(options.idle_timeout_ms);
  return timeouts;
}

}  // namespace tocsin::tool
