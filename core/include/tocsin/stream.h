#pragma once
/// @file
/// A connection over a transport, for those who do not want to move bytes themselves: give it two callbacks that read and
/// write, a socket's for instance, and it does the rest. Each call waits until it is done.
///
/// What a call queues, the alert of a failure above all, is written to the transport before the call reports anything. So the
/// peer is told why, by whatever way the connection failed.
///
/// A Stream has no clock, no threads and no sockets of its own: how long a read may wait is the callbacks' business.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/acceptor.h"

namespace tocsin {

/// Why a transport could not read or write, in the caller's terms. A Stream only keeps it.
struct TransportError {
  int code = 0;      ///< for programs: an errno, say
  std::string text;  ///< for people: one line, or empty
  friend bool operator==(const TransportError&, const TransportError&) = default;
};

/// How many bytes a transport moved, or why it could not. A count larger than what it was given to move is a TransportError,
/// too.
using Transferred = Result<std::size_t, TransportError>;

/// The transport under a Stream: two callbacks, which may not throw. An error that they give ends the Stream, so they have to
/// try again by themselves where that helps (EINTR), and to give an error where they have waited for too long.
struct Transport {
  /// Waits for bytes and puts at least one into `into` (1 to 16384 bytes long); gives their number. 0: the peer's side has
  /// ended.
  std::function<Transferred(MutableBytes into)> read;
  /// Waits until it can take some of `from`, at least one byte; gives their number. 0 counts as an error.
  std::function<Transferred(ByteView from)> write;
};

/// Why a Stream failed: in TLS, or below it.
class StreamError {
 public:
  /// Where it failed.
  enum class Kind : std::uint8_t {
    tls,           ///< in TLS: a Fatal of ours, whose alert went out if the transport took it; the peer's alert; or a Misuse
    truncated,     ///< the transport ended without close_notify: what arrived may be incomplete (RFC 8446 6.1)
    read_failed,   ///< the transport could not be read
    write_failed,  ///< the transport could not be written
  };

  /// Of kind tls; of kind truncated for Reason::transport_truncated.
  StreamError(Error tls);
  /// The same, for the ways in which a connection gives its errors.
  StreamError(Misuse misuse) : StreamError(Error(misuse)) {}
  /// Of kind read_failed or write_failed.
  StreamError(Kind kind, TransportError transport) : kind_(kind), transport_(std::move(transport)) {}

  /// Where it failed.
  Kind kind() const { return kind_; }
  /// What TLS says, if the kind is tls; else null.
  const Error* tls() const { return kind_ == Kind::tls ? &*tls_ : nullptr; }
  /// What the callback gave, if the kind is read_failed or write_failed; else null.
  const TransportError* transport() const { return tls_ ? nullptr : &transport_; }
  /// For people: what happened, and the RFC clause if there is one. One line, no newline.
  std::string describe() const;

  friend bool operator==(const StreamError&, const StreamError&) = default;

 private:
  Kind kind_;
  std::optional<Error> tls_;  // of kind tls and truncated
  TransportError transport_;
};

/// What a call of a Stream comes to if it has nothing to give.
using StreamOutcome = Result<Done, StreamError>;

/// Gives the configuration for a client by what its ClientHello offers (never null), or the Reason to refuse it with.
using ChooseConfig = std::function<Result<std::shared_ptr<const ServerConfig>, Reason>(const Offer& offer)>;

class Pump;

/// A client or a server on a transport. Nothing moves before the first call of handshake, read or write.
///
/// Errors: after one, every call gives the same one and nothing is sent any more, but read first gives what had arrived before
/// it. A Misuse alone changes nothing. Where both happen at once, TLS outranks the transport: a Fatal is reported although its
/// alert could not be written, and so is a peer's alert.
class Stream {
 public:
  /// A server with one configuration. now, here and below: as in Connection::server.
  static Stream server(Transport transport, std::shared_ptr<const ServerConfig> config, UnixSeconds now = {});

  /// A server that takes its configuration from `choose` when the ClientHello is there. limits: until then (see Acceptor).
  static Stream server(Transport transport, ChooseConfig choose, const Limits& limits = {}, UnixSeconds now = {});

  /// A server whose ClientHello the caller has read, with an Acceptor. unsent: what the Acceptor has given, if it was not sent.
  /// A failure to answer is reported by the first call, once its alert is written.
  static Stream server(Transport transport, Accepted accepted, std::shared_ptr<const ServerConfig> config, Output unsent = {},
                       UnixSeconds now = {});

  /// A client; server_name and now as in Connection::client, whose errors the first call reports.
  static Stream client(Transport transport, std::shared_ptr<const ClientConfig> config, std::string_view server_name,
                       UnixSeconds now);

  /// Completes the handshake, if it is not complete yet. read and write call it by themselves.
  /// Errors: tls with any Fatal or PeerAlert, as Connection::receive, or Misuse server_name_invalid (Connection::client);
  /// truncated; read_failed; write_failed.
  StreamOutcome handshake();

  /// Waits for application data and moves at least one byte into `into`; gives their number. 0: the peer has sent close_notify
  /// and everything before it was read, or `into` is empty. Errors: as handshake; but a failure to write what the peer asks
  /// for, an answer to its KeyUpdate, is left to the next call that sends.
  Result<std::size_t, StreamError> read(MutableBytes into);

  /// Sends application data of any size, in pieces of 64 KiB at most: so much memory it needs. It does not read meanwhile: two
  /// ends that both write more than the transport between them holds wait for each other.
  /// Errors: as handshake; Misuse closed_for_writing; Fatal crypto_failed.
  StreamOutcome write(ByteView application_data);

  /// Sends close_notify: this side writes no more, and can read until the peer has closed, too (RFC 8446 6.1). A second call
  /// does nothing. Before the handshake is complete it gives it up: later calls give Misuse closed_by_caller. A Stream that
  /// goes away without it leaves the peer with a truncated connection. Errors: those that there have been; write_failed.
  StreamOutcome close();

  /// As Connection::update_keys (RFC 8446 4.6.3). Errors: Misuse handshake_not_complete, closed_for_writing; Fatal
  /// crypto_failed; write_failed; those that there have been.
  StreamOutcome update_keys(KeyUpdateRequest request);

  /// As Connection::export_keying_material (RFC 8446 7.5): fills out_key, at most 255 * hash_bytes.
  /// Errors: Misuse handshake_not_complete, label_or_length_invalid; Fatal crypto_failed; those that there have been.
  StreamOutcome export_keying_material(std::string_view label, ByteView context, MutableBytes out_key);

  /// Whether the peer's Finished is verified.
  bool is_handshake_complete() const;
  /// What the handshake agreed on; complete only after it.
  const Negotiated& negotiated() const;
  /// The error that every call gives from now on, if there is one.
  const StreamError* failure() const;
  /// The connection underneath, to be asked. Null until there is one: before `choose` was called, and after a failure to begin.
  const Connection* connection() const;

  Stream(Stream&&) noexcept;             ///< What was moved from gives Misuse already_consumed.
  Stream& operator=(Stream&&) noexcept;  ///< likewise
  ~Stream();                             ///< Sends nothing: see close.

 private:
  explicit Stream(Transport transport);
  StreamOutcome written();
  std::unique_ptr<Pump> pump_;
};

}  // namespace tocsin
