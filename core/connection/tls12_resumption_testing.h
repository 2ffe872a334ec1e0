#pragma once
// Two connections of TLS 1.2 of which the second may resume the session of the first; for unit tests.
#include "core/connection/testing.h"

namespace tocsin::testing {

inline std::shared_ptr<const CertifiedKey> key_of(const std::string& name) {
  const std::string path = "harnesses/testdata/" + name;
  return *certified_key_from_files(path + ".pem", path + ".key.pem");
}

/// By what a server lets its clients resume.
enum class By { ticket, session_id };

/// Both ends, set up so that the second connection resumes the first, unless a test changes something in between.
struct Resuming {
  explicit Resuming(By by = By::ticket) {
    client = client_config();
    server = server_config();
    client.versions = server.versions = {ProtocolVersion::tls12};
    client.sessions = cache = std::make_shared<SessionCache>();
    if (by == By::ticket)
      server.ticket_secret = Secret(Bytes(32, 3));
    else
      server.sessions = servers_cache = std::make_shared<SessionCache>();
  }
  ConnectionPair pair() const { return ConnectionPair(client, server, name, Now{{}, at}); }
  /// A whole connection, and whether both ends say that it is resumed; nothing if it failed.
  std::optional<bool> run() {
    ConnectionPair both = pair();
    if (!both.run_handshake()) {
      failed_server = both.server().failure() ? std::optional(*both.server().failure()) : std::nullopt;
      failed_client = both.client().failure() ? std::optional(*both.client().failure()) : std::nullopt;
      return std::nullopt;
    }
    of_client = both.client().negotiated();
    of_server = both.server().negotiated();
    if (of_client.resumed != of_server.resumed) return std::nullopt;
    return of_client.resumed;
  }

  ClientConfig client;
  ServerConfig server;
  std::shared_ptr<SessionCache> cache, servers_cache;
  std::string name = "localhost";
  UnixSeconds at = date;
  Negotiated of_client, of_server;
  std::optional<Error> failed_client, failed_server;
};

}  // namespace tocsin::testing
