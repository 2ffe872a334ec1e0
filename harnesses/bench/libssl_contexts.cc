#include "harnesses/bench/libssl_contexts.h"

#include <algorithm>
#include <array>
#include <span>

namespace tocsin::bench {
namespace {

using Cookie = std::array<std::uint8_t, 32>;

/// What stands for the peer's address here, under a MAC whose objects are made beforehand.
Cookie make_cookie() {
  static const Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> context = [] {
    const Owned<EVP_MAC, EVP_MAC_free> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> made(EVP_MAC_CTX_new(mac.get()));
    char name[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", name, 0), OSSL_PARAM_construct_end()};
    must(EVP_MAC_CTX_set_params(made.get(), parameters) == 1);
    return made;
  }();
  constexpr std::array<std::uint8_t, 32> key{1};
  constexpr std::array<std::uint8_t, 6> address{192, 0, 2, 1, 0x11, 0x51};
  Cookie cookie;
  std::size_t cookie_bytes = 0;
  must(EVP_MAC_init(context.get(), key.data(), key.size(), nullptr) == 1 &&
       EVP_MAC_update(context.get(), address.data(), address.size()) == 1 &&
       EVP_MAC_final(context.get(), cookie.data(), &cookie_bytes, cookie.size()) == 1);
  return cookie;
}

int generate_cookie(SSL*, unsigned char* out, unsigned* cookie_bytes) {
  const Cookie cookie = make_cookie();
  std::ranges::copy(cookie, out);
  *cookie_bytes = cookie.size();
  return 1;
}

int verify_cookie(SSL*, const unsigned char* cookie, unsigned cookie_bytes) {
  return std::ranges::equal(make_cookie(), std::span(cookie, cookie_bytes)) ? 1 : 0;
}

// P-256 stands for the certificate's curve, which TLS 1.2 takes from the same list (RFC 8422 5.1.1).
void configure(SSL_CTX* context, ProtocolVersion version) {
  const int number = static_cast<int>(version);
  must(SSL_CTX_set_min_proto_version(context, number) == 1 && SSL_CTX_set_max_proto_version(context, number) == 1 &&
       SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") == 1 &&
       SSL_CTX_set_cipher_list(context, "ECDHE-ECDSA-AES128-GCM-SHA256") == 1 &&
       SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_QUERY_MTU);
  must(SSL_CTX_set_num_tickets(context, 0) == 1);
}

}  // namespace

LibsslContexts libssl_contexts(ProtocolVersion version) {
  const bool is_dtls = version == ProtocolVersion::dtls12;
  LibsslContexts made;
  made.server.reset(SSL_CTX_new(is_dtls ? DTLS_server_method() : TLS_server_method()));
  made.client.reset(SSL_CTX_new(is_dtls ? DTLS_client_method() : TLS_client_method()));
  configure(made.server.get(), version);
  configure(made.client.get(), version);
  must(SSL_CTX_use_certificate(made.server.get(), server_certificate().get()) == 1 &&
       SSL_CTX_use_PrivateKey(made.server.get(), server_key().get()) == 1);
  must(X509_STORE_add_cert(SSL_CTX_get_cert_store(made.client.get()), authority_certificate().get()) == 1);
  SSL_CTX_set_verify(made.client.get(), SSL_VERIFY_PEER, nullptr);
  if (is_dtls) {
    SSL_CTX_set_options(made.server.get(), SSL_OP_COOKIE_EXCHANGE);
    SSL_CTX_set_cookie_generate_cb(made.server.get(), generate_cookie);
    SSL_CTX_set_cookie_verify_cb(made.server.get(), verify_cookie);
  }
  return made;
}

LibsslConnection new_libssl_client(const LibsslContexts& contexts) {
  LibsslConnection client(SSL_new(contexts.client.get()));
  SSL_set_connect_state(client.get());
  SSL_set_mtu(client.get(), datagram_bytes_max);
  must(SSL_set_tlsext_host_name(client.get(), server_name.data()) == 1 && SSL_set1_host(client.get(), server_name.data()) == 1);
  return client;
}

LibsslConnection new_libssl_server(const LibsslContexts& contexts) {
  LibsslConnection server(SSL_new(contexts.server.get()));
  SSL_set_accept_state(server.get());
  SSL_set_mtu(server.get(), datagram_bytes_max);
  return server;
}

}  // namespace tocsin::bench
