#pragma once
// What stacks do though the rules do not permit it, where the rules judge each stack by itself. One row each: stack; the first and the
// last of its versions in which it was seen; the rule; what the stack does instead; the seed that shows it; one sentence. A row holds
// for exactly that: this conduct, where this rule is broken. harnesses/scenarios/deviations_test.cc replays every seed.
// DEVIATIONS.md is generated from these rows.
#include <span>
#include <string_view>

#include "harnesses/differential/rules/judge.h"

// clang-format off
#define TOCSIN_DEVIATIONS(X) \
  X(openssl, "3.0.19", "3.0.19", extension_unsolicited, "goes on", "client_script/rule/extension_unsolicited/broken", "OpenSSL's client ignores an extension of EncryptedExtensions that it does not know and has not offered.") \
  X(openssl, "3.0.19", "3.0.19", extension_foreign, "goes on", "client_script/rule/extension_foreign/broken", "OpenSSL's client ignores an extension of EncryptedExtensions that it does not know, though it belongs elsewhere.") \
  X(openssl, "3.0.19", "3.0.19", alpn_not_offered, "refuses with decode_error", "client_script/rule/alpn_not_offered/broken", "OpenSSL's client answers an application protocol that it has not offered with decode_error.") \
  X(openssl, "3.0.19", "3.0.19", server_alpn_not_offered, "refuses with decode_error", "client_first_flight/rule/server_alpn_not_offered/broken", "OpenSSL's client answers an application protocol that it has not offered with decode_error in TLS 1.2, too.") \
  X(openssl, "3.0.19", "3.0.19", request_context_not_empty, "goes on", "client_script/rule/request_context_not_empty/broken", "OpenSSL's client takes a CertificateRequest with a context in the handshake.") \
  X(openssl, "3.0.19", "3.0.19", alert_before_client_hello, "refuses with unexpected_message", "server_script/rule/alert_before_client_hello/broken", "OpenSSL's server answers an alert that comes before the ClientHello with one of its own.") \
  X(openssl, "3.0.19", "3.0.19", change_cipher_spec_before_server_hello, "refuses with unexpected_message", "client_script/rule/change_cipher_spec_before_server_hello/broken", "OpenSSL's client refuses a change_cipher_spec before the ServerHello.") \
  X(openssl, "3.0.19", "3.0.19", hello_request, "goes on", "client_script/rule/hello_request/broken", "OpenSSL's client passes over a HelloRequest in TLS 1.3.") \
  X(openssl, "3.0.19", "3.0.19", key_update_length, "refuses with illegal_parameter", "server_script/rule/key_update_length/broken", "OpenSSL answers a KeyUpdate that is too long with illegal_parameter, as every message beyond its limits.") \
  X(openssl, "3.0.19", "3.0.19", certificate_not_valid, "refuses with decrypt_error", "client_script/rule/certificate_not_valid/broken", "OpenSSL's client answers a certificate whose signature is wrong with decrypt_error, which is for the handshake's own signatures.") \
  X(openssl, "3.0.19", "3.0.19", certificate_of_client_not_valid, "refuses with decrypt_error", "server_script/rule/certificate_of_client_not_valid/broken", "OpenSSL's server answers a certificate whose signature is wrong with decrypt_error, which is for the handshake's own signatures.")
// clang-format on

namespace tocsin::rules {

struct KnownDeviation {
  std::string_view stack, first_version, last_version;
  Rule rule;
  std::string_view conduct, seed, sentence;
};

std::span<const KnownDeviation> known_deviations();
/// The row that holds, whatever the version; null: none does. Of a stack that goes on each rule that binds it needs its row.
const KnownDeviation* known_deviation(std::string_view stack, const Reading& reading, std::string_view conduct);
/// Whether the rows were looked through with this version. What another one does besides is reported, and is no finding.
bool was_seen(std::string_view stack, std::string_view version);

}  // namespace tocsin::rules
