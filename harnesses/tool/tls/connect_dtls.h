#pragma once
// `tocsin connect --dtls`.
#include "harnesses/tool/tls/connect.h"

namespace tocsin::tool {

/// As connect, over datagrams: what is read at once from standard input is sent in one datagram, cut where it is too long.
int connect_dtls(const ConnectOptions& options, std::shared_ptr<const ClientConfig> config, const std::string& server_name);

}  // namespace tocsin::tool
