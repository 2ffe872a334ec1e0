#include "harnesses/dissect/registries.h"

#include <algorithm>
#include <cstdio>

#include "harnesses/dissect/node.h"

namespace tocsin::dissect {
namespace {

constexpr CodePoint content_type_rows[] = {
    {20, "change_cipher_spec"}, {21, "alert"},     {22, "handshake"}, {23, "application_data"},
    {24, "heartbeat"},          {25, "tls12_cid"}, {26, "ACK"}};
constexpr CodePoint version_rows[] = {{0x0002, "SSL 2.0"},  {0x0300, "SSL 3.0"},  {0x0301, "TLS 1.0"},
                                      {0x0302, "TLS 1.1"},  {0x0303, "TLS 1.2"},  {0x0304, "TLS 1.3"},
                                      {0xfefc, "DTLS 1.3"}, {0xfefd, "DTLS 1.2"}, {0xfeff, "DTLS 1.0"}};
constexpr CodePoint handshake_type_rows[] = {{0, "hello_request"},
                                             {1, "client_hello"},
                                             {2, "server_hello"},
                                             {3, "hello_verify_request"},
                                             {4, "new_session_ticket"},
                                             {5, "end_of_early_data"},
                                             {6, "hello_retry_request"},
                                             {8, "encrypted_extensions"},
                                             {9, "request_connection_id"},
                                             {10, "new_connection_id"},
                                             {11, "certificate"},
                                             {12, "server_key_exchange"},
                                             {13, "certificate_request"},
                                             {14, "server_hello_done"},
                                             {15, "certificate_verify"},
                                             {16, "client_key_exchange"},
                                             {17, "client_certificate_request"},
                                             {20, "finished"},
                                             {21, "certificate_url"},
                                             {22, "certificate_status"},
                                             {23, "supplemental_data"},
                                             {24, "key_update"},
                                             {25, "compressed_certificate"},
                                             {26, "ekt_key"},
                                             {254, "message_hash"}};
constexpr CodePoint extension_type_rows[] = {{0, "server_name"},
                                             {1, "max_fragment_length"},
                                             {2, "client_certificate_url"},
                                             {3, "trusted_ca_keys"},
                                             {4, "truncated_hmac"},
                                             {5, "status_request"},
                                             {6, "user_mapping"},
                                             {7, "client_authz"},
                                             {8, "server_authz"},
                                             {9, "cert_type"},
                                             {10, "supported_groups"},
                                             {11, "ec_point_formats"},
                                             {12, "srp"},
                                             {13, "signature_algorithms"},
                                             {14, "use_srtp"},
                                             {15, "heartbeat"},
                                             {16, "application_layer_protocol_negotiation"},
                                             {17, "status_request_v2"},
                                             {18, "signed_certificate_timestamp"},
                                             {19, "client_certificate_type"},
                                             {20, "server_certificate_type"},
                                             {21, "padding"},
                                             {22, "encrypt_then_mac"},
                                             {23, "extended_master_secret"},
                                             {24, "token_binding"},
                                             {25, "cached_info"},
                                             {26, "tls_lts"},
                                             {27, "compress_certificate"},
                                             {28, "record_size_limit"},
                                             {29, "pwd_protect"},
                                             {30, "pwd_clear"},
                                             {31, "password_salt"},
                                             {32, "ticket_pinning"},
                                             {33, "tls_cert_with_extern_psk"},
                                             {34, "delegated_credential"},
                                             {35, "session_ticket"},
                                             {36, "TLMSP"},
                                             {37, "TLMSP_proxying"},
                                             {38, "TLMSP_delegate"},
                                             {39, "supported_ekt_ciphers"},
                                             {41, "pre_shared_key"},
                                             {42, "early_data"},
                                             {43, "supported_versions"},
                                             {44, "cookie"},
                                             {45, "psk_key_exchange_modes"},
                                             {47, "certificate_authorities"},
                                             {48, "oid_filters"},
                                             {49, "post_handshake_auth"},
                                             {50, "signature_algorithms_cert"},
                                             {51, "key_share"},
                                             {52, "transparency_info"},
                                             {54, "connection_id"},
                                             {55, "external_id_hash"},
                                             {56, "external_session_id"},
                                             {57, "quic_transport_parameters"},
                                             {58, "ticket_request"},
                                             {59, "dnssec_chain"},
                                             {60, "sequence_number_encryption_algorithms"},
                                             {61, "rrc"},
                                             {13172, "next_protocol_negotiation"},
                                             {17513, "application_settings_old"},
                                             {17613, "application_settings"},
                                             {30032, "channel_id"},
                                             {0xfd00, "ech_outer_extensions"},
                                             {0xfe0d, "encrypted_client_hello"},
                                             {0xff01, "renegotiation_info"}};
constexpr CodePoint named_group_rows[] = {{0x0001, "sect163k1"},
                                          {0x0002, "sect163r1"},
                                          {0x0003, "sect163r2"},
                                          {0x0004, "sect193r1"},
                                          {0x0005, "sect193r2"},
                                          {0x0006, "sect233k1"},
                                          {0x0007, "sect233r1"},
                                          {0x0008, "sect239k1"},
                                          {0x0009, "sect283k1"},
                                          {0x000a, "sect283r1"},
                                          {0x000b, "sect409k1"},
                                          {0x000c, "sect409r1"},
                                          {0x000d, "sect571k1"},
                                          {0x000e, "sect571r1"},
                                          {0x000f, "secp160k1"},
                                          {0x0010, "secp160r1"},
                                          {0x0011, "secp160r2"},
                                          {0x0012, "secp192k1"},
                                          {0x0013, "secp192r1"},
                                          {0x0014, "secp224k1"},
                                          {0x0015, "secp224r1"},
                                          {0x0016, "secp256k1"},
                                          {0x0017, "secp256r1"},
                                          {0x0018, "secp384r1"},
                                          {0x0019, "secp521r1"},
                                          {0x001a, "brainpoolP256r1"},
                                          {0x001b, "brainpoolP384r1"},
                                          {0x001c, "brainpoolP512r1"},
                                          {0x001d, "x25519"},
                                          {0x001e, "x448"},
                                          {0x001f, "brainpoolP256r1tls13"},
                                          {0x0020, "brainpoolP384r1tls13"},
                                          {0x0021, "brainpoolP512r1tls13"},
                                          {0x0022, "GC256A"},
                                          {0x0023, "GC256B"},
                                          {0x0024, "GC256C"},
                                          {0x0025, "GC256D"},
                                          {0x0026, "GC512A"},
                                          {0x0027, "GC512B"},
                                          {0x0028, "GC512C"},
                                          {0x0029, "curveSM2"},
                                          {0x0100, "ffdhe2048"},
                                          {0x0101, "ffdhe3072"},
                                          {0x0102, "ffdhe4096"},
                                          {0x0103, "ffdhe6144"},
                                          {0x0104, "ffdhe8192"},
                                          {0x0200, "MLKEM512"},
                                          {0x0201, "MLKEM768"},
                                          {0x0202, "MLKEM1024"},
                                          {0x11eb, "SecP256r1MLKEM768"},
                                          {0x11ec, "X25519MLKEM768"},
                                          {0x11ed, "SecP384r1MLKEM1024"},
                                          {0x6399, "X25519Kyber768Draft00"},
                                          {0x639a, "SecP256r1Kyber768Draft00"},
                                          {0xff01, "arbitrary_explicit_prime_curves"},
                                          {0xff02, "arbitrary_explicit_char2_curves"}};
// With the pairs of hash and signature of TLS 1.2 (RFC 5246 7.4.1.4.1) that clients still list.
constexpr CodePoint signature_scheme_rows[] = {{0x0101, "rsa_md5"},
                                               {0x0201, "rsa_pkcs1_sha1"},
                                               {0x0202, "dsa_sha1"},
                                               {0x0203, "ecdsa_sha1"},
                                               {0x0301, "rsa_sha224"},
                                               {0x0302, "dsa_sha224"},
                                               {0x0303, "ecdsa_sha224"},
                                               {0x0401, "rsa_pkcs1_sha256"},
                                               {0x0402, "dsa_sha256"},
                                               {0x0403, "ecdsa_secp256r1_sha256"},
                                               {0x0420, "rsa_pkcs1_sha256_legacy"},
                                               {0x0501, "rsa_pkcs1_sha384"},
                                               {0x0502, "dsa_sha384"},
                                               {0x0503, "ecdsa_secp384r1_sha384"},
                                               {0x0520, "rsa_pkcs1_sha384_legacy"},
                                               {0x0601, "rsa_pkcs1_sha512"},
                                               {0x0602, "dsa_sha512"},
                                               {0x0603, "ecdsa_secp521r1_sha512"},
                                               {0x0620, "rsa_pkcs1_sha512_legacy"},
                                               {0x0704, "eccsi_sha256"},
                                               {0x0708, "sm2sig_sm3"},
                                               {0x0709, "gostr34102012_256a"},
                                               {0x070a, "gostr34102012_256b"},
                                               {0x070b, "gostr34102012_256c"},
                                               {0x070c, "gostr34102012_256d"},
                                               {0x070d, "gostr34102012_512a"},
                                               {0x070e, "gostr34102012_512b"},
                                               {0x070f, "gostr34102012_512c"},
                                               {0x0804, "rsa_pss_rsae_sha256"},
                                               {0x0805, "rsa_pss_rsae_sha384"},
                                               {0x0806, "rsa_pss_rsae_sha512"},
                                               {0x0807, "ed25519"},
                                               {0x0808, "ed448"},
                                               {0x0809, "rsa_pss_pss_sha256"},
                                               {0x080a, "rsa_pss_pss_sha384"},
                                               {0x080b, "rsa_pss_pss_sha512"},
                                               {0x081a, "ecdsa_brainpoolP256r1tls13_sha256"},
                                               {0x081b, "ecdsa_brainpoolP384r1tls13_sha384"},
                                               {0x081c, "ecdsa_brainpoolP512r1tls13_sha512"},
                                               {0x0904, "mldsa44"},
                                               {0x0905, "mldsa65"},
                                               {0x0906, "mldsa87"}};
constexpr CodePoint alert_description_rows[] = {{0, "close_notify"},
                                                {10, "unexpected_message"},
                                                {20, "bad_record_mac"},
                                                {21, "decryption_failed"},
                                                {22, "record_overflow"},
                                                {30, "decompression_failure"},
                                                {40, "handshake_failure"},
                                                {41, "no_certificate"},
                                                {42, "bad_certificate"},
                                                {43, "unsupported_certificate"},
                                                {44, "certificate_revoked"},
                                                {45, "certificate_expired"},
                                                {46, "certificate_unknown"},
                                                {47, "illegal_parameter"},
                                                {48, "unknown_ca"},
                                                {49, "access_denied"},
                                                {50, "decode_error"},
                                                {51, "decrypt_error"},
                                                {52, "too_many_cids_requested"},
                                                {60, "export_restriction"},
                                                {70, "protocol_version"},
                                                {71, "insufficient_security"},
                                                {80, "internal_error"},
                                                {86, "inappropriate_fallback"},
                                                {90, "user_canceled"},
                                                {100, "no_renegotiation"},
                                                {109, "missing_extension"},
                                                {110, "unsupported_extension"},
                                                {111, "certificate_unobtainable"},
                                                {112, "unrecognized_name"},
                                                {113, "bad_certificate_status_response"},
                                                {114, "bad_certificate_hash_value"},
                                                {115, "unknown_psk_identity"},
                                                {116, "certificate_required"},
                                                {117, "general_error"},
                                                {120, "no_application_protocol"},
                                                {121, "ech_required"}};
constexpr CodePoint alert_level_rows[] = {{1, "warning"}, {2, "fatal"}};
constexpr CodePoint change_cipher_spec_rows[] = {{1, "change_cipher_spec"}};
constexpr CodePoint compression_method_rows[] = {{0, "null"}, {1, "DEFLATE"}, {64, "LZS"}};
constexpr CodePoint ec_point_format_rows[] = {
    {0, "uncompressed"}, {1, "ansiX962_compressed_prime"}, {2, "ansiX962_compressed_char2"}};
constexpr CodePoint psk_key_exchange_mode_rows[] = {{0, "psk_ke"}, {1, "psk_dhe_ke"}};
constexpr CodePoint name_type_rows[] = {{0, "host_name"}};
constexpr CodePoint key_update_request_rows[] = {{0, "update_not_requested"}, {1, "update_requested"}};
constexpr CodePoint certificate_status_type_rows[] = {{1, "ocsp"}, {2, "ocsp_multi"}};
constexpr CodePoint compression_algorithm_rows[] = {{1, "zlib"}, {2, "brotli"}, {3, "zstd"}};
constexpr CodePoint max_fragment_length_rows[] = {{1, "2^9"}, {2, "2^10"}, {3, "2^11"}, {4, "2^12"}};
constexpr CodePoint ech_client_hello_type_rows[] = {{0, "outer"}, {1, "inner"}};

/// RFC 8701 2: both bytes alike, and 0x?a; for PskKeyExchangeMode 0x0b and every 31 from there.
bool is_grease(Grease grease, std::uint64_t code) {
  switch (grease) {
    case Grease::none:
      return false;
    case Grease::one_byte:
      return code >= 0x0b && code <= 0xe4 && (code - 0x0b) % 0x1f == 0;
    case Grease::two_bytes:
      return (code & 0x0f0f) == 0x0a0a && code >> 8 == (code & 0xff);
  }
  __builtin_unreachable();
}

}  // namespace

const Registry alert_descriptions{alert_description_rows};
const Registry alert_levels{alert_level_rows};
const Registry certificate_status_types{certificate_status_type_rows};
const Registry change_cipher_specs{change_cipher_spec_rows};
const Registry compression_algorithms{compression_algorithm_rows};
const Registry compression_methods{compression_method_rows};
const Registry content_types{content_type_rows};
const Registry ec_point_formats{ec_point_format_rows};
const Registry ech_client_hello_types{ech_client_hello_type_rows};
const Registry extension_types{extension_type_rows, Grease::two_bytes};
const Registry handshake_types{handshake_type_rows};
const Registry key_update_requests{key_update_request_rows};
const Registry max_fragment_lengths{max_fragment_length_rows};
const Registry name_types{name_type_rows};
const Registry named_groups{named_group_rows, Grease::two_bytes};
const Registry psk_key_exchange_modes{psk_key_exchange_mode_rows, Grease::one_byte};
const Registry signature_schemes{signature_scheme_rows, Grease::two_bytes};
const Registry versions{version_rows, Grease::two_bytes};

std::string_view Registry::find(std::uint64_t code) const {
  if (is_grease(grease, code)) return "GREASE";
  const auto row = std::lower_bound(rows.begin(), rows.end(), code,
                                    [](const CodePoint& one, std::uint64_t wanted) { return one.code < wanted; });
  return row != rows.end() && row->code == code ? row->name : std::string_view();
}

std::string described(const Registry& registry, std::uint64_t code, std::size_t size_bytes) {
  const std::string_view name = registry.find(code);
  char number[24];
  std::snprintf(number, sizeof number, size_bytes == 1 ? " (%llu)" : " (0x%04llx)", static_cast<unsigned long long>(code));
  return std::string(name.empty() ? "unknown" : name) + number;
}

std::string text_of(const Node& node) {
  if (!node.value.empty() || !node.number) return node.value;
  return node.registry != nullptr ? described(*node.registry, *node.number, node.size_bytes) : std::to_string(*node.number);
}

}  // namespace tocsin::dissect
