#include "harnesses/bench/libssl_pair.h"

#include <array>

namespace tocsin::bench {
namespace {

constexpr std::size_t record_room_bytes = 1 << 15;

/// What a plain user of libssl would set: nothing but the algorithms, so that all contenders do the same, and no tickets.
void configure(SSL_CTX* context) {
  must(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
       SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") == 1 && SSL_CTX_set1_groups_list(context, "X25519") == 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  must(SSL_CTX_set_num_tickets(context, 0) == 1);
}

}  // namespace

LibsslPair::LibsslPair()
    : server_context_(SSL_CTX_new(TLS_server_method())), client_context_(SSL_CTX_new(TLS_client_method())) {
  configure(server_context_.get());
  configure(client_context_.get());
  must(SSL_CTX_use_certificate(server_context_.get(), server_certificate().get()) == 1 &&
       SSL_CTX_use_PrivateKey(server_context_.get(), server_key().get()) == 1);
  must(X509_STORE_add_cert(SSL_CTX_get_cert_store(client_context_.get()), authority_certificate().get()) == 1);
  SSL_CTX_set_verify(client_context_.get(), SSL_VERIFY_PEER, nullptr);
  received_.resize(record_room_bytes);
}

void LibsslPair::connect() {
  client_.reset(SSL_new(client_context_.get()));
  server_.reset(SSL_new(server_context_.get()));
  BIO *client_end = nullptr, *server_end = nullptr;
  must(BIO_new_bio_pair(&client_end, record_room_bytes, &server_end, record_room_bytes) == 1);
  SSL_set_bio(client_.get(), client_end, client_end);
  SSL_set_bio(server_.get(), server_end, server_end);
  SSL_set_connect_state(client_.get());
  SSL_set_accept_state(server_.get());
  must(SSL_set_tlsext_host_name(client_.get(), server_name.data()) == 1 &&
       SSL_set1_host(client_.get(), server_name.data()) == 1);
}

void LibsslPair::handshake() {
  connect();
  must(SSL_do_handshake(client_.get()) != 1 && SSL_do_handshake(server_.get()) != 1);
  must(SSL_do_handshake(client_.get()) == 1 && SSL_do_handshake(server_.get()) == 1);
}

LibsslPair::Connection LibsslPair::half_open_server() {
  connect();
  must(SSL_do_handshake(client_.get()) != 1 && SSL_do_handshake(server_.get()) != 1);
  return take_server();
}

LibsslPair::Connection LibsslPair::established_server() {
  constexpr std::array<std::uint8_t, 9> text{};
  std::size_t moved = 0;
  handshake();
  transfer(text);
  must(SSL_write_ex(server_.get(), text.data(), text.size(), &moved) == 1);
  return take_server();
}

LibsslPair::Connection LibsslPair::take_server() {
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
