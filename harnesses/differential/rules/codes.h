#pragma once
// Numbers of the RFCs, as these have them; not out of core/wire, so that a slip there is seen here.
#include <algorithm>
#include <cstdint>
#include <iterator>

namespace tocsin::rules {

// extension_type
enum : std::uint64_t {
  server_name = 0,
  max_fragment_length = 1,
  supported_groups = 10,
  ec_point_formats = 11,
  signature_algorithms = 13,
  alpn = 16,
  padding = 21,
  extended_master_secret = 23,
  record_size_limit = 28,
  delegated_credential = 34,
  session_ticket = 35,
  pre_shared_key = 41,
  early_data = 42,
  supported_versions = 43,
  cookie = 44,
  psk_key_exchange_modes = 45,
  signature_algorithms_cert = 50,
  key_share = 51,
  connection_id = 54,
  ticket_request = 58,
  ech_outer_extensions = 0xfd00,
  encrypted_client_hello = 0xfe0d,
  renegotiation_info = 0xff01,
};
// HandshakeType
enum : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  hello_verify_request = 3,
  new_session_ticket = 4,
  end_of_early_data = 5,
  encrypted_extensions = 8,
  certificate = 11,
  server_key_exchange = 12,
  certificate_request = 13,
  server_hello_done = 14,
  certificate_verify = 15,
  client_key_exchange = 16,
  finished = 20,
  key_update = 24,
  message_hash = 254,
};
/// The descriptions that RFC 9846 6.2 lists, all but user_canceled.
inline bool is_error_alert(std::uint8_t description) {
  constexpr std::uint8_t listed[] = {10, 20, 22, 40, 42, 43,  44,  45,  46,  47,  48,  49,  50,
                                     51, 70, 71, 80, 86, 109, 110, 112, 113, 115, 116, 117, 120};
  return std::find(std::begin(listed), std::end(listed), description) != std::end(listed);
}

inline constexpr std::uint64_t ssl3_code = 0x0300, tls12_code = 0x0303, tls13_code = 0x0304, fallback_scsv = 0x5600,
                               renegotiation_scsv = 0x00ff;

}  // namespace tocsin::rules
