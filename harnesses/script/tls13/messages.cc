// Building messages: honest ones, for the transcript so far.
#include <algorithm>

#include "core/handshake/tls13/certificate_verify.h"
#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"
#include "core/wire/server_hello.h"
#include "harnesses/script/encoding.h"
#include "harnesses/script/tls13/honest_peer.h"

namespace tocsin::script::tls13 {

bool HonestPeer::sends(What what) const {
  return what != What::server_key_exchange && what != What::server_hello_done && what != What::client_key_exchange &&
         what != What::other_message && what != What::handshake_bytes && !is_call_of_end(what);
}

Bytes HonestPeer::build(const Step& step) {
  switch (step.what) {
    case What::hello:
      return config_.role == Role::server ? build_server_hello(step.argument) : build_client_hello(step.argument, false);
    case What::retry:
      return config_.role == Role::server ? build_retry(step.argument) : build_client_hello(step.argument, true);
    case What::encrypted_extensions: {
      wire::EncryptedExtensions message;
      const auto hello = client_hello_.empty() ? Result<wire::ClientHello>(wire::ClientHello{})
                                               : wire::decode_client_hello(ByteView(client_hello_).subspan(4));
      if (hello && hello->application_protocols && !config_.application_protocols.empty())
        message.application_protocol = bytes_of(config_.application_protocols.front());
      return encoded(message);
    }
    case What::certificate_request: {
      const Bytes schemes = codes(std::vector{SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::rsa_pss_rsae_sha256});
      wire::CertificateRequest message;
      message.signature_algorithms = CodeList<SignatureScheme>(schemes);
      return encoded(message);
    }
    case What::certificate:
      return build_certificate();
    case What::certificate_verify:
      return build_certificate_verify();
    case What::finished:
      return build_finished();
    case What::new_session_ticket: {
      const std::array<std::uint8_t, 8> ticket{'t', 'i', 'c', 'k', 'e', 't', 0, 1};
      wire::NewSessionTicket message;
      message.ticket_lifetime_s = 3600;
      message.ticket_nonce = ByteView(ticket).last(1);
      message.ticket = ticket;
      return encoded(message);
    }
    case What::key_update:
      return encoded(wire::KeyUpdate{(step.argument & 1) != 0});
    case What::alert:
    case What::change_cipher_spec:
    case What::application_data:
    case What::other_message:
    case What::padded_data:
    case What::handshake_bytes:
    case What::end_sends:
    case What::end_updates_keys:
    case What::end_closes:
    case What::server_key_exchange:
    case What::server_hello_done:
    case What::client_key_exchange:
      break;
  }
  return empty_message(step);
}

Bytes HonestPeer::build_server_hello(std::uint8_t argument) {
  wire::ServerHello answer;
  (void)config_.provider->random(answer.random);
  const CipherSuite suite = config_.cipher_suites[argument % config_.cipher_suites.size()];
  if (!transcript_started_) start_transcript(suite);
  answer.cipher_suite = suite;
  answer.supported_version = ProtocolVersion::tls13;
  std::unique_ptr<KeyPair> pair;
  const auto hello = client_hello_.empty() ? Result<wire::ClientHello>(Fatal{Reason::message_malformed})
                                           : wire::decode_client_hello(ByteView(client_hello_).subspan(4));
  Secret shared;
  if (hello) answer.legacy_session_id_echo = hello->legacy_session_id;
  if (hello && hello->key_shares && !hello->key_shares->empty()) {
    const wire::KeyShareEntry share = *hello->key_shares->begin();
    if (auto generated = config_.provider->generate(share.group)) pair = std::move(*generated);
    if (pair)
      if (auto derived = pair->derive(share.key_exchange)) shared = *derived;
  }
  if (pair) answer.key_share = wire::KeyShareEntry{pair->group(), pair->public_key()};
  shared_ = shared;
  return encoded(answer);
}

Bytes HonestPeer::build_retry(std::uint8_t argument) {
  wire::HelloRetryRequest retry;
  const auto hello = client_hello_.empty() ? Result<wire::ClientHello>(Fatal{Reason::message_malformed})
                                           : wire::decode_client_hello(ByteView(client_hello_).subspan(4));
  if (hello) retry.legacy_session_id_echo = hello->legacy_session_id;
  suite_ = config_.cipher_suites[(argument >> 4) % config_.cipher_suites.size()];
  retry.cipher_suite = suite_;
  retry.supported_version = ProtocolVersion::tls13;
  constexpr std::array<std::uint8_t, 3> cookie{'c', 'o', 'o'};
  if ((argument & 8) != 0) retry.cookie = cookie;
  const std::size_t group = argument & 7;
  if (group < config_.groups.size()) retry.selected_group = config_.groups[group];
  if (!transcript_started_) {
    start_transcript(suite_);
    (void)transcript_.replace_by_message_hash(*config_.provider, hash_of(suite_));
  }
  return encoded(retry);
}

Bytes HonestPeer::build_client_hello(std::uint8_t argument, bool is_second) {
  if (!is_second) (void)config_.provider->random(random_);
  std::vector<NamedGroup> groups = config_.groups;
  std::rotate(groups.begin(), groups.begin() + (argument & 3) % static_cast<std::ptrdiff_t>(groups.size()), groups.end());
  if (!is_second || !key_pair_ || asked_for_) {
    if (auto pair = config_.provider->generate(asked_for_ && is_second ? *asked_for_ : groups.front()))
      key_pair_ = std::move(*pair);
  }
  const Bytes suites = codes(config_.cipher_suites), group_codes = codes(groups),
              schemes = codes(ClientConfig{}.signature_schemes), versions = codes(std::vector{ProtocolVersion::tls13}),
              names = names_of(config_.server_name), protocols = protocols_of(config_.application_protocols);
  Bytes shares;
  if (key_pair_ && ((argument & 4) == 0 || is_second)) {  // bit 2: no share, which asks for a HelloRetryRequest
    Writer out(shares);
    out.u16(static_cast<std::uint16_t>(key_pair_->group()));
    out.vector16(key_pair_->public_key());
  }
  wire::ClientHello message;
  message.random = random_;
  message.legacy_session_id = random_;
  message.cipher_suites = CodeList<CipherSuite>(suites);
  constexpr std::array<std::uint8_t, 1> null_compression{0};
  message.legacy_compression_methods = null_compression;
  message.server_names = wire::ServerNames(names);
  message.supported_groups = CodeList<NamedGroup>(group_codes);
  message.signature_algorithms = CodeList<SignatureScheme>(schemes);
  if (!protocols.empty()) message.application_protocols = wire::ProtocolNames(protocols);
  message.supported_versions = CodeList<ProtocolVersion>(versions);
  message.key_shares = wire::KeyShares(shares);
  return encoded(message);
}

Bytes HonestPeer::build_certificate() const {
  if (!config_.certificate) return encoded(wire::Certificate{});
  Bytes bytes;
  Writer out(bytes);
  wire::encode_certificate({}, config_.certificate->chain, out);
  return bytes;
}

Bytes HonestPeer::build_certificate_verify() {
  Bytes signature;
  wire::CertificateVerify message;
  const auto hash = transcript_started_ ? transcript_.current() : Result<Secret>(Secret{});
  if (const auto own = own_scheme_of(config_); own && hash) {
    message.algorithm = *own;
    (void)config_.certificate->key->sign(*own, handshake::tls13::CertificateVerifyContent(config_.role, *hash), signature);
  }
  message.signature = signature;
  return encoded(message);
}

Bytes HonestPeer::build_finished() {
  if (!handshake_) return encoded(wire::Finished{Secret(std::size_t{32}).view()});
  const auto hash = transcript_.current();
  const Secret& traffic = config_.role == Role::server ? handshake_->server_traffic : handshake_->client_traffic;
  const auto verify_data = crypto::finished_verify_data(*config_.provider, hash_of(suite_), traffic, *hash);
  return encoded(wire::Finished{verify_data->view()});
}

}  // namespace tocsin::script::tls13
