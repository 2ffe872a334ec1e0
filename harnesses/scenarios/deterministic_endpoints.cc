#include "harnesses/scenarios/deterministic_endpoints.h"

#include "harnesses/provider/auditing_provider.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/scenarios/configs.h"

namespace tocsin::harness {
namespace {

std::shared_ptr<Provider> audited(std::uint64_t seed) {
  return make_auditing_provider(make_deterministic_provider(seed), std::make_shared<SealRecord>());
}

RecordLimits record_limits_of(const Input& input) { return record_limits(client_options(input), server_options(input)); }

std::shared_ptr<const CertifiedKey> client_key(stacks::ClientCertificate certificate) {
  const auto schemes = stacks::schemes_of(certificate);
  auto made = std::make_shared<CertifiedKey>(*deterministic_certified_key("client", schemes.front()));
  if (!stacks::is_trusted(certificate)) made->chain.front().back() ^= 1;  // in the issuer's word
  return made;
}

}  // namespace

ServerConfig deterministic_server(const Input& input) {
  static const auto certificate = deterministic_certified_key(deterministic_name);
  ServerConfig config = server_config(input, audited(2 * std::uint64_t{input.option(Tag::seed, 0)}), certificate);
  if (config.client_authentication != ClientAuthentication::none) config.client_verifier = deterministic_client_verifier();
  return config;
}

ClientConfig deterministic_client(const Input& input) {
  static const auto verifier = deterministic_verifier();
  ClientConfig config = client_config(input, audited(2 * std::uint64_t{input.option(Tag::seed, 0)} + 1), verifier);
  const stacks::ClientCertificate certificate = client_options(input).client_certificate;
  if (certificate != stacks::ClientCertificate::none) config.certificates = {client_key(certificate)};
  return config;
}

script::ScriptedPeerConfig deterministic_scripted_peer(const Input& input, stacks::Role role) {
  script::ScriptedPeerConfig config{role, make_deterministic_provider(input.option(Tag::seed, 0) + 1000u), nullptr};
  if (role == stacks::Role::server) {
    static const auto certificate = deterministic_certified_key(deterministic_name);
    config.certificate = certificate;
    config.application_protocols = server_options(input).application_protocols;
  } else {
    const ClientConfig client = deterministic_client(input);
    config.application_protocols = client.application_protocols;
    if (!client.certificates.empty()) config.certificate = client.certificates.front();
    config.client_authentication = server_options(input).client_authentication;
  }
  return config;
}

CheckOptions checks_of_server(const Input& input) {
  CheckOptions options = checks_of_any_end();
  options.record_limit = record_limits_of(input).of_server;
  return options;
}

CheckOptions checks_of_client(const Input& input) {
  CheckOptions options = checks_of_any_end();
  options.record_limit = record_limits_of(input).of_client;
  return options;
}

CheckOptions checks_of_any_end() {
  static const std::shared_ptr<Provider> opening = make_deterministic_provider(0);
  CheckOptions options;
  options.opening = opening;
  return options;
}

}  // namespace tocsin::harness
