#pragma once
/// @file
/// A connection over a transport, for callers that do not want to move bytes themselves: the caller provides callbacks that
/// read and write, a socket's for instance. Each call waits until it is done.
///
/// A Stream writes whatever a call queues, above all the alert of a failure, before the call reports anything. So the peer
/// learns why, however the connection fails.
///
/// A Stream has no clock, no threads and no sockets of its own: the callbacks decide how long to wait and what time it is.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/acceptor.h"

namespace tocsin {

/// Why a transport could not read or write, in the caller's terms. A Stream only reports it.
struct TransportError {
  int code = 0;      ///< for programs, such as an errno
  std::string text;  ///< for people: one line, or empty
  friend bool operator==(const TransportError&, const TransportError&) = default;
};

/// How many bytes a transport moved, or why it could not. A Stream treats an impossible count as a TransportError.
using Transferred = Result<std::size_t, TransportError>;

/// The transport under a Stream: callbacks. What they throw counts as an error. Their errors end the Stream, so they retry by
/// themselves where that helps (EINTR), and return an error when they have waited for too long.
struct Transport {
  /// Waits for bytes, puts at least one into `into` (1 to 16384 bytes) and returns their number. 0: the peer's side has ended.
  std::function<Transferred(MutableBytes into)> read;
  /// Waits until it can take at least one byte of `from` and returns how many it took. 0 counts as an error.
  std::function<Transferred(ByteView from)> write;
  /// Returns the time, for the validity of certificates and the age of sessions. Empty: the time is not known (see Now).
  std::function<Now()> now{};
};

/// Why a Stream failed: in TLS, or below it.
class StreamError {
 public:
  /// Where a Stream failed.
  enum class Kind : std::uint8_t {
    tls,           ///< in TLS: a Fatal, whose alert was sent if the transport took it; the peer's alert; or a Misuse
    truncated,     ///< the transport ended without close_notify: what arrived may be incomplete (RFC 9846 6.1)
    read_failed,   ///< the transport could not be read
    write_failed,  ///< the transport could not be written
  };

  /// Makes an error of kind tls, or of kind truncated for Reason::transport_truncated.
  StreamError(Error tls);
  /// Makes an error of kind tls.
  StreamError(Misuse misuse) : StreamError(Error(misuse)) {}
  /// Makes an error of kind read_failed or write_failed.
  StreamError(Kind kind, TransportError transport) : kind_(kind), transport_(std::move(transport)) {}

  /// Where it failed.
  Kind kind() const { return kind_; }
  /// The error of TLS if the kind is tls, else null.
  const Error* tls() const { return kind_ == Kind::tls ? &*tls_ : nullptr; }
  /// The callback's error if the kind is read_failed or write_failed, else null.
  const TransportError* transport() const { return tls_ ? nullptr : &transport_; }
  /// For people: what happened, and the RFC clause if there is one. One line, no newline.
  std::string describe() const;

  friend bool operator==(const StreamError&, const StreamError&) = default;

 private:
  Kind kind_;
  std::optional<Error> tls_;  // of kind tls and truncated
  TransportError transport_;
};

/// The result of a call that returns nothing but success or an error.
using StreamOutcome = Result<Done, StreamError>;

/// Returns the configuration for a client that offers this, or the Reason to refuse the client with. One that cannot be used,
/// or an exception, refuses it with application_failed.
using ChooseConfig = std::function<Result<std::shared_ptr<const ServerConfig>, Reason>(const Offer& offer)>;

class Pump;

/// A client or a server on a transport. Nothing moves before the first call of handshake, read or write.
///
/// After an error every call returns the same error and sends nothing, but read first returns what had arrived before it. A
/// Misuse changes nothing. An error of TLS outranks one of the transport: a Fatal is reported although its alert could not be
/// written, and so is a peer's alert. A call on an object that was moved from returns Misuse already_consumed. Callbacks, of
/// the transport too, may do what those of a Connection may.
class Stream {
 public:
  /// Makes a server with one configuration. The first call reports the errors of Connection::server.
  static Stream server(Transport transport, std::shared_ptr<const ServerConfig> config);

  /// Makes a server that calls `choose` for its configuration once the ClientHello has arrived. limits: until then (see
  /// Acceptor).
  static Stream server(Transport transport, ChooseConfig choose, const Limits& limits = {});

  /// Makes a server whose ClientHello the caller has read by an Acceptor. unsent: what the Acceptor queued, if it was not sent.
  /// The first call reports a failure to answer, once the alert is written.
  static Stream server(Transport transport, Accepted accepted, std::shared_ptr<const ServerConfig> config, Output unsent = {});

  /// Makes a client. config and server_name: as for Connection::client, whose errors the first call reports.
  static Stream client(Transport transport, std::shared_ptr<const ClientConfig> config, std::string_view server_name);

  /// Completes the handshake if it is not complete yet; read and write do so by themselves. Errors: tls with any Fatal or
  /// PeerAlert of Connection::receive, or with Misuse server_name_invalid of Connection::client; truncated; read_failed;
  /// write_failed.
  StreamOutcome handshake();

  /// Waits for application data, moves at least one byte into `into` and returns their number. 0: the peer has sent
  /// close_notify and all data before it was read, or `into` is empty. Errors: those of handshake. A failure to write an answer
  /// to the peer's KeyUpdate is reported by the next call that sends.
  Result<std::size_t, StreamError> read(MutableBytes into);

  /// Sends application data of any size in pieces of at most 64 KiB, which bounds its memory. It does not read meanwhile: two
  /// ends that both write more than the transport holds wait for each other. Errors: those of handshake; Misuse
  /// closed_for_writing; Fatal crypto_failed, record_sequence_exhausted.
  StreamOutcome write(ByteView application_data);

  /// Sends close_notify: this side writes no more, and can read until the peer has closed, too (RFC 9846 6.1). A second call
  /// does nothing. During the handshake it ends the connection: later calls return Misuse closed_by_caller. Without a call of
  /// close the peer sees a truncated connection. Errors: Fatal crypto_failed, record_sequence_exhausted; write_failed; an
  /// earlier error.
  StreamOutcome close();

  /// Changes this side's sending keys, and asks the peer to change its own if request says so (RFC 9846 4.7.3). Errors: Misuse
  /// handshake_not_complete, closed_for_writing, key_update_unavailable; Fatal crypto_failed, record_sequence_exhausted;
  /// write_failed; an earlier error.
  StreamOutcome update_keys(KeyUpdateRequest request);

  /// Fills out_key with keying material for the application (RFC 9846 7.5, RFC 5705). label: at most 249 bytes. context: at
  /// most 65535 bytes; none and an empty one give different keys in TLS 1.2, and the same in TLS 1.3. out_key: at most
  /// 255 * hash_bytes bytes. Errors: Misuse handshake_not_complete, label_or_length_invalid; Fatal crypto_failed; an earlier
  /// error.
  StreamOutcome export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key);

  bool is_handshake_complete() const;    ///< Whether the peer's Finished is verified and nothing has failed since.
  const Negotiated& negotiated() const;  ///< What the handshake agreed on; empty until it is complete.
  const StreamError* failure() const;    ///< The error that every call returns from now on, or null.
  /// The connection underneath, for its accessors; null before `choose` was called and after a failure to begin.
  const Connection* connection() const;

  Stream(Stream&&) noexcept;             ///< Moves the stream.
  Stream& operator=(Stream&&) noexcept;  ///< Moves the stream.
  ~Stream();                             ///< Sends nothing: see close.

 private:
  explicit Stream(Transport transport);
  std::shared_ptr<Pump> pump_;
};

}  // namespace tocsin
