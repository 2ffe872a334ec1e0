#pragma once
/// @file
/// A TLS connection without I/O: the caller moves the bytes and tells the time.
///
/// A call appends what it produces to the caller's Output, whether it succeeds or fails. After a failure the alert is in there,
/// so send out.to_peer first, and look at the result then.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/config.h"
#include "tocsin/error.h"
#include "tocsin/negotiated.h"

namespace tocsin {

/// What calls produce. The caller owns it and empties it, and may use one for many connections in turn. Calls only append. It
/// outlives the call that it is given to; a callback that runs meanwhile finds it empty, and what it appends comes behind.
struct Output {
  Bytes to_peer;              ///< TLS records to send
  Bytes application_data;     ///< plaintext from the peer
  std::vector<Event> events;  ///< what happened, in order
};

class Engine;

//= RFC 9846 F.5 //# TLS implementations MUST provide a way for the application to determine if the
/// A client or a server of TLS 1.2 and TLS 1.3. A sticky error is the Fatal or PeerAlert that closed the connection: every
/// later call returns the same one and produces nothing. A call on an object that was moved from returns Misuse
/// already_consumed.
///
/// A callback (key_log, a verifier, a store, a provider) may destroy, move or assign to the Connection that it is called by; a
/// call of it returns Misuse called_from_callback, and changes nothing. A callback that throws is a Fatal application_failed.
class Connection {
 public:
  /// Makes a server that waits for a ClientHello. Errors: Misuse config_missing, provider_missing, certificate_missing,
  /// certificate_incomplete, client_verifier_missing, config_out_of_range.
  static Result<Connection, Error> server(std::shared_ptr<const ServerConfig> config);

  /// Makes a client and appends its ClientHello to out. server_name: a host name, which is sent as SNI (RFC 6066 3), or an IP
  /// address in text form, which is not; the server's certificate must be valid for it. On a Fatal there is no connection, but
  /// its alert is in out. Errors: Misuse server_name_invalid, config_missing, provider_missing, verifier_missing,
  /// certificate_incomplete, config_out_of_range; Fatal crypto_failed, application_failed.
  static Result<Connection, Error> client(std::shared_ptr<const ClientConfig> config, std::string_view server_name, Now now,
                                          Output& out);

  /// Takes any number of bytes from the peer, cut anywhere, and consumes all of them. now: for the validity of certificates and
  /// the age of sessions. Data received before an error is in out.
  /// Errors: Fatal with any Reason but transport_truncated; PeerAlert; all sticky.
  Outcome receive(ByteView from_peer, Now now, Output& out);

  /// Takes the end of the transport. Errors: Fatal transport_truncated if no close_notify came before it (RFC 9846 6.1);
  /// sticky.
  Outcome receive_end_of_stream(Output& out);

  /// Protects application data of any size. Errors: Misuse handshake_not_complete, closed_for_writing; Fatal crypto_failed,
  /// record_sequence_exhausted; the sticky error.
  Outcome send(ByteView application_data, Output& out);

  /// Queues close_notify: this side sends no more, the peer still may (RFC 9846 6.1). A second call does nothing. During the
  /// handshake it queues user_canceled and close_notify and ends the connection: later calls return Misuse closed_by_caller.
  /// Errors: Fatal crypto_failed, record_sequence_exhausted; the sticky error.
  Outcome close(Output& out);

  /// Changes this side's sending keys, and asks the peer to change its own if request says so (RFC 9846 4.7.3), unless it was
  /// asked before and has not answered yet. Errors: Misuse handshake_not_complete, closed_for_writing, key_update_unavailable;
  /// Fatal crypto_failed, record_sequence_exhausted; the sticky error.
  Outcome update_keys(KeyUpdateRequest request, Output& out);

  /// Fills out_key with keying material for the application (RFC 9846 7.5, RFC 5705). label: at most 249 bytes. context:
  /// none and an empty one give different keys in TLS 1.2, and the same in TLS 1.3; at most 65535 bytes. out_key: at most
  /// 255 * hash_bytes bytes. Errors: Misuse handshake_not_complete, label_or_length_invalid; Fatal crypto_failed; the
  /// sticky error.
  Outcome export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key, Output& out);

  bool is_handshake_complete() const;    ///< Whether the peer's Finished is verified and nothing has failed since.
  bool is_closed_for_writing() const;    ///< Whether close() or an error has ended sending.
  bool is_closed_by_peer() const;        ///< Whether the peer's close_notify has arrived.
  const Error* failure() const;          ///< The error that every call returns from now on, or null.
  const Negotiated& negotiated() const;  ///< What the handshake agreed on; empty until it is complete.

  Connection(Connection&&) noexcept;             ///< Moves the connection.
  Connection& operator=(Connection&&) noexcept;  ///< Moves the connection.
  ~Connection();                                 ///< Sends nothing to the peer: see close.

 private:
  friend class Accepted;
  explicit Connection(std::shared_ptr<Engine> engine);
  std::shared_ptr<Engine> engine_;
};

}  // namespace tocsin
