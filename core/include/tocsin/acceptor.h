#pragma once
/// @file
/// Starts a server by its ClientHello: read that first, and choose the configuration by it. Engine, errors and bytes are
/// those of Connection::server.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/connection.h"

namespace tocsin {

/// What a ClientHello offers, in its order, including values that this library does not know. A copy, so it stays valid.
struct Offer {
  std::string server_name;                         ///< SNI (RFC 6066 3), lower case, or empty
  std::vector<std::string> application_protocols;  ///< ALPN (RFC 7301)
  std::vector<ProtocolVersion> versions;           ///< supported_versions
  std::vector<CipherSuite> cipher_suites;          ///< of all versions
  std::vector<SignatureScheme> signature_schemes;  ///< signature_algorithms
  std::vector<NamedGroup> groups;                  ///< supported_groups
};

/// A connection whose ClientHello has arrived and is well-formed.
class Accepted {
 public:
  const Offer& offer() const { return offer_; }  ///< What the client offers.

  /// Answers the ClientHello and whatever arrived behind it. Consumes this object, also on failure, when the alert is in out.
  /// now: as in Connection::receive. Errors: those of Connection::receive, above all the Reasons of negotiation
  /// (no_common_...); Misuse already_consumed for a second call. The Misuses of Connection::server consume nothing: another
  /// configuration, or reject, can follow.
  Result<Connection, Error> into_connection(std::shared_ptr<const ServerConfig> config, Now now, Output& out) &&;

  /// Refuses the client: queues the fatal alert of this Reason. Consumes this object.
  void reject(Reason why, Output& out) &&;

  Accepted(Accepted&&) noexcept;             ///< Moves the connection; the other object is consumed.
  Accepted& operator=(Accepted&&) noexcept;  ///< Moves the connection; the other object is consumed.
  ~Accepted();                               ///< Sends nothing to the client: see reject.

 private:
  friend class Acceptor;
  Accepted(std::shared_ptr<Engine> engine, Offer offer);
  std::shared_ptr<Engine> engine_;
  Offer offer_;
};

/// Reads a ClientHello before there is a configuration to answer it with.
class Acceptor {
 public:
  /// Makes an Acceptor. limits: until a configuration is chosen, whose own limits apply from then on.
  explicit Acceptor(const Limits& limits = {});

  /// Takes bytes until the ClientHello is complete, and then returns the Accepted, which keeps the bytes behind it. Errors:
  /// Fatal with a Reason of the record layer, of the framing of messages or of a ClientHello by itself (record_..., alert_...,
  /// change_cipher_spec_..., message_..., extension_..., version_unsupported and the like); PeerAlert; both sticky; Misuse
  /// already_consumed once the Accepted was returned.
  Result<std::optional<Accepted>, Error> receive(ByteView from_peer, Output& out);
  /// Takes the end of the transport. Errors: Fatal transport_truncated (RFC 9846 6.1); the sticky error; Misuse
  /// already_consumed.
  Outcome receive_end_of_stream(Output& out);
  /// Gives up before the ClientHello has arrived, as Connection::close does during the handshake. Errors: the sticky error;
  /// Misuse already_consumed.
  Outcome close(Output& out);

  Acceptor(Acceptor&&) noexcept;             ///< Moves it; calls on the other object return Misuse already_consumed.
  Acceptor& operator=(Acceptor&&) noexcept;  ///< Moves it; calls on the other object return Misuse already_consumed.
  ~Acceptor();                               ///< Sends nothing to the client: see close.

 private:
  std::shared_ptr<Engine> engine_;
};

}  // namespace tocsin
