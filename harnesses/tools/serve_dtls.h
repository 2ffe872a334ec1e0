#pragma once
// `tocsin serve --dtls`.
#include "harnesses/tools/serve.h"

namespace tocsin::tools {

/// As serve, over datagrams. At the end it tells what it discarded, by reason.
int serve_dtls(const ServeOptions& options, std::shared_ptr<const ServerConfig> config);

}  // namespace tocsin::tools
