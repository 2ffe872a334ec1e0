#include "harnesses/stacks/openssl/context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "harnesses/testdata/testdata.h"

namespace tocsin::stacks {
namespace {

// The system's openssl.cnf would change what libssl accepts. It is read when anybody first uses libcrypto, so this comes before
// main. Nor does libcrypto clean up at the end: in a process that used little of it, it then makes something and leaks it.
const int is_set_up = OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr);

using CtxPtr = OpenSslPtr<SSL_CTX, SSL_CTX_free>;
using BioPtr = OpenSslPtr<BIO, BIO_free>;
using X509Ptr = OpenSslPtr<X509, X509_free>;
using KeyPtr = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "the OpenSSL peer cannot be set up: %s\n", what);
  ERR_print_errors_fp(stderr);
  std::abort();
}

std::string_view openssl_name(CipherSuite suite) {
  switch (suite) {
    case CipherSuite::aes_128_gcm_sha256:
      return "TLS_AES_128_GCM_SHA256";
    case CipherSuite::aes_256_gcm_sha384:
      return "TLS_AES_256_GCM_SHA384";
    case CipherSuite::chacha20_poly1305_sha256:
      return "TLS_CHACHA20_POLY1305_SHA256";
    case CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256:
      return "ECDHE-ECDSA-AES128-GCM-SHA256";
    case CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384:
      return "ECDHE-ECDSA-AES256-GCM-SHA384";
    case CipherSuite::ecdhe_rsa_aes_128_gcm_sha256:
      return "ECDHE-RSA-AES128-GCM-SHA256";
    case CipherSuite::ecdhe_rsa_aes_256_gcm_sha384:
      return "ECDHE-RSA-AES256-GCM-SHA384";
    case CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256:
      return "ECDHE-RSA-CHACHA20-POLY1305";
    case CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256:
      return "ECDHE-ECDSA-CHACHA20-POLY1305";
  }
  return "";
}

std::string_view openssl_name(NamedGroup group) {
  switch (group) {
    case NamedGroup::secp256r1:
      return "P-256";
    case NamedGroup::secp384r1:
      return "P-384";
    case NamedGroup::x25519:
      return "X25519";
  }
  return "";
}

std::string_view openssl_name(SignatureScheme scheme) { return name_of(scheme); }  // libssl knows IANA's names

template <class Code>
std::string list_of(const std::vector<Code>& codes) {
  std::string list;
  for (const Code code : codes) {
    if (!list.empty()) list += ':';
    list += openssl_name(code);
  }
  return list;
}

Bytes alpn_wire(const std::vector<std::string>& protocols) {
  Bytes wire;
  for (const std::string& protocol : protocols) {
    wire.push_back(static_cast<std::uint8_t>(protocol.size()));
    append(wire, bytes_of(protocol));
  }
  return wire;
}

// As in tocsin: the server's preference counts; without a common protocol the handshake fails; a server without ALPN ignores
// it.
int choose_application_protocol(SSL* ssl, const unsigned char** out, unsigned char* out_bytes, const unsigned char* offered,
                                unsigned offered_bytes, void*) {
  const auto& config = *static_cast<const PeerConfig*>(SSL_get_ex_data(ssl, config_ex_data));
  if (config.application_protocols.empty()) return SSL_TLSEXT_ERR_NOACK;
  for (const std::string& ours : config.application_protocols) {
    for (unsigned at = 0; at < offered_bytes; at += 1u + offered[at]) {
      if (ours != text_of({offered + at + 1, offered[at]})) continue;
      *out = offered + at + 1;
      *out_bytes = offered[at];
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

BioPtr bio_of(std::string_view text) { return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

X509Ptr certificate_of(std::string_view name) {
  X509Ptr certificate(PEM_read_bio_X509(bio_of(testdata::pem(name)).get(), nullptr, nullptr, nullptr));
  require(certificate != nullptr, "certificate");
  return certificate;
}

KeyPtr key_of(std::string_view name) {
  KeyPtr key(PEM_read_bio_PrivateKey(bio_of(testdata::pem(std::string(name) + ".key")).get(), nullptr, nullptr, nullptr));
  require(key != nullptr, "key");
  return key;
}

void trust(SSL_CTX* ctx, std::string_view authority) {
  X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), certificate_of(authority).get());
  X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(ctx), static_cast<time_t>(peers_now));
}

void set_up_server(SSL_CTX* ctx, CertificateKind kind) {
  const std::string_view name = file_name_of(kind);
  require(SSL_CTX_use_certificate(ctx, certificate_of(name).get()) == 1 && SSL_CTX_use_PrivateKey(ctx, key_of(name).get()) == 1,
          "certificate and key");
  trust(ctx, "client-ca");
  constexpr unsigned char session_context[] = "peers";  // who verifies clients has to name one
  SSL_CTX_set_session_id_context(ctx, session_context, sizeof session_context);
  SSL_CTX_set_alpn_select_cb(ctx, choose_application_protocol, nullptr);
  SSL_CTX_set_options(ctx, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_ANTI_REPLAY);
  // No tickets, and those that a client may show are looked at under a key that never changes.
  std::array<unsigned char, 80> ticket_keys{};
  require(
      SSL_CTX_set_num_tickets(ctx, 0) == 1 && SSL_CTX_set_tlsext_ticket_keys(ctx, ticket_keys.data(), ticket_keys.size()) == 1,
      "tickets");
}

void set_up_client(SSL_CTX* ctx) {
  trust(ctx, "ca");
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, nullptr);
}

// What every connection has unless its PeerConfig differs from this one.
const PeerConfig& usual() {
  static const PeerConfig config;
  return config;
}

const SSL_METHOD* method_of(Transport transport, Role role) {
  if (transport == Transport::datagram) return role == Role::server ? DTLS_server_method() : DTLS_client_method();
  return role == Role::server ? TLS_server_method() : TLS_client_method();
}

// No tickets: sealed in them is the time.
void set_up_datagrams(SSL_CTX* ctx) {
  require(SSL_CTX_set_cipher_list(ctx, list_of(tls12_suites_of(usual().cipher_suites)).c_str()) == 1, "cipher suites");
  SSL_CTX_set_options(ctx, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
}

CtxPtr make_ctx(Transport transport, Role role, CertificateKind kind) {
  CtxPtr ctx(SSL_CTX_new(method_of(transport, role)));
  const int version = transport == Transport::datagram ? DTLS1_2_VERSION : TLS1_3_VERSION;
  require(ctx != nullptr && SSL_CTX_set_min_proto_version(ctx.get(), version) == 1 &&
              SSL_CTX_set_max_proto_version(ctx.get(), version) == 1,
          "version");
  if (transport == Transport::datagram)
    set_up_datagrams(ctx.get());
  else
    require(SSL_CTX_set_ciphersuites(ctx.get(), list_of(usual().cipher_suites).c_str()) == 1, "cipher suites");
  require(SSL_CTX_set1_groups_list(ctx.get(), list_of(usual().groups).c_str()) == 1, "groups");
  require(SSL_CTX_set1_sigalgs_list(ctx.get(), list_of(usual().signature_schemes).c_str()) == 1 &&
              SSL_CTX_set1_client_sigalgs_list(ctx.get(), list_of(usual().signature_schemes).c_str()) == 1,
          "signature schemes");
  SSL_CTX_set_session_cache_mode(ctx.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(ctx.get(), SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (role == Role::server)
    set_up_server(ctx.get(), kind);
  else
    set_up_client(ctx.get());
  return ctx;
}

SSL_CTX* ctx_for(Transport transport, Role role, CertificateKind kind) {
  struct Contexts {
    CtxPtr client;
    std::array<CtxPtr, std::size(all_certificate_kinds)> servers;
  };
  static std::array<Contexts, 2> all;
  Contexts& of_transport = all.at(static_cast<std::size_t>(transport));
  CtxPtr& ctx = role == Role::client ? of_transport.client : of_transport.servers.at(static_cast<std::size_t>(kind));
  if (ctx == nullptr) ctx = make_ctx(transport, role, kind);
  return ctx.get();
}

// One of each, parsed once.
struct ClientIdentity {
  X509Ptr certificate;
  KeyPtr key;
};
const ClientIdentity& identity_of(ClientCertificate certificate) {
  static std::array<ClientIdentity, std::size(all_client_certificates)> identities;
  ClientIdentity& identity = identities.at(static_cast<std::size_t>(certificate));
  const std::string_view name = file_name_of(certificate);
  if (identity.key == nullptr) identity = {certificate_of(name), key_of(name)};
  return identity;
}

void set_versions(SSL* ssl, const PeerConfig& config) {
  if (config.versions == usual().versions) return;
  const auto [lowest, highest] = std::ranges::minmax(config.versions);
  require(SSL_set_min_proto_version(ssl, static_cast<int>(lowest)) == 1 &&
              SSL_set_max_proto_version(ssl, static_cast<int>(highest)) == 1,
          "versions");
  if (!speaks(config, ProtocolVersion::tls12)) return;
  require(SSL_set_cipher_list(ssl, list_of(tls12_suites_of(config.cipher_suites)).c_str()) == 1, "cipher suites of TLS 1.2");
  SSL_set_options(ssl, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
}

void show_certificate(SSL* ssl, ClientCertificate certificate) {
  if (certificate == ClientCertificate::none) return;
  const ClientIdentity& identity = identity_of(certificate);
  require(SSL_use_certificate(ssl, identity.certificate.get()) == 1 && SSL_use_PrivateKey(ssl, identity.key.get()) == 1,
          "client's certificate and key");
}

void ask_for_certificate(SSL* ssl, const PeerConfig& config) {
  if (config.client_authentication == ClientAuthentication::none) return;
  const bool is_required = config.client_authentication == ClientAuthentication::required;
  SSL_set_verify(ssl, SSL_VERIFY_PEER | (is_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
  require(SSL_set1_client_sigalgs_list(ssl, list_of(config.signature_schemes).c_str()) == 1, "signature schemes of clients");
}

void set_up_client_connection(SSL* ssl, const PeerConfig& config) {
  show_certificate(ssl, config.client_certificate);
  const char* name = config.server_name.c_str();
  // RFC 6066 3: an address is not sent as a name.
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) != 1)
    require(SSL_set_tlsext_host_name(ssl, name) == 1 && SSL_set1_host(ssl, name) == 1, "server name");
  if (config.signature_schemes != usual().signature_schemes)
    require(SSL_set1_sigalgs_list(ssl, list_of(config.signature_schemes).c_str()) == 1, "signature schemes");
  if (config.max_fragment_length != MaxFragmentLength::none)
    require(SSL_set_tlsext_max_fragment_length(ssl, static_cast<std::uint8_t>(config.max_fragment_length)) == 1,
            "fragment length");
  if (!config.application_protocols.empty()) {
    const Bytes wire = alpn_wire(config.application_protocols);
    require(SSL_set_alpn_protos(ssl, wire.data(), static_cast<unsigned>(wire.size())) == 0, "ALPN");  // 0 is success here
  }
  SSL_set_connect_state(ssl);
}

}  // namespace

void set_up_libcrypto() { require(is_set_up == 1, "libcrypto"); }

std::string_view openssl_version() { return OpenSSL_version(OPENSSL_VERSION_STRING); }

Names names_of(const PeerConfig& config) {
  return {list_of(config.cipher_suites), list_of(tls12_suites_of(config.cipher_suites)), list_of(config.groups),
          list_of(config.signature_schemes)};
}

SslPtr make_ssl(Role role, const PeerConfig& config, Transport transport) {
  SslPtr ssl(SSL_new(ctx_for(transport, role, config.certificate)));
  require(ssl != nullptr, "SSL_new");
  if (transport == Transport::datagram) {
    require(SSL_set_mtu(ssl.get(), static_cast<long>(config.mtu_bytes)) != 0, "MTU");
    if (role == Role::server && config.cookie_exchange) SSL_set_options(ssl.get(), SSL_OP_COOKIE_EXCHANGE);
  }
  if (config.cipher_suites != usual().cipher_suites)
    require((transport == Transport::datagram
                 ? SSL_set_cipher_list(ssl.get(), list_of(tls12_suites_of(config.cipher_suites)).c_str())
                 : SSL_set_ciphersuites(ssl.get(), list_of(config.cipher_suites).c_str())) == 1,
            "cipher suites");
  if (transport == Transport::stream) set_versions(ssl.get(), config);
  if (config.groups != usual().groups) require(SSL_set1_groups_list(ssl.get(), list_of(config.groups).c_str()) == 1, "groups");
  if (!config.middlebox_compatibility) SSL_clear_options(ssl.get(), SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
  if (config.padding_block_bytes > 1) SSL_set_block_padding(ssl.get(), config.padding_block_bytes);
  if (role == Role::client) {
    set_up_client_connection(ssl.get(), config);
  } else {
    SSL_set_ex_data(ssl.get(), config_ex_data, const_cast<PeerConfig*>(&config));
    ask_for_certificate(ssl.get(), config);
    SSL_set_accept_state(ssl.get());
  }
  return ssl;
}

}  // namespace tocsin::stacks
