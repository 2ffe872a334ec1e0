#pragma once
/// @file
/// A TLS connection without I/O: bytes in, bytes out, and the caller moves them.
///
/// Every call that may produce something appends it to the caller's Output, whether it succeeds or fails: after a failure the
/// alert is in there. So always send out.to_peer first, then look at the result.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/config.h"
#include "tocsin/error.h"
#include "tocsin/negotiated.h"

namespace tocsin {

/// What calls produce; the caller owns it, empties it, and may use one for many connections in turn. Calls only append.
struct Output {
  Bytes to_peer;              ///< TLS records, to be sent in order
  Bytes application_data;     ///< received plaintext
  std::vector<Event> events;  ///< in order
};

class Engine;

/// A client or a server. A call with a moved-from one is Misuse already_consumed. Errors that are called sticky below are the
/// Fatal or PeerAlert that closed the connection: every later call gives the same one, and produces nothing.
class Connection {
 public:
  /// A server that waits for a ClientHello. config: not null. now: for the validity of clients' certificates, so needed only if
  /// config asks for them; with the default none is valid yet.
  static Connection server(std::shared_ptr<const ServerConfig> config, UnixSeconds now = {});

  /// A client; its ClientHello is appended to out. server_name: a host name, sent as SNI, or an IP address in text form, which
  /// is not; the certificate must be for it. now: for the validity of certificates.
  /// Errors: Misuse server_name_invalid; Fatal crypto_failed. There is no connection then; a Fatal's alert is in out all the
  /// same.
  static Result<Connection, Error> client(std::shared_ptr<const ClientConfig> config, std::string_view server_name,
                                          UnixSeconds now, Output& out);

  /// Takes any number of bytes from the peer, cut anywhere. All are consumed. Errors: Fatal with any Reason
  /// but transport_truncated, PeerAlert; sticky. What was received before the error is in out. from_peer is read while out
  /// grows, so it may not be a part of out.
  Outcome receive(ByteView from_peer, Output& out);

  /// The transport has ended. Without a close_notify before this is Fatal transport_truncated (RFC 8446 6.1); sticky.
  Outcome receive_end_of_stream(Output& out);

  /// Protects application data of any size. Errors: Misuse handshake_not_complete, closed_for_writing; the sticky error;
  /// Fatal crypto_failed, record_sequence_exhausted.
  Outcome send(ByteView application_data, Output& out);

  /// Queues close_notify: this side sends no more, the other side still may (RFC 8446 6.1). A second call does nothing. During
  /// the handshake it queues user_canceled and close_notify and ends the connection: later calls give Misuse closed_by_caller.
  /// Errors: the sticky error; Fatal crypto_failed, record_sequence_exhausted.
  Outcome close(Output& out);

  /// Changes this side's sending keys, and asks the peer to do the same if so requested (RFC 9846 4.7.3), unless it was asked
  /// before and has not answered yet. Errors as send, and Misuse key_update_unavailable.
  Outcome update_keys(KeyUpdateRequest request, Output& out);

  /// RFC 8446 7.5. Fills out, at most 255 * hash_bytes. Errors: Misuse handshake_not_complete, label_or_length_invalid; the
  /// sticky error; Fatal crypto_failed.
  Outcome export_keying_material(std::string_view label, ByteView context, MutableBytes out_key, Output& out);

  bool is_handshake_complete() const;  ///< The peer's Finished is verified, and the connection has not failed since.
  bool is_closed_for_writing() const;  ///< By close() or by an error.
  bool is_closed_by_peer() const;      ///< Its close_notify was received.
  /// The error that every call gives from now on, if the connection has failed.
  const Error* failure() const;
  /// Complete only after the handshake.
  const Negotiated& negotiated() const;

  Connection(Connection&&) noexcept;             ///< What was moved from gives Misuse already_consumed.
  Connection& operator=(Connection&&) noexcept;  ///< likewise
  ~Connection();                                 ///< Says nothing to the peer: see close.

 private:
  friend class Accepted;
  explicit Connection(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace tocsin
