// What was sent and received, and the keys that follow from it.
#include <algorithm>

#include "core/crypto/tls12/key_schedule.h"
#include "core/wire/tls12/key_exchange.h"
#include "core/wire/tls12/new_session_ticket.h"
#include "core/wire/tls12/server_hello.h"
#include "harnesses/script/encoding.h"
#include "harnesses/script/tls12/handshake.h"

namespace tocsin::script::tls12 {
namespace {

constexpr std::size_t header_bytes = 4;

/// Of a hello of either end, with its header; as far as it goes.
wire::Random random_in(ByteView message) {
  constexpr std::size_t random_at = header_bytes + 2;
  wire::Random random{};
  if (message.size() >= random_at + random.size())
    std::copy_n(message.begin() + static_cast<std::ptrdiff_t>(random_at), random.size(), random.begin());
  return random;
}

/// With its header; empty if it is none.
Bytes ticket_in(ByteView message) {
  const auto ticket = wire::tls12::decode_new_session_ticket(message.subspan(std::min(message.size(), header_bytes)));
  return ticket ? Bytes(ticket->ticket.begin(), ticket->ticket.end()) : Bytes{};
}

}  // namespace

void Handshake::take_sent(What what, ByteView message, std::uint16_t message_seq) {
  // A HelloRequest is no part of a handshake (RFC 5246 7.4.1.1), and what begins another is none of this one.
  const bool is_hello_request = !message.empty() && message[0] == static_cast<std::uint8_t>(HandshakeType::hello_request);
  if (is_hello_request || (what == What::retry && is_hello_seen_)) return;
  if (what == What::hello && config_.role == Role::server && is_hello_seen_ && !is_started_) {
    server_random_ = random_in(message);
    is_started_ = static_cast<bool>(transcript_.start_and_keep(*config_.provider, hash_of(suite_), form()));
  }
  (void)transcript_.add_received({message, message_seq});
  if ((what == What::hello || what == What::retry) && config_.role == Role::client && !is_hello_seen_) {
    is_hello_seen_ = true;
    client_random_ = random_in(message);
  }
  if (what == What::hello && config_.role == Role::server && is_resumed_) resume();
  if (what == What::new_session_ticket && config_.role == Role::server) given_ticket_ = ticket_in(message);
  if (what == What::client_key_exchange && config_.role == Role::client) derive_keys();
}

void Handshake::take_received(const dissect::MessageView& message, std::uint16_t message_seq) {
  if (message.type == HandshakeType::hello_request) return;
  if (message.type == HandshakeType::client_hello && !is_hello_seen_) take_client_hello(message.bytes);
  if (message.type == HandshakeType::server_hello && !is_started_) return take_server_hello(message.bytes, message_seq);
  (void)transcript_.add_received({message.bytes, message_seq});
  if (message.type == HandshakeType::new_session_ticket) given_ticket_ = ticket_in(message.bytes);
  if (message.type == HandshakeType::server_key_exchange) {
    const auto exchange = wire::tls12::decode_server_key_exchange(message.body);
    if (!exchange) return;
    group_ = exchange->params.group;
    public_key_.assign(exchange->params.public_key.begin(), exchange->params.public_key.end());
  }
  if (message.type == HandshakeType::client_key_exchange) {
    const auto exchange = wire::tls12::decode_client_key_exchange(message.body);
    if (!exchange) return;
    public_key_.assign(exchange->public_key.begin(), exchange->public_key.end());
    derive_keys();
  }
}

void Handshake::take_client_hello(ByteView message) {
  is_hello_seen_ = true;
  if (config_.watcher != nullptr) config_.watcher->on_client_hello(message);
  client_random_ = random_in(message);
  const ByteView body = message.subspan(header_bytes);
  const auto hello = is_over_datagrams() ? wire::decode_dtls_client_hello(body) : wire::decode_client_hello(body);
  if (!hello) return;
  offered_id_.assign(hello->legacy_session_id.begin(), hello->legacy_session_id.end());
  if (hello->session_ticket) offered_ticket_.assign(hello->session_ticket->begin(), hello->session_ticket->end());
  if (!hello->supported_groups) return;
  for (const NamedGroup group : *hello->supported_groups)
    if (!group_ && std::ranges::find(config_.groups, group) != config_.groups.end()) group_ = group;
}

void Handshake::take_server_hello(ByteView message, std::uint16_t message_seq) {
  if (!is_hello_seen_) return;
  const auto hello = wire::tls12::decode_server_hello(message.subspan(header_bytes));
  if (!hello) return;
  server_random_ = hello->random;
  suite_ = hello->cipher_suite;
  is_started_ = static_cast<bool>(transcript_.start_and_keep(*config_.provider, hash_of(suite_), form()));
  (void)transcript_.add_received({message, message_seq});
  given_id_.assign(hello->session_id.begin(), hello->session_id.end());
  is_resumed_ = !offered_id_.empty() && given_id_ == offered_id_;
  if (!is_resumed_) return;
  if (config_.watcher != nullptr) config_.watcher->on_resumption();
  resume();
}

void Handshake::begin_again(ByteView cookie) {
  transcript_ = handshake::Transcript();
  is_hello_seen_ = is_started_ = is_resumed_ = false;
  for (Bytes* of_session : {&offered_id_, &offered_ticket_, &given_id_, &given_ticket_}) of_session->clear();
  cookie_.assign(cookie.begin(), cookie.end());
  group_.reset();
  key_pair_.reset();
  public_key_.clear();
  master_ = Secret();
  write_.reset();
  read_.reset();
}

// Once: what a script sends a second time changes no keys.
void Handshake::derive_keys() {
  if (!key_pair_ || public_key_.empty() || !is_started_ || write_) return;
  Provider& provider = *config_.provider;
  const HashAlgorithm hash = hash_of(suite_);
  const auto premaster = key_pair_->derive(public_key_);
  const auto session_hash = transcript_.current();
  if (!premaster || !session_hash) return;
  auto master = crypto::tls12::extended_master_secret(provider, hash, *premaster, *session_hash);
  if (!master) return;
  master_ = std::move(*master);
  expand_keys();
}

void Handshake::resume() {
  if (write_) return;
  master_ = Secret(config_.session->master.view());
  expand_keys();
}

void Handshake::expand_keys() {
  Provider& provider = *config_.provider;
  using record::tls12::Protection;
  const auto block =
      crypto::tls12::key_block(provider, suite_, Protection::fixed_iv_bytes(suite_), master_, client_random_, server_random_);
  if (!block) return;
  const bool is_client = config_.role == Role::client;
  auto of_client = provider.aead(suite_, block->client_write_key);
  auto of_server = provider.aead(suite_, block->server_write_key);
  if (!of_client || !of_server) return;
  write_.emplace(std::move(is_client ? *of_client : *of_server), is_client ? block->client_write_iv : block->server_write_iv);
  read_.emplace(std::move(is_client ? *of_server : *of_client), is_client ? block->server_write_iv : block->client_write_iv);
}

std::shared_ptr<const Session> Handshake::session() const {
  if (master_.empty()) return nullptr;
  auto session = std::make_shared<Session>();
  session->suite = suite_;
  session->master = Secret(master_.view());
  session->ticket = given_ticket_;
  if (given_ticket_.empty()) session->id = given_id_;
  return session;
}

}  // namespace tocsin::script::tls12
