#pragma once
// `tocsin connect`: a TLS client between the standard streams and a server.
#include <cstddef>
#include <string>

#include "harnesses/tool/tls/options.h"

namespace tocsin::tool {

enum class Trust { system_store, path, anyone };

struct ConnectOptions : CommonOptions {
  std::string address;      // HOST:PORT
  std::string server_name;  // empty: the host of the address
  Trust trust = Trust::system_store;
  std::string trust_path;                      // a file or a directory
  std::vector<std::string> certificate_paths;  // for a server that asks for one
  std::vector<std::string> key_paths;          // one for each certificate
  std::size_t key_shares = 1;
  std::string session_path;       // empty: nothing is resumed, and nothing kept
  bool is_updating_keys = false;  // once, after the handshake
  bool is_waiting = false;        // the end of standard input does not close the connection
};

/// Sends standard input to the server and writes what comes back to standard output. The end of the input sends close_notify;
/// then the server's end is waited for. Gives the exit status: 0, or 1 after an error of TLS or the transport, which is printed
/// on stderr. UsageError for what cannot be configured, NetworkError if the server cannot be reached.
int connect(const ConnectOptions& options);

/// `tocsin connect --dtls`: as connect, over datagrams. What is read at once from standard input is sent in one datagram, cut
/// where it is too long.
int connect_dtls(const ConnectOptions& options, std::shared_ptr<const ClientConfig> config, const std::string& server_name);

}  // namespace tocsin::tool
