// What was sent and received, and the keys that follow from it.
#include <algorithm>

#include "core/crypto/tls12/key_schedule.h"
#include "core/wire/tls12/key_exchange.h"
#include "core/wire/tls12/new_session_ticket.h"
#include "core/wire/tls12/server_hello.h"
#include "harnesses/script/encoding.h"
#include "harnesses/script/tls12/honest_peer.h"

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

/// What a client has to send before it may be served, behind its hello.
enum class Resumed : std::uint8_t { no, yes };
bool proves_client(std::string_view trace, ClientAuthentication asked, Resumed is_resumed) {
  if (is_resumed == Resumed::yes) return trace.starts_with("sf");
  if (asked == ClientAuthentication::none) return trace.starts_with("xsf");
  return trace.starts_with("cxvsf") || (asked == ClientAuthentication::optional && trace.starts_with("nxsf"));
}

}  // namespace

void HonestPeer::take_sent(What what, ByteView message) {
  // A HelloRequest is no part of a handshake (RFC 5246 7.4.1.1), and what begins another is none of this one.
  const bool is_hello_request = !message.empty() && message[0] == static_cast<std::uint8_t>(HandshakeType::hello_request);
  if (is_hello_request || (what == What::retry && is_hello_seen_)) return;
  (void)transcript_.add_sent(message);
  if ((what == What::hello || what == What::retry) && config_.role == Role::client && !is_hello_seen_) {
    is_hello_seen_ = true;
    client_random_ = random_in(message);
  }
  if (what == What::hello && config_.role == Role::server && !is_started_) {
    server_random_ = random_in(message);
    is_started_ =
        static_cast<bool>(transcript_.start_and_keep(*config_.provider, hash_of(suite_), handshake::TranscriptForm::message));
    if (is_resumed_) resume();
  }
  if (what == What::new_session_ticket && config_.role == Role::server) given_ticket_ = ticket_in(message);
  if (what == What::client_key_exchange && config_.role == Role::client) derive_keys();
}

void HonestPeer::take_sent_change_cipher_spec() { is_write_protected_ = is_write_protected_ || write_.has_value(); }

void HonestPeer::take_received(const dissect::RecordView& record) {
  if (!is_read_protected_) {
    tell_of_received(record.type, record.fragment, Keys::plaintext, 0);
    if (record.type == ContentType::handshake) take_messages(record.fragment);
    is_read_protected_ = record.type == ContentType::change_cipher_spec && read_;
    return;
  }
  const std::uint64_t sequence = read_sequence_++;
  if (record.fragment.size() <= read_->overhead_bytes()) return;
  Bytes content(record.fragment.size() - read_->overhead_bytes());
  if (!read_->open({sequence, record.type, 0x0303}, record.fragment, content)) return;
  tell_of_received(record.type, content, Keys::application, 0);
  if (record.type == ContentType::handshake) take_messages(content);
}

void HonestPeer::take_message(const dissect::MessageView& message) {
  if (message.type == HandshakeType::hello_request) return;
  if (message.type == HandshakeType::client_hello && !is_hello_seen_) take_client_hello(message.bytes);
  if (message.type == HandshakeType::server_hello && !is_started_) return take_server_hello(message.bytes);
  (void)transcript_.add_received({message.bytes});
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

void HonestPeer::take_client_hello(ByteView message) {
  is_hello_seen_ = true;
  if (config_.watcher != nullptr) config_.watcher->on_client_hello(message);
  client_random_ = random_in(message);
  const auto hello = wire::decode_client_hello(message.subspan(header_bytes));
  if (!hello) return;
  offered_id_.assign(hello->legacy_session_id.begin(), hello->legacy_session_id.end());
  if (hello->session_ticket) offered_ticket_.assign(hello->session_ticket->begin(), hello->session_ticket->end());
  if (!hello->supported_groups) return;
  for (const NamedGroup group : *hello->supported_groups)
    if (!group_ && std::ranges::find(config_.groups, group) != config_.groups.end()) group_ = group;
}

void HonestPeer::take_server_hello(ByteView message) {
  const auto hello = wire::tls12::decode_server_hello(message.subspan(header_bytes));
  if (!hello) return;
  server_random_ = hello->random;
  suite_ = hello->cipher_suite;
  is_started_ =
      static_cast<bool>(transcript_.start_and_keep(*config_.provider, hash_of(suite_), handshake::TranscriptForm::message));
  (void)transcript_.add_received({message});
  given_id_.assign(hello->session_id.begin(), hello->session_id.end());
  is_resumed_ = !offered_id_.empty() && given_id_ == offered_id_;
  if (!is_resumed_) return;
  if (config_.watcher != nullptr) config_.watcher->on_resumption();
  resume();
}

// Once: what a script sends a second time changes no keys.
void HonestPeer::derive_keys() {
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

void HonestPeer::resume() {
  if (write_) return;
  master_ = Secret(config_.session->master.view());
  expand_keys();
}

void HonestPeer::expand_keys() {
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

void HonestPeer::seal(ContentType type, ByteView content, std::size_t, Keys, Bytes& out) {
  append(out, record::make_header(type, 0x0303, content.size() + write_->overhead_bytes()));
  (void)write_->seal({write_sequence_++, type, 0x0303}, content, out);
}

std::shared_ptr<const Session> HonestPeer::session() const {
  if (master_.empty()) return nullptr;
  auto session = std::make_shared<Session>();
  session->suite = suite_;
  session->master = Secret(master_.view());
  session->ticket = given_ticket_;
  if (given_ticket_.empty()) session->id = given_id_;
  return session;
}

// Warnings may come between.
bool HonestPeer::proves(std::string_view trace) const {
  const std::string behind = without(trace, 'a');
  if (config_.role == Role::client) {
    const auto hellos = behind.find_first_not_of("hr");  // a client's retry is a ClientHello
    return hellos == 1 && proves_client(std::string_view(behind).substr(1), config_.client_authentication,
                                        is_resumed_ ? Resumed::yes : Resumed::no);
  }
  const std::string answers = without(behind, 'r');  // HelloRequests
  if (is_resumed_) return answers.starts_with("hsf") || answers.starts_with("htsf");
  for (const std::string_view honest : {"hckzsf", "hckqzsf", "hckztsf", "hckqztsf"})
    if (answers.starts_with(honest)) return true;
  return false;
}

}  // namespace tocsin::script::tls12
