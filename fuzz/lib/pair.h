#pragma once
// A client and a server that talk to each other, both watched.
#include "fuzz/lib/checked_connection.h"
#include "fuzz/lib/input.h"

namespace tocsin::fuzz {

class Pair {
 public:
  /// The client's ClientHello is under way then.
  Pair(ClientConfig client_config, CheckOptions client_checks, ServerConfig server_config, WayIn way_in,
       CheckOptions server_checks);

  /// Carries what is under way to the other end, in pieces (0: whole), until nothing is. An end that failed hears no more, and
  /// its alert makes the other end fail, unless that was closed before.
  void exchange(std::size_t chunk_bytes);
  bool is_handshake_complete() const { return client.is_handshake_complete() && server.is_handshake_complete(); }

  /// Whether the ends agree on what they negotiated and on an exported key, and the application data of either reaches the
  /// other.
  bool agrees(const Input& input);

  Output from_client, from_server;
  CheckedConnection client, server;

 private:
  bool exports_agree();
};

}  // namespace tocsin::fuzz
