#include "harnesses/bench/listen.h"

#include <openssl/err.h>

#include "core/record/dtls/header.h"

namespace tocsin::bench {
namespace {


Bytes hello() {
  DatagramOutput out;
  const TocsinConfigs configs = tocsin_configs(ProtocolVersion::dtls12, 0);
  must(bool{DatagramClient::start(configs.client, server_name, year_2026, out)});
  return out.to_peer.bytes;
}

Bytes stray() {
  constexpr std::size_t fragment_bytes = 8 + 64 + 16;
  Bytes datagram;
  append(datagram,
         record::make_dtls_header({ContentType::application_data, record::DtlsVersion::dtls12, 1, 0x2a, fragment_bytes}));
  datagram.resize(datagram.size() + fragment_bytes, 0x2a);
  return datagram;
}

Listener new_listener() {
  auto made = Listener::make(tocsin_configs(ProtocolVersion::dtls12, 0).server);
  must(bool{made});
  return std::move(*made);
}

}  // namespace

Bytes datagram_of(Stranger kind) {
  switch (kind) {
    case Stranger::hello:
      return hello();
    case Stranger::stray:
      return stray();
    case Stranger::garbage:
      break;
  }
  return Bytes(100, 0x2a);
}

TocsinListening::TocsinListening() : listener_(new_listener()) {
  for (std::size_t i = 0; i < burst_datagrams; ++i) addresses_.push_back({192, 0, 2, 1, 0x11, static_cast<std::uint8_t>(i)});
}

std::size_t TocsinListening::take(ByteView datagram) {
  out_.to_peers.clear();
  for (const PeerAddress& from : addresses_) listener_.receive(datagram, from, year_2026, out_);
  return out_.to_peers.size();
}

LibsslListening::LibsslListening()
    : contexts_(libssl_contexts(ProtocolVersion::dtls12)), server_(new_libssl_server(contexts_)), from_(BIO_ADDR_new()) {
  SSL_set_bio(server_.get(), new_bio(received_), new_bio(sent_));
}

std::size_t LibsslListening::take(ByteView datagram) {
  sent_.clear();
  for (std::size_t i = 0; i < burst_datagrams; ++i) received_.put(datagram);
  while (!received_.empty()) {
    must(DTLSv1_listen(server_.get(), from_.get()) != 1);
    ERR_clear_error();
  }
  return sent_.size();
}

}  // namespace tocsin::bench
