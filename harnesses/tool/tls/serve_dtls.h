#pragma once
// `tocsin serve --dtls`.
#include "harnesses/tool/tls/serve.h"

namespace tocsin::tool {

/// As serve, over datagrams. At the end it prints what it discarded, by reason.
int serve_dtls(const ServeOptions& options, std::shared_ptr<const ServerConfig> config);

}  // namespace tocsin::tool
