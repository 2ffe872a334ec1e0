#include "harnesses/bench/libssl_pair.h"

#include <array>

namespace tocsin::bench {
namespace {

constexpr std::size_t record_room_bytes = 1 << 15;
constexpr int flights_max = 8;

void join(SSL* client, SSL* server) {
  BIO *client_end = nullptr, *server_end = nullptr;
  must(BIO_new_bio_pair(&client_end, record_room_bytes, &server_end, record_room_bytes) == 1);
  SSL_set_bio(client, client_end, client_end);
  SSL_set_bio(server, server_end, server_end);
}

void join(SSL* client, SSL* server, DatagramQueue& to_client, DatagramQueue& to_server) {
  to_client.clear();
  to_server.clear();
  SSL_set_bio(client, new_bio(to_client), new_bio(to_server));
  SSL_set_bio(server, new_bio(to_server), new_bio(to_client));
}

}  // namespace

LibsslPair::LibsslPair(ProtocolVersion version)
    : is_dtls_(version == ProtocolVersion::dtls12), contexts_(libssl_contexts(version)), received_(record_room_bytes) {}

void LibsslPair::connect() {
  client_ = new_libssl_client(contexts_);
  server_ = new_libssl_server(contexts_);
  if (is_dtls_) {
    join(client_.get(), server_.get(), to_client_, to_server_);
  } else {
    join(client_.get(), server_.get());
  }
}

void LibsslPair::handshake() {
  connect();
  for (int flight = 0; flight < flights_max; ++flight) {
    const bool client_is_done = SSL_do_handshake(client_.get()) == 1, server_is_done = SSL_do_handshake(server_.get()) == 1;
    if (client_is_done && server_is_done) return;
  }
  must(false);
}

LibsslConnection LibsslPair::server_after(int flights) {
  connect();
  for (int flight = 0; flight < flights; ++flight)
    must(SSL_do_handshake(client_.get()) != 1 && SSL_do_handshake(server_.get()) != 1);
  return take_server();
}

LibsslConnection LibsslPair::established_server() {
  constexpr std::array<std::uint8_t, 9> text{};
  std::size_t moved = 0;
  handshake();
  transfer(text);
  must(SSL_write_ex(server_.get(), text.data(), text.size(), &moved) == 1);
  return take_server();
}

LibsslConnection LibsslPair::take_server() {
  SSL_set_bio(server_.get(), nullptr, nullptr);
  client_.reset();
  return std::move(server_);
}

void LibsslPair::transfer(std::span<const std::uint8_t> data) {
  std::size_t moved = 0;
  must(SSL_write_ex(client_.get(), data.data(), data.size(), &moved) == 1 && moved == data.size());
  must(SSL_read_ex(server_.get(), received_.data(), received_.size(), &moved) == 1 && moved == data.size());
}

}  // namespace tocsin::bench
