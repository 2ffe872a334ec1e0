// Receiving, and the keys that follow from what was sent and received.
#include <utility>

#include "core/wire/server_hello.h"
#include "harnesses/script/encoding.h"
#include "harnesses/script/tls13/honest_peer.h"

namespace tocsin::script::tls13 {
namespace {

std::size_t index_of(Keys keys) { return static_cast<std::size_t>(keys); }

/// What a client has to send behind its hellos before it may be served.
bool proves_client(std::string_view trace, ClientAuthentication asked) {
  if (asked == ClientAuthentication::none) return trace.starts_with('f');
  return trace.starts_with("cvf") || (asked == ClientAuthentication::optional && trace.starts_with("nf"));
}

}  // namespace

void HonestPeer::take_received(const dissect::RecordView& record) {
  if (record.type != ContentType::application_data) {
    tell_of_received(record.type, record.fragment, Keys::plaintext, 0);
    if (record.type == ContentType::handshake) take_messages(record.fragment);
    return;
  }
  auto& opener = openers_[index_of(read_keys_)];
  if (!opener) return;
  Bytes whole(record.bytes.begin(), record.bytes.end());
  const auto opened = opener->open(whole, record::plaintext_bytes_max + 1);
  if (!opened) return;
  const ByteView content = ByteView(whole).subspan(record::header_bytes, opened->content_bytes);
  tell_of_received(opened->type, content, read_keys_, read_updates_);
  if (opened->type == ContentType::handshake) take_messages(content);
}

void HonestPeer::take_message(const dissect::MessageView& message) {
  if (message.type == HandshakeType::key_update) {
    if (const auto next = crypto::next_traffic_secret(*config_.provider, hash_of(suite_), read_traffic_))
      install(Keys::application, {}, *next);
    ++read_updates_;
    return;
  }
  if (message.type == HandshakeType::server_hello) return take_server_hello(message);
  if (message.type == HandshakeType::client_hello) {
    if (config_.watcher != nullptr) config_.watcher->on_client_hello(message.bytes);
    client_hello_.assign(message.bytes.begin(), message.bytes.end());
  }
  (void)transcript_.add_received({message.bytes});
  if (message.type != HandshakeType::finished) return;
  if (config_.role == Role::client) derive_application_keys();
  if (openers_[index_of(Keys::application)]) read_keys_ = Keys::application;
}

void HonestPeer::take_server_hello(const dissect::MessageView& message) {
  const auto hello = wire::decode_server_hello(message.body);
  if (!hello) return;
  if (const auto* retry = std::get_if<wire::HelloRetryRequest>(&*hello)) {
    if (config_.watcher != nullptr) config_.watcher->on_retry(retry->selected_group);
    asked_for_ = retry->selected_group;
    start_transcript(retry->cipher_suite);
    (void)transcript_.replace_by_message_hash(*config_.provider, hash_of(suite_));
    (void)transcript_.add_received({message.bytes});
    return;
  }
  const auto& server = std::get<wire::ServerHello>(*hello);
  if (!transcript_started_) start_transcript(server.cipher_suite);
  (void)transcript_.add_received({message.bytes});
  if (!key_pair_ || !server.key_share) return;
  if (const auto shared = key_pair_->derive(server.key_share->key_exchange)) derive_handshake_keys(*shared);
}

void HonestPeer::take_sent(What what, ByteView message) {
  (void)transcript_.add_sent(message);
  if (what == What::hello && config_.role == Role::client) client_hello_.assign(message.begin(), message.end());
  // Once: a second hello is still protected by the keys of the first.
  if (config_.role == Role::server && what == What::hello && !shared_.empty() && !handshake_) derive_handshake_keys(shared_);
  if (what == What::finished && handshake_) {
    if (config_.role == Role::server && !application_) derive_application_keys();
    if (application_) write_keys_ = Keys::application;
  }
  if (what == What::key_update && application_) write_update_due_ = true;
}

void HonestPeer::end_flight() {
  if (!std::exchange(write_update_due_, false)) return;
  const auto next = crypto::next_traffic_secret(*config_.provider, hash_of(suite_), write_traffic_);
  if (!next) return;
  install(Keys::application, *next, {});
  ++write_updates_;
}

// RFC 9846 5: a change_cipher_spec is never protected.
Keys HonestPeer::keys_due(ContentType type) const {
  return type == ContentType::change_cipher_spec ? Keys::plaintext : write_keys_;
}

bool HonestPeer::has(Keys keys) const { return sealers_[index_of(keys)].has_value(); }

void HonestPeer::seal(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys, Bytes& out) {
  (void)sealers_[index_of(keys)]->seal(type, content, padding_bytes, out);
}

bool HonestPeer::proves(std::string_view trace) const {
  const std::string behind = without(trace, 's');
  if (config_.role == Role::client) {
    // A client's retry is a ClientHello, also where none was asked for.
    const std::size_t hellos = behind.find_first_not_of("hr");
    return hellos != std::string::npos && hellos >= 1 && hellos <= 2 &&
           proves_client(std::string_view(behind).substr(hellos), config_.client_authentication);
  }
  for (const std::string_view honest : {"hecvf", "heqcvf", "rhecvf", "rheqcvf"})
    if (behind.starts_with(honest)) return true;
  return false;
}

void HonestPeer::start_transcript(CipherSuite suite) {
  suite_ = suite;
  transcript_started_ =
      static_cast<bool>(transcript_.start(*config_.provider, hash_of(suite), handshake::TranscriptForm::message));
}

void HonestPeer::derive_handshake_keys(ByteView shared) {
  const auto hash = transcript_.current();
  auto secrets = crypto::handshake_secrets(*config_.provider, hash_of(suite_), shared, *hash);
  if (!secrets) return;
  handshake_ = std::move(*secrets);
  const bool is_server = config_.role == Role::server;
  install(Keys::handshake, is_server ? handshake_->server_traffic : handshake_->client_traffic,
          is_server ? handshake_->client_traffic : handshake_->server_traffic);
  write_keys_ = read_keys_ = Keys::handshake;
}

void HonestPeer::derive_application_keys() {
  if (!handshake_) return;
  const auto hash = transcript_.current();
  auto secrets = crypto::application_secrets(*config_.provider, hash_of(suite_), handshake_->master, *hash);
  if (!secrets) return;
  application_ = std::move(*secrets);
  const bool is_server = config_.role == Role::server;
  install(Keys::application, is_server ? application_->server_traffic : application_->client_traffic,
          is_server ? application_->client_traffic : application_->server_traffic);
}

void HonestPeer::install(Keys keys, ByteView write_traffic, ByteView read_traffic) {
  Provider& provider = *config_.provider;
  if (!write_traffic.empty()) {
    const auto made = crypto::traffic_keys(provider, suite_, write_traffic);
    if (auto aead = provider.aead(suite_, made->key)) sealers_[index_of(keys)].emplace(std::move(*aead), made->iv);
    write_traffic_ = Secret(write_traffic);
  }
  if (!read_traffic.empty()) {
    const auto made = crypto::traffic_keys(provider, suite_, read_traffic);
    if (auto aead = provider.aead(suite_, made->key)) openers_[index_of(keys)].emplace(std::move(*aead), made->iv);
    read_traffic_ = Secret(read_traffic);
  }
}

}  // namespace tocsin::script::tls13
