#pragma once
// What the command line says, as plain data, and how it becomes a configuration of the core.
#include <cstdint>
#include <string>
#include <vector>

#include "harnesses/tool/tls/session.h"
#include "tocsin/config.h"

namespace tocsin::tool {

struct CommonOptions {
  Preferences preferences;            // as far as the lists below say nothing
  std::string application_protocols;  // a list: separated by commas
  std::string versions;               // a list, or empty for the default
  std::string groups;                 // a list, or empty for the default
  std::string cipher_suites;          // a list, or empty for the default
  std::string key_log_path;
  std::uint32_t handshake_timeout_ms = 10'000;
  std::uint32_t idle_timeout_ms = 0;
  std::string export_label;  // empty: export nothing
  std::uint16_t export_bytes = 32;
  bool is_verbose = false;
  bool is_dtls = false;                   // DTLS 1.2, over UDP
  std::size_t datagram_bytes_max = 1200;  // of DTLS
  std::uint32_t session_lifetime_s = CommonConfig{}.session_lifetime_s;
  std::optional<std::uint8_t> connection_id_bytes;
};

/// "x25519,P-256" as groups; colons separate, too. UsageError for an unknown or a repeated name, and for an empty list.
std::vector<NamedGroup> parse_groups(std::string_view list);
std::vector<CipherSuite> parse_cipher_suites(std::string_view list);
std::vector<ProtocolVersion> parse_versions(std::string_view list);
/// Commas separate. UsageError for a name that is not 1 to 255 bytes long.
std::vector<std::string> parse_application_protocols(std::string_view list);

/// The pairs of certificate chain and key. UsageError for what cannot be read, and unless there is one key for each
/// certificate.
std::vector<std::shared_ptr<const CertifiedKey>> load_certificates(const std::vector<std::string>& certificate_paths,
                                                                   const std::vector<std::string>& key_paths);

/// The provider, and everything that options ask for. UsageError if that is not possible.
void apply(const CommonOptions& options, CommonConfig& config);
Timeouts timeouts_of(const CommonOptions& options);

}  // namespace tocsin::tool
