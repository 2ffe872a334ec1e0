#pragma once
// A client and a server that talk to each other, both checked after every call.
#include "harnesses/checkers/checked_connection.h"
#include "harnesses/scenarios/input.h"

namespace tocsin::harness {

class Loopback {
 public:
  /// The client's ClientHello is under way then.
  Loopback(ClientConfig client_config, CheckOptions client_checks, ServerConfig server_config, EntryPoint entry_point,
           CheckOptions server_checks);

  /// Carries what is under way to the other end, in pieces (0: whole), until nothing is. An end that failed gets no more, and
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

}  // namespace tocsin::harness
