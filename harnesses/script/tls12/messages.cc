// Building messages: honest ones, for what has gone over the wire so far.
#include <algorithm>

#include "core/crypto/tls12/key_schedule.h"
#include "core/handshake/tls12/keys.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/finished.h"
#include "core/wire/tls12/certificate.h"
#include "core/wire/tls12/key_exchange.h"
#include "core/wire/tls12/new_session_ticket.h"
#include "core/wire/tls12/server_hello.h"
#include "harnesses/script/encoding.h"
#include "harnesses/script/tls12/handshake.h"

namespace tocsin::script::tls12 {
namespace {

constexpr std::array<std::uint8_t, 1> uncompressed{0};
constexpr std::array<std::uint8_t, 6> ticket_of_server{'t', 'i', 'c', 'k', 'e', 't'};
constexpr std::array<std::uint8_t, 7> id_of_server{'s', 'e', 's', 's', 'i', 'o', 'n'};
// RFC 5077 3.4: by its echo a client knows that its ticket was taken.
constexpr std::array<std::uint8_t, 6> id_beside_ticket{'b', 'e', 's', 'i', 'd', 'e'};

bool names_ecdsa(CipherSuite suite) {
  return suite == CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256 || suite == CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384 ||
         suite == CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256;
}

}  // namespace

bool Handshake::sends(What what) const {
  constexpr What of_both[] = {What::hello, What::certificate, What::finished};
  constexpr What of_server[] = {What::certificate_request, What::server_key_exchange, What::server_hello_done,
                                What::new_session_ticket};
  constexpr What of_client[] = {What::certificate_verify, What::client_key_exchange, What::retry};
  if (std::ranges::count(of_both, what) != 0) return true;
  return config_.role == Role::server ? std::ranges::count(of_server, what) != 0 : std::ranges::count(of_client, what) != 0;
}

Bytes Handshake::build(const Step& step) {
  switch (step.what) {
    case What::hello:
      return config_.role == Role::server ? build_server_hello(step.argument) : build_client_hello(step.argument);
    case What::retry:
      return config_.role == Role::server ? encoded(wire::tls12::HelloRequest{}) : build_client_hello(step.argument);
    case What::certificate:
      return build_certificate();
    case What::certificate_request:
      return build_certificate_request();
    case What::server_key_exchange:
      return build_server_key_exchange();
    case What::server_hello_done:
      return encoded(wire::tls12::ServerHelloDone{});
    case What::client_key_exchange:
      return build_client_key_exchange();
    case What::certificate_verify:
      return build_certificate_verify();
    case What::finished:
      return build_finished();
    case What::new_session_ticket: {
      return encoded(wire::tls12::NewSessionTicket{3600, ticket_of_server});
    }
    case What::encrypted_extensions:
    case What::key_update:
    case What::alert:
    case What::change_cipher_spec:
    case What::application_data:
    case What::other_message:
    case What::padded_data:
    case What::handshake_bytes:
    case What::end_sends:
    case What::end_updates_keys:
    case What::end_closes:
      break;
  }
  return empty_message(step);
}

std::vector<CipherSuite> Handshake::suites_of_server() const {
  const auto own = own_scheme_of(config_);
  const bool is_ecdsa = own == SignatureScheme::ecdsa_secp256r1_sha256 || own == SignatureScheme::ecdsa_secp384r1_sha384;
  std::vector<CipherSuite> suites;
  for (const CipherSuite suite : config_.cipher_suites)
    if (version_of(suite) == ProtocolVersion::tls12 && names_ecdsa(suite) == is_ecdsa) suites.push_back(suite);
  return suites;
}

bool Handshake::is_session_offered() const {
  if (!config_.session || offered_id_.empty()) return false;
  const Session& own = *config_.session;
  return own.ticket.empty() ? offered_id_ == own.id : offered_ticket_ == own.ticket;
}

Bytes Handshake::build_server_hello(std::uint8_t argument) {
  const std::uint8_t which = argument & ~(promises_ticket | resumes_nothing);
  if (!is_started_) is_resumed_ = is_session_offered() && (argument & resumes_nothing) == 0;
  const std::vector<CipherSuite> suites = suites_of_server();
  CipherSuite suite = suite_;
  if (is_resumed_ && which == 0)
    suite = config_.session->suite;
  else if (!suites.empty())
    suite = suites[which % suites.size()];
  if (!is_started_) suite_ = suite;  // one that a script sends a second time changes nothing
  wire::tls12::ServerHello answer;
  (void)config_.provider->random(answer.random);
  if (is_over_datagrams()) answer.server_version = static_cast<std::uint16_t>(ProtocolVersion::dtls12);
  answer.cipher_suite = suite;
  if (is_resumed_)
    answer.session_id = offered_id_;
  else if (config_.begins_session == SessionBy::id)
    answer.session_id = given_id_ = Bytes(id_of_server.begin(), id_of_server.end());
  answer.extended_master_secret = true;
  answer.renegotiated_connection = ByteView{};
  if (!config_.application_protocols.empty()) answer.application_protocol = bytes_of(config_.application_protocols.front());
  answer.session_ticket = (argument & promises_ticket) != 0;
  return encoded(answer);
}

Bytes Handshake::build_client_hello(std::uint8_t argument) {
  wire::ClientHello message;
  (void)config_.provider->random(message.random);
  if (is_over_datagrams()) {
    message.legacy_version = static_cast<std::uint16_t>(ProtocolVersion::dtls12);
    message.dtls_cookie = (argument & 128) != 0 ? ByteView{} : cookie_;
    if (!cookie_.empty()) message.random = client_random_;
  }
  std::vector<CipherSuite> own;
  for (const CipherSuite suite : config_.cipher_suites)
    if (version_of(suite) == ProtocolVersion::tls12) own.push_back(suite);
  if (!own.empty()) std::rotate(own.begin(), own.begin() + argument % static_cast<std::ptrdiff_t>(own.size()), own.end());
  const Bytes suites = codes(own), groups = codes(config_.groups), schemes = codes(ClientConfig{}.signature_schemes),
              names = names_of(config_.server_name), protocols = protocols_of(config_.application_protocols);
  message.cipher_suites = CodeList<CipherSuite>(suites);
  message.legacy_compression_methods = uncompressed;
  if (config_.session) {
    message.legacy_session_id = config_.session->ticket.empty() ? ByteView(config_.session->id) : ByteView(id_beside_ticket);
    if (!config_.session->ticket.empty()) message.session_ticket = config_.session->ticket;
    if (!is_hello_seen_) offered_id_.assign(message.legacy_session_id.begin(), message.legacy_session_id.end());
  } else if (config_.begins_session == SessionBy::ticket) {
    message.session_ticket = ByteView{};
  }
  message.server_names = wire::ServerNames(names);
  message.supported_groups = CodeList<NamedGroup>(groups);
  message.signature_algorithms = CodeList<SignatureScheme>(schemes);
  if (!protocols.empty()) message.application_protocols = wire::ProtocolNames(protocols);
  message.ec_point_formats = uncompressed;
  message.extended_master_secret = true;
  message.renegotiated_connection = ByteView{};
  return encoded(message);
}

Bytes Handshake::build_certificate() const {
  Bytes bytes;
  Writer out(bytes);
  wire::tls12::encode_certificate(config_.certificate ? config_.certificate->chain : std::vector<Bytes>{}, out);
  return bytes;
}

Bytes Handshake::build_certificate_request() const {
  constexpr std::array<std::uint8_t, 2> types{64, 1};  // ecdsa_sign, rsa_sign
  const Bytes schemes = codes(std::vector{SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::rsa_pss_rsae_sha256});
  return encoded(wire::tls12::CertificateRequest{types, CodeList<SignatureScheme>(schemes), {}});
}

void Handshake::generate(NamedGroup group) {
  if (auto pair = config_.provider->generate(group)) key_pair_ = std::move(*pair);
}

Bytes Handshake::build_server_key_exchange() {
  if (!key_pair_) generate(group_.value_or(config_.groups.front()));
  Bytes signature;
  const auto own = own_scheme_of(config_);
  if (!key_pair_ || !own) return {12, 0, 0, 0};
  const handshake::tls12::Randoms randoms{client_random_, server_random_};
  const Bytes content = handshake::tls12::server_key_exchange_content(randoms, key_pair_->group(), key_pair_->public_key());
  (void)config_.certificate->key->sign(*own, content, signature);
  return encoded(wire::tls12::ServerKeyExchange{{key_pair_->group(), key_pair_->public_key()}, *own, signature});
}

Bytes Handshake::build_client_key_exchange() {
  if (!key_pair_) generate(group_.value_or(config_.groups.front()));
  return key_pair_ ? encoded(wire::tls12::ClientKeyExchange{key_pair_->public_key()}) : Bytes{16, 0, 0, 0};
}

Bytes Handshake::build_certificate_verify() const {
  const auto own = own_scheme_of(config_);
  if (!own) return {15, 0, 0, 0};
  Bytes signature;
  (void)config_.certificate->key->sign(*own, transcript_.kept(), signature);
  return encoded(wire::CertificateVerify{*own, signature});
}

Bytes Handshake::build_finished() {
  const auto hash = is_started_ ? transcript_.current() : Result<Secret>(Secret{});
  if (master_.empty() || !hash) return encoded(wire::Finished{Secret(crypto::tls12::verify_data_bytes).view()});
  const auto compute = config_.role == Role::client ? crypto::tls12::client_verify_data : crypto::tls12::server_verify_data;
  const auto verify_data = compute(*config_.provider, hash_of(suite_), master_, *hash);
  return encoded(wire::Finished{verify_data->view()});
}

}  // namespace tocsin::script::tls12
