#pragma once
// The other way into a server: read the ClientHello first, then choose the configuration. Same engine, same errors, same bytes as
// Connection::server.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/connection.h"

namespace tocsin {

/// What a ClientHello offers, in its order, values unknown to this library included. A copy: it stays valid.
struct Offer {
  std::string server_name;  // lower case, or empty
  std::vector<std::string> application_protocols;
  std::vector<ProtocolVersion> versions;
  std::vector<CipherSuite> cipher_suites;
  std::vector<SignatureScheme> signature_schemes;
  std::vector<NamedGroup> groups;
};

/// A connection whose ClientHello has arrived and is well-formed.
class Accepted {
 public:
  const Offer& offer() const { return offer_; }

  /// Answers the ClientHello. Consumes this object, also on failure: the alert is in out all the same.
  /// Errors: as Connection::receive; Misuse already_consumed for a second call.
  Result<Connection, Error> into_connection(std::shared_ptr<const ServerConfig> config, Output& out) &&;

  /// Refuses the client: queues a fatal alert with this Reason. Consumes this object.
  void reject(Reason why, Output& out) &&;

  Accepted(Accepted&&) noexcept;
  Accepted& operator=(Accepted&&) noexcept;
  ~Accepted();

 private:
  friend class Acceptor;
  Accepted(std::unique_ptr<Engine> engine, Offer offer);
  std::unique_ptr<Engine> engine_;
  Offer offer_;
};

class Acceptor {
 public:
  /// limits: for what comes before a configuration is chosen; the configuration's own hold from then on.
  explicit Acceptor(const Limits& limits = {});

  /// Takes bytes until the ClientHello is complete; bytes after it are kept for the connection. Gives the Accepted once; from then
  /// on every call is Misuse already_consumed. Errors: Fatal, PeerAlert, as Connection::receive; sticky.
  Result<std::optional<Accepted>, Error> receive(ByteView from_peer, Output& out);
  /// The transport has ended: Fatal transport_truncated.
  Outcome receive_end_of_stream(Output& out);
  /// Gives up before a ClientHello came, as Connection::close does during the handshake.
  Outcome close(Output& out);

  Acceptor(Acceptor&&) noexcept;
  Acceptor& operator=(Acceptor&&) noexcept;
  ~Acceptor();

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace tocsin
