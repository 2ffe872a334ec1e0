// A DTLS 1.2 server on Mbed TLS that does what upstream's sample dtls_server did when its test was flaky (issue #9652): it
// serves one client after the other, and whatever arrives while it listens begins a handshake.
// test_late_close_notify.py shows with it what tocsin must not do.
//
// usage: mbedtls_server CERT.pem KEY.pem fatal|tolerated    what a failed handshake is: the end, or something to note
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cookie.h>
#include <mbedtls/timing.h>
#include <netinet/in.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

constexpr std::uint32_t read_timeout_ms = 10'000;
constexpr int exit_failure = 1, exit_usage = 2;

// What must not fail for the sample to make sense.
void must(int result, const char* what) {
  if (result == 0) return;
  std::printf("mbedtls_server: %s: -0x%04x\n", what, static_cast<unsigned>(-result));
  std::exit(exit_failure);
}

class Server {
 public:
  Server(const char* certificate_path, const char* key_path);
  /// 0: the handshake is done, or asked for the cookie; otherwise what Mbed TLS gave.
  int greet();
  void serve();

 private:
  mbedtls_net_context listener_{-1}, client_{-1};
  mbedtls_entropy_context entropy_;
  mbedtls_ctr_drbg_context random_;
  mbedtls_x509_crt certificate_;
  mbedtls_pk_context key_;
  mbedtls_ssl_cookie_ctx cookie_;
  mbedtls_timing_delay_context timer_{};
  mbedtls_ssl_config config_;
  mbedtls_ssl_context ssl_;
};

Server::Server(const char* certificate_path, const char* key_path) {
  mbedtls_entropy_init(&entropy_);
  mbedtls_ctr_drbg_init(&random_);
  mbedtls_x509_crt_init(&certificate_);
  mbedtls_pk_init(&key_);
  mbedtls_ssl_cookie_init(&cookie_);
  mbedtls_ssl_config_init(&config_);
  mbedtls_ssl_init(&ssl_);
  must(mbedtls_ctr_drbg_seed(&random_, mbedtls_entropy_func, &entropy_, nullptr, 0), "mbedtls_ctr_drbg_seed");
  must(mbedtls_x509_crt_parse_file(&certificate_, certificate_path), "mbedtls_x509_crt_parse_file");
  must(mbedtls_pk_parse_keyfile(&key_, key_path, nullptr), "mbedtls_pk_parse_keyfile");
  must(mbedtls_ssl_config_defaults(&config_, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT),
       "mbedtls_ssl_config_defaults");
  mbedtls_ssl_conf_rng(&config_, mbedtls_ctr_drbg_random, &random_);
  mbedtls_ssl_conf_read_timeout(&config_, read_timeout_ms);
  must(mbedtls_ssl_conf_own_cert(&config_, &certificate_, &key_), "mbedtls_ssl_conf_own_cert");
  must(mbedtls_ssl_cookie_setup(&cookie_, mbedtls_ctr_drbg_random, &random_), "mbedtls_ssl_cookie_setup");
  mbedtls_ssl_conf_dtls_cookies(&config_, mbedtls_ssl_cookie_write, mbedtls_ssl_cookie_check, &cookie_);
  must(mbedtls_ssl_setup(&ssl_, &config_), "mbedtls_ssl_setup");
  mbedtls_ssl_set_timer_cb(&ssl_, &timer_, mbedtls_timing_set_delay, mbedtls_timing_get_delay);

  must(mbedtls_net_bind(&listener_, "127.0.0.1", "0", MBEDTLS_NET_PROTO_UDP), "mbedtls_net_bind");
  sockaddr_in address{};
  socklen_t size = sizeof address;
  must(getsockname(listener_.fd, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  std::printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
}

int Server::greet() {
  std::array<unsigned char, 16> peer{};
  std::size_t peer_bytes = 0;
  mbedtls_net_free(&client_);
  must(mbedtls_ssl_session_reset(&ssl_), "mbedtls_ssl_session_reset");
  // Waits for a datagram from anybody, and leaves it for the handshake to read.
  must(mbedtls_net_accept(&listener_, &client_, peer.data(), peer.size(), &peer_bytes), "mbedtls_net_accept");
  must(mbedtls_ssl_set_client_transport_id(&ssl_, peer.data(), peer_bytes), "mbedtls_ssl_set_client_transport_id");
  mbedtls_ssl_set_bio(&ssl_, &client_, mbedtls_net_send, mbedtls_net_recv, mbedtls_net_recv_timeout);
  int result = 0;
  do {
    result = mbedtls_ssl_handshake(&ssl_);
  } while (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE);
  return result;
}

// Answers one request, and closes without waiting for the client's close_notify. What comes from then on is the listener's.
void Server::serve() {
  std::array<unsigned char, 2048> request{};
  const int bytes = mbedtls_ssl_read(&ssl_, request.data(), request.size());
  if (bytes > 0) mbedtls_ssl_write(&ssl_, request.data(), static_cast<std::size_t>(bytes));
  mbedtls_ssl_close_notify(&ssl_);
  mbedtls_net_free(&client_);
  if (bytes > 0) {
    std::printf("answered, closed, listening again\n");
  } else {
    std::printf("mbedtls_ssl_read: -0x%04x\n", static_cast<unsigned>(-bytes));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view errors = argc == 4 ? argv[3] : "";
  if (errors != "fatal" && errors != "tolerated") {
    std::fprintf(stderr, "usage: mbedtls_server CERT.pem KEY.pem fatal|tolerated\n");
    return exit_usage;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  Server server(argv[1], argv[2]);
  for (;;) {
    const int result = server.greet();
    if (result == 0) {
      server.serve();
    } else if (result != MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) {
      std::array<char, 200> words{};
      mbedtls_strerror(result, words.data(), words.size());
      std::printf("mbedtls_ssl_handshake: -0x%04x: %s\n", static_cast<unsigned>(-result), words.data());
      if (errors == "fatal") return exit_failure;
    }
  }
}
