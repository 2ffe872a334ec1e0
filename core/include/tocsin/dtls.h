#pragma once
/// @file
/// DTLS 1.2 without I/O (RFC 6347): datagrams in, datagrams out; the caller moves them and tells the time. What cannot be used,
/// because it is late, stray, forged or broken, is discarded, and never an error: each call tells what it discarded, and why.
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

/// Something that was discarded: for counters and logs.
struct DiscardSeen {
  DiscardReason why;              ///< see there
  std::size_t size_bytes = 0;     ///< of the record, or of the rest of the datagram if that is no record
  std::uint8_t content_type = 0;  ///< as the header says it, if there is one
  std::uint16_t epoch = 0;        ///< likewise
  std::uint64_t sequence = 0;     ///< likewise
};

/// What calls produce; the caller owns it, empties it, and may use one for many associations in turn. Calls only append.
struct DatagramOutput {
  Datagrams to_peer;                   ///< to be sent in order
  Datagrams application_data;          ///< received, as the peer sent them
  std::vector<Event> events;           ///< in order
  std::vector<DiscardSeen> discarded;  ///< in order

  /// Empties it. What it took stays reserved for what comes next.
  void clear() {
    to_peer.clear();
    application_data.clear();
    events.clear();
    discarded.clear();
  }
};

class Association;

/// A client of DTLS 1.2, whatever its configuration's versions are. Errors that are called sticky are the Fatal or PeerAlert
/// that closed it: every later call gives the same one, and produces nothing.
class DatagramClient {
 public:
  /// As Connection::client; now: the caller's clock. Errors: Misuse server_name_invalid; Fatal crypto_failed.
  static Result<DatagramClient, Error> start(std::shared_ptr<const ClientConfig> config, std::string_view server_name,
                                             UnixSeconds date, Instant now, DatagramOutput& out);

  /// Takes a datagram from the peer; where that comes from is not looked at, so with a connection id of its own (RFC 9146) a
  /// client may be given what comes from anywhere. Errors: Fatal with any Reason that a handshake can give; PeerAlert, if it
  /// was authenticated; sticky. datagram may not be a part of out.
  Outcome receive(ByteView datagram, Instant now, DatagramOutput& out);
  /// When to call on_timeout, if nothing comes before.
  std::optional<Instant> deadline() const;
  /// At the deadline or later; too early does nothing. Errors: Fatal handshake_timed_out, crypto_failed; the sticky one.
  Outcome on_timeout(Instant now, DatagramOutput& out);
  /// Sends application data in one record and datagram. Errors: Misuse handshake_not_complete, closed_for_writing,
  /// datagram_too_long; Fatal crypto_failed, record_sequence_exhausted; the sticky one.
  Outcome send(ByteView application_data, DatagramOutput& out);
  /// Sends close_notify; a second call does nothing. Before the handshake is complete it gives it up silently: later calls give
  /// Misuse closed_by_caller. Errors: Fatal crypto_failed, record_sequence_exhausted; the sticky one.
  Outcome close(DatagramOutput& out);
  /// RFC 5705. Errors: Misuse handshake_not_complete, label_or_length_invalid; Fatal crypto_failed; the sticky one.
  Outcome export_keying_material(std::string_view label, ByteView context, MutableBytes out_key, DatagramOutput& out);

  bool is_handshake_complete() const;    ///< The peer's Finished is verified, and nothing has failed since.
  bool is_closed_by_peer() const;        ///< Its close_notify was received.
  const Error* failure() const;          ///< The sticky error, or null.
  const Negotiated& negotiated() const;  ///< Complete only after the handshake.

  DatagramClient(DatagramClient&&) noexcept;             ///< What was moved from may only be assigned to, or go away.
  DatagramClient& operator=(DatagramClient&&) noexcept;  ///< likewise
  ~DatagramClient();                                     ///< Says nothing to the peer: see close.

 private:
  explicit DatagramClient(std::unique_ptr<Association> association);
  std::unique_ptr<Association> association_;
};

}  // namespace tocsin
