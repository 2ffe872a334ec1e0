#pragma once
// How libssl is set up as a contender: nothing but the algorithms, so that all contenders do the same, and neither tickets nor
// a cache of sessions.
#include <openssl/ssl.h>

#include "harnesses/bench/keys.h"
#include "tocsin/algorithms.h"

namespace tocsin::bench {

using LibsslConnection = Owned<SSL, SSL_free>;

struct LibsslContexts {
  Owned<SSL_CTX, SSL_CTX_free> server, client;
};
LibsslContexts libssl_contexts(ProtocolVersion version);

/// Connections that will shake hands; they have no BIOs yet.
LibsslConnection new_libssl_client(const LibsslContexts& contexts);
LibsslConnection new_libssl_server(const LibsslContexts& contexts);

}  // namespace tocsin::bench
