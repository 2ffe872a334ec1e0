#pragma once
// Numbers of the RFCs, as these have them; not out of core/wire, so that a slip there is seen here.
#include <cstdint>

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
inline constexpr std::uint64_t ssl3_code = 0x0300, tls12_code = 0x0303, tls13_code = 0x0304, fallback_scsv = 0x5600,
                               renegotiation_scsv = 0x00ff;

}  // namespace tocsin::rules
