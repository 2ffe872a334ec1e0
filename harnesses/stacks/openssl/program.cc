#include "harnesses/stacks/openssl/program.h"

#include <algorithm>

#include "harnesses/stacks/openssl/context.h"

namespace tocsin::stacks {
namespace {

std::string_view key_arguments(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::ecdsa_p256:
      return "ec -pkeyopt ec_paramgen_curve:P-256";
    case CertificateKind::ecdsa_p384:
      return "ec -pkeyopt ec_paramgen_curve:P-384";
    case CertificateKind::ecdsa_p521:
      return "ec -pkeyopt ec_paramgen_curve:P-521";
    case CertificateKind::ed25519:
      return "ed25519";
    case CertificateKind::rsa2048:
      return "rsa:2048";
  }
  __builtin_unreachable();
}

std::string bytes_in_c(ByteView bytes) {
  constexpr std::size_t in_a_line = 20;
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += i % in_a_line == 0 ? (i == 0 ? "  " : "\n  ") : " ";
    text += std::string("0x") + digits[bytes[i] >> 4] + digits[bytes[i] & 15] + ',';
  }
  return text;
}

std::string call(std::string_view name, const std::string& argument) { return "  " + std::string(name) + "(ctx, " + argument + ");\n"; }
std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string settings(const FirstFlight& flight) {
  const PeerConfig& config = flight.config;
  const Names names = names_of(config);
  const auto [lowest, highest] = std::ranges::minmax(config.versions);
  const auto code = [](ProtocolVersion version) {
    return std::string(version == ProtocolVersion::tls12 ? "TLS1_2_VERSION" : "TLS1_3_VERSION");
  };
  std::string text = call("SSL_CTX_set_min_proto_version", code(lowest)) + call("SSL_CTX_set_max_proto_version", code(highest)) +
                     call("SSL_CTX_set_ciphersuites", quoted(names.tls13_suites)) +
                     call("SSL_CTX_set_cipher_list", quoted(names.tls12_suites)) +
                     call("SSL_CTX_set1_groups_list", quoted(names.groups)) +
                     call("SSL_CTX_set1_sigalgs_list", quoted(names.signature_schemes));
  if (flight.receiver == Role::server) {
    text += call("SSL_CTX_use_certificate_chain_file", "\"cert.pem\"") +
            call("SSL_CTX_use_PrivateKey_file", "\"key.pem\", SSL_FILETYPE_PEM");
    if (config.client_authentication != ClientAuthentication::none)
      text += call("SSL_CTX_set_verify",
                   config.client_authentication == ClientAuthentication::required
                       ? "SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL"
                       : "SSL_VERIFY_PEER, NULL");
  }
  if (config.max_fragment_length != MaxFragmentLength::none && flight.receiver == Role::client)
    text += call("SSL_CTX_set_tlsext_max_fragment_length",
                 std::to_string(static_cast<unsigned>(config.max_fragment_length)));
  if (!config.application_protocols.empty() && flight.receiver == Role::client) {
    std::string wire;
    for (const std::string& protocol : config.application_protocols)
      wire += "\" \"\\" + std::string(1, static_cast<char>('0' + protocol.size() / 8)) +
              std::string(1, static_cast<char>('0' + protocol.size() % 8)) + "\" \"" + protocol;
    text += call("SSL_CTX_set_alpn_protos", "(const unsigned char *)\"" + wire + "\", sizeof(\"" + wire + "\") - 1");
  }
  return text;
}

// A client speaks first, and what comes must have its session id in the marker's place.
std::string client_speaks(const FirstFlight& flight) {
  std::string text =
      "  SSL_set_tlsext_host_name(ssl, \"" + flight.config.server_name +
      "\");\n  SSL_set_connect_state(ssl);\n  SSL_do_handshake(ssl);\n"
      "  unsigned char hello[4096];\n  BIO_read(from_it, hello, sizeof hello);  /* record, header, version, random: 43 bytes */\n";
  const std::string_view bytes = text_of(flight.bytes);
  for (std::size_t at = bytes.find(flight.session_id_marker); at != std::string_view::npos;
       at = bytes.find(flight.session_id_marker, at + 1))
    text += "  memcpy(sent + " + std::to_string(at) + ", hello + 44, 32);  /* its session id */\n";
  return text;
}

}  // namespace

std::string commands_for(const FirstFlight& flight) {
  std::string text;
  if (flight.receiver == Role::server)
    text += "openssl req -x509 -newkey " + std::string(key_arguments(flight.config.certificate)) +
            " -nodes -subj /CN=localhost -keyout key.pem -out cert.pem\n";
  return text + "cc first_flight.c -o first_flight -lssl -lcrypto\n./first_flight\n";
}

std::string program_for(const FirstFlight& flight) {
  const bool is_server = flight.receiver == Role::server;
  std::string text = R"(#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

static unsigned char sent[] = {
)" + bytes_in_c(flight.bytes) +
                     R"(
};

static void on_event(const SSL *ssl, int where, int value) {
  (void)ssl;
  if (where & SSL_CB_ALERT)
    printf("alert %s: %s\n", where & SSL_CB_READ ? "received" : "sent", SSL_alert_desc_string_long(value));
}

int main(void) {
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
  SSL_CTX *ctx = SSL_CTX_new()";
  text += is_server ? "TLS_server_method());\n" : "TLS_client_method());\n";
  text += settings(flight);
  text += R"(  SSL_CTX_set_info_callback(ctx, on_event);
  SSL *ssl = SSL_new(ctx);
  BIO *to_it = BIO_new(BIO_s_mem()), *from_it = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl, to_it, from_it);
)";
  text += is_server ? "  SSL_set_accept_state(ssl);\n" : client_speaks(flight);
  text += R"(  BIO_write(to_it, sent, sizeof sent);
  int result = SSL_do_handshake(ssl);
  int error = SSL_get_error(ssl, result);
  printf("OpenSSL %s %s; state: %s\n", OpenSSL_version(OPENSSL_VERSION_STRING),
         error == SSL_ERROR_WANT_READ ? "waits for more" : error == SSL_ERROR_NONE ? "is done" : "has ended it",
         SSL_state_string_long(ssl));
  return 0;
}
)";
  return text;
}

}  // namespace tocsin::stacks
