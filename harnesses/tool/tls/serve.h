#pragma once
// `tocsin serve`: a TLS server for trying clients against. One thread, many connections; a bad one harms no other.
#include <cstddef>
#include <string>
#include <vector>

#include "harnesses/tool/tls/options.h"

namespace tocsin::tool {

enum class EntryPoint { direct, acceptor };
enum class Service { discard, echo, status_page };

struct ServeOptions : CommonOptions {
  std::string listen = "127.0.0.1:4433";
  std::vector<std::string> certificate_paths;
  std::vector<std::string> key_paths;  // one for each certificate
  std::string client_trust_path;       // a file or a directory; empty: clients are not asked
  ClientAuthentication client_authentication = ClientAuthentication::required;
  EntryPoint entry_point = EntryPoint::direct;
  Service service = Service::discard;
  std::size_t connections_max = 512;
  bool gives_tickets = false;
  std::string ticket_secret_path;      // empty: a secret of its own, which is gone when it ends
  std::size_t session_cache_size = 0;  // sessions; 0: no cache
  bool is_once = false;
};

/// Serves until SIGINT, SIGTERM or, if so asked, the end of the first connection. Gives the exit status: 0, or 1 if it served
/// one connection only and that failed. UsageError for what cannot be configured.
int serve(const ServeOptions& options);

/// `tocsin serve --dtls`: as serve, over datagrams. At the end it prints what it discarded, by reason.
int serve_dtls(const ServeOptions& options, std::shared_ptr<const ServerConfig> config);

}  // namespace tocsin::tool
