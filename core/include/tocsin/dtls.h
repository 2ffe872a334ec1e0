#pragma once
/// @file
/// DTLS 1.2 without I/O (RFC 6347): the caller moves the datagrams and tells the time. What is late, unsolicited, forged or
/// malformed is discarded and never an error; each call reports what it discarded, and why.
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tocsin/config.h"
#include "tocsin/datagrams.h"
#include "tocsin/discard.h"
#include "tocsin/error.h"
#include "tocsin/negotiated.h"

namespace tocsin {

/// What calls produce. The caller owns it and empties it, and may use one for many associations in turn. Calls only append; an
/// Output tells what holds while they run.
struct DatagramOutput {
  Datagrams to_peer;                   ///< datagrams to send
  Datagrams application_data;          ///< plaintext from the peer, one entry a record
  std::vector<Event> events;           ///< what happened, in order
  std::vector<DiscardSeen> discarded;  ///< what was discarded, in order

  /// Empties it and keeps its memory for the next calls.
  void clear() {
    to_peer.clear();
    application_data.clear();
    events.clear();
    discarded.clear();
  }
};

class Association;

/// A client of DTLS 1.2, whatever versions its configuration names. A sticky error is the Fatal or PeerAlert that closed the
/// association: every later call returns the same one and produces nothing. Callbacks may do what those of a Connection may.
class DatagramClient {
 public:
  /// Makes a client and appends its ClientHello to out. config, server_name and errors: as for Connection::client.
  static Result<DatagramClient, Error> start(std::shared_ptr<const ClientConfig> config, std::string_view server_name, Now now,
                                             DatagramOutput& out);

  /// Takes one datagram. It does not ask where the datagram comes from, so a client with a connection id (RFC 9146) may be
  /// given datagrams from any address. Errors: Fatal with any Reason of a handshake; PeerAlert, if the alert was authenticated;
  /// both sticky.
  Outcome receive(ByteView datagram, Now now, DatagramOutput& out);
  std::optional<Instant> deadline() const;  ///< When to call on_timeout if nothing arrives before; nothing: no timer runs.
  /// Sends the last flight again if the deadline has passed (RFC 6347 4.2.4), and else does nothing. Errors: Fatal
  /// handshake_timed_out (with unauthenticated_alert), crypto_failed, record_sequence_exhausted; the sticky error.
  Outcome on_timeout(Now now, DatagramOutput& out);
  /// Sends application data in one record and datagram. Errors: Misuse handshake_not_complete, closed_for_writing,
  /// datagram_too_long; Fatal crypto_failed, record_sequence_exhausted; the sticky error.
  Outcome send(ByteView application_data, DatagramOutput& out);
  /// Sends close_notify, once. During the handshake it sends nothing and ends the association: later calls return Misuse
  /// closed_by_caller. Errors: Fatal crypto_failed, record_sequence_exhausted; the sticky error.
  Outcome close(DatagramOutput& out);
  /// Fills out_key with keying material for the application (RFC 5705). label: at most 249 bytes. context: at most
  /// 65535 bytes; none and an empty one give different keys. out_key: at most 255 * hash_bytes bytes. Errors: Misuse
  /// handshake_not_complete, label_or_length_invalid; Fatal crypto_failed; the sticky error.
  Outcome export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key,
                                 DatagramOutput& out);

  bool is_handshake_complete() const;    ///< Whether the peer's Finished is verified and nothing has failed since.
  bool is_closed_by_peer() const;        ///< Whether the peer's close_notify has arrived.
  const Error* failure() const;          ///< The sticky error, or null.
  const Negotiated& negotiated() const;  ///< What the handshake agreed on; empty until it is complete.

  DatagramClient(DatagramClient&&) noexcept;  ///< Moves it; calls on the other object return Misuse already_consumed.
  DatagramClient& operator=(
      DatagramClient&&) noexcept;  ///< Moves it; calls on the other object return Misuse already_consumed.
  ~DatagramClient();               ///< Sends nothing to the peer: see close.

 private:
  explicit DatagramClient(std::shared_ptr<Association> association);
  std::shared_ptr<Association> association_;
};

}  // namespace tocsin
