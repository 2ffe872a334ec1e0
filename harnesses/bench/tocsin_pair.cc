#include "harnesses/bench/tocsin_pair.h"

#include "harnesses/bench/keys.h"

namespace tocsin::bench {
namespace {

void empty(Output& out) {
  out.to_peer.clear();
  out.application_data.clear();
  out.events.clear();
}

}  // namespace

TocsinPair::TocsinPair(ProtocolVersion version, std::size_t certificates_kept_max)
    : configs_(tocsin_configs(version, certificates_kept_max)) {}

void TocsinPair::handshake() {
  empty(to_server_);
  empty(to_client_);
  auto client = Connection::client(configs_.client, server_name, year_2026, to_server_);
  must(bool{client});
  client_ = std::move(*client);
  server_ = std::move(*Connection::server(configs_.server));
  while (!to_server_.to_peer.empty()) {
    must(bool{server_->receive(to_server_.to_peer, year_2026, to_client_)});
    to_server_.to_peer.clear();
    must(bool{client_->receive(to_client_.to_peer, year_2026, to_server_)});
    to_client_.to_peer.clear();
  }
  must(client_->is_handshake_complete() && server_->is_handshake_complete());
}

Connection TocsinPair::half_open_server() {
  Output hello, flight;
  must(bool{Connection::client(configs_.client, server_name, year_2026, hello)});
  Connection server = std::move(*Connection::server(configs_.server));
  must(bool{server.receive(hello.to_peer, year_2026, flight)});
  return server;
}

Connection TocsinPair::established_server() {
  handshake();
  transfer(bytes_of("a request"));
  to_client_.to_peer.clear();
  must(bool{server_->send(bytes_of("an answer"), to_client_)});
  client_.reset();
  return *std::exchange(server_, std::nullopt);
}

void TocsinPair::transfer(ByteView data) {
  to_server_.to_peer.clear();
  to_client_.application_data.clear();
  must(bool{client_->send(data, to_server_)});
  must(bool{server_->receive(to_server_.to_peer, year_2026, to_client_)});
  must(to_client_.application_data.size() == data.size());
}

}  // namespace tocsin::bench
