#pragma once
// What IANA calls the code points of TLS (https://www.iana.org/assignments/tls-parameters, tls-extensiontype-values), and
// GREASE.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tocsin::dissect {

struct CodePoint {
  std::uint32_t code;
  std::string_view name;
};

/// Which values of a registry RFC 8701 sets aside, so that no peer may rely on them.
enum class Grease : std::uint8_t { none, one_byte, two_bytes };

struct Registry {
  std::span<const CodePoint> rows;  // in rising order
  Grease grease = Grease::none;

  /// The registered name, "GREASE", or empty.
  std::string_view find(std::uint64_t code) const;
};

extern const Registry alert_descriptions, alert_levels, certificate_status_types, change_cipher_specs, cipher_suites,
    compression_algorithms, compression_methods, content_types, ec_point_formats, ech_client_hello_types, extension_types,
    handshake_types, key_update_requests, max_fragment_lengths, named_groups, name_types, psk_key_exchange_modes,
    signature_schemes, versions;

/// For people: "x25519 (0x001d)", "handshake (22)", "unknown (0x1234)".
std::string described(const Registry& registry, std::uint64_t code, std::size_t size_bytes);

}  // namespace tocsin::dissect
