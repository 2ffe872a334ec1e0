#pragma once
/// @file
/// Limits on what a peer can make this end hold or repeat, each with its own Reason.
#include <cstddef>
#include <cstdint>

namespace tocsin {

/// The defaults suit the open Internet. Each comment names the Reason of a connection that exceeds the limit, or the
/// DiscardReason of what exceeds it in a datagram, and what the limit counts. Units stand last in the names.
struct Limits {
  std::size_t client_hello_bytes_max = 131396;        ///< message_too_long; all that the syntax of TLS allows
  std::size_t certificate_message_bytes_max = 65536;  ///< message_too_long
  std::size_t other_message_bytes_max = 16384;        ///< message_too_long; any other handshake message
  std::uint32_t change_cipher_specs_max = 8;          ///< change_cipher_spec_too_many; per connection
  std::uint32_t warning_alerts_max = 4;               ///< alert_warnings_too_many; user_canceled, in TLS 1.2 any; per connection
  std::uint32_t empty_records_max = 32;               ///< empty_records_too_many; application data, in a row
  std::uint32_t post_handshake_messages_max = 32;     ///< post_handshake_messages_too_many; beyond those that data pay for
  std::size_t post_handshake_data_bytes = 1024;       ///< post_handshake_messages_too_many; of data that pay for one; 0: any for all
  std::size_t early_data_skipped_bytes_max = 16384;   ///< early_data_too_long; rejected early data, as ciphertext
  std::size_t session_bytes_max = 16384;              ///< none: a longer session of TLS 1.2 is neither stored nor made a ticket
  std::uint64_t records_per_key_max = 1u << 24;       ///< none: the sender updates its keys by itself (RFC 9846 5.5)
  // DTLS
  std::size_t messages_ahead_max = 8;             ///< message_too_far_ahead; handshake messages behind the next one
  std::size_t reassembly_bytes_max = 131072;      ///< reassembly_full; of handshake messages that were begun, by their lengths
  std::size_t associations_max = 65536;  ///< associations_too_many; peers of a Listener; the oldest handshake makes room
  std::size_t associations_per_source_max =
      16384;                              ///< associations_too_many; peers that share a source; its oldest handshake makes room
  std::size_t cookies_spent_max = 65536;  ///< none: the oldest is forgotten, and may begin another handshake
  std::size_t lingering_associations_max = 4096;  ///< none: an association that closes beyond it is forgotten at once
  std::size_t lingering_associations_per_peer_max =
      4;                                        ///< none: the oldest is forgotten; a protected record is tried with each
  std::size_t connection_id_bytes_max = 64;     ///< connection_id_too_long; the peer's, in what we send; servers decline it
  std::uint32_t hello_verify_requests_max = 4;  ///< message_unexpected; answered by a client
  std::uint32_t retransmissions_max = 8;        ///< handshake_timed_out; of one flight
  std::uint32_t peer_flight_ms_max = 540000;    ///< handshake_timed_out; from the first message of a flight to its last
  std::uint32_t plaintext_refusals_max = 2;     ///< handshake_timed_out; transmissions answered by plaintext alerts alone
  std::uint32_t message_restarts_max = 16;      ///< fragment_conflicting; of one message whose plaintext fragments conflict
};

}  // namespace tocsin
