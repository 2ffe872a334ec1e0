#include "harnesses/stacks/tocsin/connection.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "harnesses/testdata/testdata.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::stacks {
namespace {

template <class T>
T must(Result<T, ConfigError> made) {
  if (made) return std::move(*made);
  std::fprintf(stderr, "the tocsin peer cannot be set up: %s\n", made.error().message.c_str());
  std::abort();
}

const std::shared_ptr<Provider>& provider() {
  static const std::shared_ptr<Provider> shared = must(make_openssl_provider());
  return shared;
}

std::shared_ptr<const CertifiedKey> certified_key(CertificateKind kind) {
  static std::array<std::shared_ptr<const CertifiedKey>, std::size(all_certificate_kinds)> keys;
  auto& key = keys.at(static_cast<std::size_t>(kind));
  const std::string name{file_name_of(kind)};
  if (key == nullptr) key = must(certified_key_from_pem(testdata::pem(name), testdata::pem(name + ".key")));
  return key;
}

void set_common(CommonConfig& to, const PeerConfig& from, KeyLog key_log) {
  to.key_log = std::move(key_log);
  to.provider = provider();
  static_cast<Preferences&>(to) = from;
  to.cipher_suites = suites_of(from);
  to.sessions = from.sessions;
  to.session_lifetime_s = peers_session_lifetime_s;
  // As OpenSSL has them.
  to.limits.client_hello_bytes_max = 131396;
  to.limits.other_message_bytes_max = 65607;
}

}  // namespace

std::shared_ptr<const CertifiedKey> certified_key_of(ClientCertificate certificate) {
  if (certificate == ClientCertificate::none) return nullptr;
  static std::array<std::shared_ptr<const CertifiedKey>, std::size(all_client_certificates)> keys;
  auto& key = keys.at(static_cast<std::size_t>(certificate));
  const std::string name{file_name_of(certificate)};
  if (key == nullptr) key = must(certified_key_from_pem(testdata::pem(name), testdata::pem(name + ".key")));
  return key;
}

ServerConfig tocsin_server_config(const PeerConfig& config, KeyLog key_log) {
  ServerConfig made;
  set_common(made, config, std::move(key_log));
  made.certificates = {certified_key(config.certificate)};
  made.ticket_secret = Secret(config.ticket_secret);
  static const auto client_verifier = must(trust_clients_pem(testdata::pem("client-ca")));
  made.client_authentication = config.client_authentication;
  if (config.client_authentication != ClientAuthentication::none) made.client_verifier = client_verifier;
  return made;
}

ClientConfig tocsin_client_config(const PeerConfig& config, KeyLog key_log) {
  static const auto verifier = must(trust_pem(testdata::pem("ca")));
  ClientConfig made;
  set_common(made, config, std::move(key_log));
  made.session_lifetime_s = 86400;  // it is the server that has to refuse what is too old
  made.verifier = verifier;
  made.key_shares = config.key_shares;
  made.middlebox_compatibility = config.middlebox_compatibility;
  if (const auto key = certified_key_of(config.client_certificate)) made.certificates = {key};
  return made;
}

TocsinConnection::TocsinConnection(ServerConfig config, EntryPoint entry_point)
    : server_config_(std::make_shared<const ServerConfig>(std::move(config))) {
  if (entry_point == EntryPoint::direct)
    connection_ = std::move(*Connection::server(server_config_));
  else
    acceptor_.emplace(server_config_->limits);
}

TocsinConnection::TocsinConnection(ClientConfig config, std::string_view server_name, UnixSeconds now, Output& out)
    : now_{{}, now} {
  auto made = Connection::client(std::make_shared<const ClientConfig>(std::move(config)), server_name, now_, out);
  if (made)
    connection_ = std::move(*made);
  else
    error_ = made.error();
}

Outcome TocsinConnection::receive(ByteView from_peer, Output& out) {
  if (error_) return *error_;
  return noted(connection_ ? connection_->receive(from_peer, now_, out) : accept(from_peer, out));
}

Outcome TocsinConnection::receive_end_of_stream(Output& out) {
  if (error_) return *error_;
  return noted(connection_ ? connection_->receive_end_of_stream(out) : acceptor_->receive_end_of_stream(out));
}

Outcome TocsinConnection::accept(ByteView from_peer, Output& out) {
  TOCSIN_TRY_SET(std::optional<Accepted> accepted, acceptor_->receive(from_peer, out));
  if (!accepted) return Done{};
  auto made = std::move(*accepted).into_connection(server_config_, now_, out);
  if (!made) return made.error();
  connection_ = std::move(*made);
  return Done{};
}

Outcome TocsinConnection::noted(Outcome outcome) {
  if (!outcome && outcome.error().misuse() == nullptr && !error_) error_ = outcome.error();
  return outcome;
}

}  // namespace tocsin::stacks
