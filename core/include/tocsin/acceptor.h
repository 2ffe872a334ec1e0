#pragma once
/// @file
/// The other way into a server: read the ClientHello first, then choose the configuration. Same engine, same errors, same bytes
/// as Connection::server.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/connection.h"

namespace tocsin {

/// What a ClientHello offers, in its order, values unknown to this library included. A copy: it stays valid.
struct Offer {
  std::string server_name;                         ///< SNI (RFC 6066 3), lower case, or empty
  std::vector<std::string> application_protocols;  ///< ALPN (RFC 7301)
  std::vector<ProtocolVersion> versions;           ///< supported_versions
  std::vector<CipherSuite> cipher_suites;          ///< all, those of TLS 1.2 included
  std::vector<SignatureScheme> signature_schemes;  ///< signature_algorithms
  std::vector<NamedGroup> groups;                  ///< supported_groups
};

/// A connection whose ClientHello has arrived and is well-formed.
class Accepted {
 public:
  /// What the client offers.
  const Offer& offer() const { return offer_; }

  /// Answers the ClientHello. Consumes this object, also on failure: the alert is in out all the same.
  /// config: not null. now: as in Connection::server. Errors: as Connection::receive, above all of negotiation (no_common_...);
  /// Misuse already_consumed for a second call.
  Result<Connection, Error> into_connection(std::shared_ptr<const ServerConfig> config, Output& out, UnixSeconds now = {}) &&;

  /// Refuses the client: queues a fatal alert with this Reason. Consumes this object.
  void reject(Reason why, Output& out) &&;

  Accepted(Accepted&&) noexcept;             ///< What was moved from is consumed.
  Accepted& operator=(Accepted&&) noexcept;  ///< likewise
  ~Accepted();                               ///< Says nothing to the client: see reject.

 private:
  friend class Acceptor;
  Accepted(std::unique_ptr<Engine> engine, Offer offer);
  std::unique_ptr<Engine> engine_;
  Offer offer_;
};

/// Reads a ClientHello before there is a configuration to answer it with.
class Acceptor {
 public:
  /// limits: for what comes before a configuration is chosen; the configuration's own hold from then on.
  explicit Acceptor(const Limits& limits = {});

  /// Takes bytes until the ClientHello is complete; bytes after it are kept for the connection. Gives the Accepted once; from
  /// then on every call is Misuse already_consumed. Errors: Fatal with a Reason that the record layer, the framing of messages
  /// or a ClientHello by itself can give (record_..., alert_..., change_cipher_spec_..., message_..., extension_...,
  /// version_unsupported and their like); PeerAlert; sticky. from_peer may not be a part of out.
  Result<std::optional<Accepted>, Error> receive(ByteView from_peer, Output& out);
  /// The transport has ended: Fatal transport_truncated (RFC 8446 6.1). Errors otherwise: the sticky one; Misuse
  /// already_consumed.
  Outcome receive_end_of_stream(Output& out);
  /// Gives up before a ClientHello came, as Connection::close does during the handshake. Errors: the sticky one; Misuse
  /// already_consumed.
  Outcome close(Output& out);

  Acceptor(Acceptor&&) noexcept;             ///< What was moved from gives Misuse already_consumed.
  Acceptor& operator=(Acceptor&&) noexcept;  ///< likewise
  ~Acceptor();                               ///< Says nothing to the client: see close.

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace tocsin
