#pragma once
// Strangers' datagrams, and what listens for them: tocsin's Listener, and libssl's DTLSv1_listen.
#include <string_view>
#include <vector>

#include "harnesses/bench/datagram_queue.h"
#include "harnesses/bench/libssl_contexts.h"
#include "harnesses/bench/tocsin_configs.h"
#include "tocsin/listener.h"

namespace tocsin::bench {

enum class Stranger : std::uint8_t {
  hello,    // a ClientHello without a cookie: it is answered with one
  stray,    // a protected record, of an association that is gone: it is discarded
  garbage,  // bytes that are no record: likewise
};
Bytes datagram_of(Stranger kind);

/// So many datagrams wait whenever somebody listens.
constexpr std::size_t burst_datagrams = 16;

class TocsinListening {
 public:
  TocsinListening();
  /// A burst of this datagram, from as many addresses. Gives the number of answers.
  std::size_t take(ByteView datagram);

 private:
  Listener listener_;
  std::vector<PeerAddress> addresses_;
  ListenerOutput out_;
};

class LibsslListening {
 public:
  LibsslListening();
  std::size_t take(ByteView datagram);

 private:
  DatagramQueue received_, sent_;
  LibsslContexts contexts_;
  LibsslConnection server_;
  Owned<BIO_ADDR, BIO_ADDR_free> from_;
};

}  // namespace tocsin::bench
