#include "harnesses/peers/tocsin_peer.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "core/base/types.h"
#include "harnesses/peers/records.h"
#include "harnesses/testdata/testdata.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::peers {
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

void set_common(CommonConfig& to, const PeerConfig& from) {
  to.provider = provider();
  to.cipher_suites = from.cipher_suites;
  to.groups = from.groups;
  to.application_protocols = from.application_protocols;
  to.record_size_limit = from.record_size_limit;
  to.padding_block_bytes = from.padding_block_bytes;
}

// The alert at the end of what a failing call sent. A protected record shows only that there is one.
std::optional<AlertSeen> alert_in(ByteView sent, Reason why) {
  std::optional<RecordSeen> last;
  while (const auto record = take_record(sent)) last = record;
  if (!last || !sent.empty()) return std::nullopt;
  if (last->type == static_cast<std::uint8_t>(ContentType::alert) && last->fragment.size() == 2)
    return AlertSeen{last->fragment[0], last->fragment[1], true};
  if (last->type != static_cast<std::uint8_t>(ContentType::application_data)) return std::nullopt;
  return AlertSeen{static_cast<std::uint8_t>(AlertLevel::fatal), static_cast<std::uint8_t>(alert_for(why)), false};
}

}  // namespace

std::shared_ptr<const ServerConfig> tocsin_server_config(const PeerConfig& config) {
  auto made = std::make_shared<ServerConfig>();
  set_common(*made, config);
  made->certificates = {certified_key(config.certificate)};
  return made;
}

std::shared_ptr<const ClientConfig> tocsin_client_config(const PeerConfig& config) {
  static const auto verifier = must(trust_pem(testdata::pem("ca")));
  auto made = std::make_shared<ClientConfig>();
  set_common(*made, config);
  made->verifier = verifier;
  made->key_shares = config.key_shares;
  made->middlebox_compatibility = config.middlebox_compatibility;
  made->signature_schemes = config.signature_schemes;
  return made;
}

std::unique_ptr<TocsinPeer> TocsinPeer::server(const PeerConfig& config, std::uint64_t seed, WayIn way_in,
                                               CallWatcher watcher) {
  auto server_config = tocsin_server_config(config);
  Way way;
  if (way_in == WayIn::direct)
    way = Connection::server(std::move(server_config));
  else
    way = Listening{Acceptor(server_config->limits), server_config};
  return std::unique_ptr<TocsinPeer>(new TocsinPeer(std::move(way), seed, std::move(watcher)));
}

std::unique_ptr<TocsinPeer> TocsinPeer::client(const PeerConfig& config, std::uint64_t seed, CallWatcher watcher) {
  std::unique_ptr<TocsinPeer> peer(new TocsinPeer({}, seed, std::move(watcher)));
  peer->call([&](Output& out) -> Outcome {
    auto made = Connection::client(tocsin_client_config(config), config.server_name, peers_now, out);
    if (!made) return made.error();
    peer->way_ = std::move(*made);
    return Done{};
  });
  return peer;
}

bool TocsinPeer::call(const std::function<Outcome(Output&)>& what) {
  const std::size_t sent_before = output_.to_peer.size(), received_before = output_.application_data.size();
  output_.events.clear();
  const Outcome outcome = [&] {
    const UseRandomStream use(random_);
    return what(output_);
  }();
  const ByteView sent = ByteView(output_.to_peer).subspan(sent_before);
  if (!outcome && outcome.error().misuse() == nullptr && !error_) {
    error_ = outcome.error();
    if (const Fatal* fatal = error_->fatal()) alert_sent_ = alert_in(sent, fatal->why);
  }
  if (watcher_)
    watcher_({outcome, sent, ByteView(output_.application_data).subspan(received_before), output_.events, connection()});
  return static_cast<bool>(outcome);
}

Outcome TocsinPeer::receive_by(Listening& listening, ByteView from_other_end, Output& out) {
  TOCSIN_TRY_SET(std::optional<Accepted> accepted, listening.acceptor.receive(from_other_end, out));
  if (!accepted) return Done{};
  auto made = std::move(*accepted).into_connection(listening.config, out);
  if (!made) return made.error();
  way_ = std::move(*made);
  return Done{};
}

void TocsinPeer::receive(ByteView from_other_end) {
  call([&](Output& out) -> Outcome {
    if (auto* listening = std::get_if<Listening>(&way_)) return receive_by(*listening, from_other_end, out);
    return std::get<Connection>(way_).receive(from_other_end, out);
  });
}

void TocsinPeer::receive_end_of_stream() {
  call([&](Output& out) -> Outcome {
    if (auto* listening = std::get_if<Listening>(&way_)) return listening->acceptor.receive_end_of_stream(out);
    return std::get<Connection>(way_).receive_end_of_stream(out);
  });
}

bool TocsinPeer::send(ByteView application_data) {
  return connection() != nullptr && call([&](Output& out) { return std::get<Connection>(way_).send(application_data, out); });
}

bool TocsinPeer::update_keys(KeyUpdateRequest request) {
  return connection() != nullptr && call([&](Output& out) { return std::get<Connection>(way_).update_keys(request, out); });
}

bool TocsinPeer::close() {
  return connection() != nullptr && call([&](Output& out) { return std::get<Connection>(way_).close(out); });
}

std::optional<Bytes> TocsinPeer::export_keying_material(std::string_view label, ByteView context, std::size_t size_bytes) {
  Bytes key(size_bytes);
  const bool exported = connection() != nullptr && call([&](Output& out) {
                          return std::get<Connection>(way_).export_keying_material(label, context, key, out);
                        });
  if (!exported) return std::nullopt;
  return key;
}

Status TocsinPeer::status() const {
  if (error_) return Status::failed;
  return connection() != nullptr && connection()->is_handshake_complete() ? Status::complete : Status::handshaking;
}

std::optional<AlertSeen> TocsinPeer::alert_received() const {
  if (!error_ || error_->peer_alert() == nullptr) return std::nullopt;
  return AlertSeen{0, static_cast<std::uint8_t>(error_->peer_alert()->description), false};
}

}  // namespace tocsin::peers
