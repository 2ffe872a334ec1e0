#pragma once
// OpenSSL's side of a PeerConfig. A context costs milliseconds, so there is one for each transport, role and certificate, made
// at first use and kept; what a connection wants otherwise is set on the connection alone.
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "harnesses/stacks/peer_config.h"

namespace tocsin::stacks {

enum class Transport : std::uint8_t { stream, datagram };

template <auto free>
struct OpenSslFree {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
template <class T, auto free>
using OpenSslPtr = std::unique_ptr<T, OpenSslFree<free>>;
using SslSessionPtr = OpenSslPtr<SSL_SESSION, SSL_SESSION_free>;
using SslPtr = OpenSslPtr<SSL, SSL_free>;

/// Where a connection keeps its PeerConfig and its peer (SSL_set_ex_data); 0 would be SSL_set_app_data's.
inline constexpr int config_ex_data = 1, peer_ex_data = 2;

/// For who uses libcrypto and nothing else of this file: sees to it that the file is linked, and with it what is set before main.
void set_up_libcrypto();

/// Of the library that is linked: "3.0.19".
std::string_view openssl_version();

/// The lists of a configuration in the words of libssl: "TLS_AES_128_GCM_SHA256:...".
struct Names {
  std::string tls13_suites, tls12_suites, groups, signature_schemes;
};
Names names_of(const PeerConfig& config);

/// A connection object set up as config says, without BIOs; over datagrams of DTLS 1.2 only. Aborts if
/// libssl refuses the configuration: that would be a mistake in the harness. `config` must outlive the connection: the
/// server's ALPN choice looks into it.
SslPtr make_ssl(Role role, const PeerConfig& config, Transport transport = Transport::stream);

}  // namespace tocsin::stacks
