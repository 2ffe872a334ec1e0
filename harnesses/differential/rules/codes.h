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
  session_ticket = 35,
  pre_shared_key = 41,
  early_data = 42,
  supported_versions = 43,
  cookie = 44,
  psk_key_exchange_modes = 45,
  signature_algorithms_cert = 50,
  key_share = 51,
  renegotiation_info = 0xff01,
};
// HandshakeType
enum : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  certificate = 11,
  certificate_verify = 15,
  client_key_exchange = 16,
  finished = 20,
};
inline constexpr std::uint64_t ssl3_code = 0x0300, tls12_code = 0x0303, tls13_code = 0x0304, fallback_scsv = 0x5600,
                               renegotiation_scsv = 0x00ff;

}  // namespace tocsin::rules
