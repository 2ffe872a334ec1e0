#include "harnesses/scenarios/listen_run.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "core/dtls/cookie.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::string_view name = "localhost";

PeerAddress address(std::size_t number) { return {192, 0, 2, static_cast<std::uint8_t>(number)}; }

std::shared_ptr<const ClientConfig> client_config(std::uint64_t seed, const Input& input) {
  static const auto verifier = deterministic_verifier();
  auto config = std::make_shared<ClientConfig>();
  config->provider = make_deterministic_provider(seed);
  config->verifier = verifier;
  config->connection_id_bytes = input.option(Tag::client_connection_id, 0) % 2 == 0 ? 0 : 5;
  return config;
}

std::shared_ptr<const ServerConfig> server_config(std::shared_ptr<Provider> provider, const Input& input) {
  static const auto certificate = deterministic_certified_key(name);
  auto config = std::make_shared<ServerConfig>();
  config->provider = std::move(provider);
  config->certificates = {certificate};
  if (const std::uint8_t drawn = input.option(Tag::server_connection_id, 0) % 16; drawn != 0)
    config->connection_id_bytes = static_cast<std::uint8_t>(drawn + 3);
  return config;
}

}  // namespace

struct ListenRun::Client {
  Client(std::uint64_t seed, const Input& input, Instant now)
      : client(std::move(*DatagramClient::start(client_config(seed, input), name, at(now), out))) {}
  DatagramOutput out;
  DatagramClient client;
};

ListenRun::ListenRun(const Input& input)
    : input_(input), seed_(8 * std::uint64_t{input.option(Tag::seed, 0)}), provider_(make_deterministic_provider(seed_)) {
  const auto config = server_config(provider_, input);
  listener_ = std::move(*tocsin::Listener::make(config));
  has_id_ = config->connection_id_bytes.has_value();
  connection_id_bytes_ = config->connection_id_bytes.value_or(0);
  became_ = static_cast<PreviousAssociation>(input.option(Tag::closing, 0) % 4);
  if (became_ == PreviousAssociation::of_another_listener) {
    // This one has the same secret of cookies, as servers behind one address may have. What the other one did is known.
    static std::map<std::array<std::uint8_t, 3>, Traces> known;
    const std::array<std::uint8_t, 3> key{input.option(Tag::seed, 0),
                                          static_cast<std::uint8_t>(input.option(Tag::server_connection_id, 0) % 16),
                                          static_cast<std::uint8_t>(input.option(Tag::client_connection_id, 0) % 2)};
    const auto found = known.find(key);
    if (found != known.end()) {
      former_ = found->second;
    } else {
      former_ = known[key] = have_former_association();
      provider_->reseed(seed_);
      listener_ = std::move(*tocsin::Listener::make(config));
    }
    provider_->reseed(seed_ + 6);
  } else {
    former_ = have_former_association();
    if (became_ != PreviousAssociation::lives) (void)listener_->close(address(0), at(now_), out_);
    out_ = {};
    if (became_ == PreviousAssociation::is_forgotten) pass(minute_ms);
  }
  (void)listener_->set_callbacks(
      {.on_discard = [this](const PeerAddress&, const DiscardSeen& seen) { witness_.see(seen.why); }});
  cookies_[0] = former_.cookies;
  is_known_[0] = became_ == PreviousAssociation::lingers || became_ == PreviousAssociation::lives;
  check(Invariant::unverified_peer_costs_nothing, listener_->peers() == std::size_t{is_known_[0]}, "a former peer is kept");
  out_ = {};
  logs_ = {};
}

ListenRun::Traces ListenRun::have_former_association() {
  Client client(seed_ + 1, input_, now_);
  std::vector<Bytes> sent;
  talk(0, client, &sent, {});
  (void)client.client.send(bytes_of("former"), client.out);
  (void)client.client.close(client.out);
  client.out.to_peer.each([&](ByteView datagram) { sent.emplace_back(datagram.begin(), datagram.end()); });
  Traces traces;
  if (sent.size() != traces.datagrams.size()) finding("the former association was not as it should be");
  std::ranges::move(sent, traces.datagrams.begin());
  traces.cookies = std::exchange(cookies_[0], {});
  return traces;
}

void ListenRun::write(const char* what, ByteView bytes) {
  logs_[current_].push_back(std::string(what) + ": " + std::string(text_of(bytes)));
}

void ListenRun::write_told() {
  for (const auto& told : std::exchange(out_.told, {})) {
    const Bytes who = told.peer;
    // Where the former association is now, and so who replaces it, is for its own records to say.
    const auto* event = std::get_if<ListenerEvent>(&told.what);
    if (event != nullptr && !(has_id_ && *event == ListenerEvent::replaced))
      write("event", Bytes{who[3], static_cast<std::uint8_t>(*event)});
    if (const auto* data = std::get_if<Bytes>(&told.what)) write("told", *data);
    if (const auto* error = std::get_if<Error>(&told.what)) write("error", bytes_of(error->describe()));
  }
}

std::uint64_t ListenRun::counted() const {
  const auto& all = listener_->discarded();
  return std::accumulate(all.begin(), all.end(), std::uint64_t{0});
}

/// Until both are silent. captured: where the client's datagrams are kept.
void ListenRun::talk(std::size_t from, Client& client, std::vector<Bytes>* captured, const std::vector<Stray>& amid) {
  for (std::size_t number = 0; !client.out.to_peer.empty();) {
    std::exchange(client.out.to_peer, {}).each([&](ByteView datagram) {
      if (captured != nullptr) captured->emplace_back(datagram.begin(), datagram.end());
      write("from client", datagram);
      const std::uint64_t before = counted();
      listener_->receive(datagram, address(from), at(now_), out_);
      if (counted() != before) write("discarded", {});
      for (std::size_t i = 0; i < amid.size(); ++i)
        if (i % 3 == number && amid[i].from == from) deliver_amid(amid[i]);
      ++number;
    });
    write_told();
    for (const auto& addressed : std::exchange(out_.to_peers, {})) {
      if (addressed.peer != address(from)) finding("a datagram goes to somebody else");
      if (number == 1) cookies_[from].emplace_back(addressed.datagram.end() - cookie_bytes, addressed.datagram.end());
      write("to client", addressed.datagram);
      if (!client.client.receive(addressed.datagram, at(now_), client.out)) finding("an honest client fails");
    }
  }
  check(Invariant::strays_change_nothing,
        client.client.is_handshake_complete() && listener_->negotiated(address(from)) != nullptr,
        "an honest handshake does not complete");
}

bool ListenRun::brings_cookie(const Stray& stray) const {
  return std::ranges::any_of(cookies_[stray.from], [&](const Bytes& cookie) {
    const auto end = stray.datagram.end();
    return std::search(stray.datagram.begin(), end, cookie.begin(), cookie.end()) != end;
  });
}

bool ListenRun::is_known_by_id(const Stray& stray) const {
  return has_id_ && (became_ == PreviousAssociation::lives || became_ == PreviousAssociation::lingers) &&
         (stray.datagram == former_.datagrams[static_cast<std::size_t>(Replayed::application_data)] ||
          stray.datagram == former_.datagrams[static_cast<std::size_t>(Replayed::close_notify)]);
}

/// begins: with it a handshake does.
void ListenRun::judge(const Stray& stray, const std::vector<rules::RecordConduct>& records, bool is_unknown, bool begins) {
  const Error* error = nullptr;
  for (const auto& told : out_.told)
    if (const auto* one = std::get_if<Error>(&told.what)) error = one;
  bool& waits = waits_for_key_exchange_[stray.from];
  last_ = {};
  if (is_unknown && !names_an_association(stray.datagram))
    last_ = judge_listening(stray.datagram, connection_id_bytes_, records, out_.to_peers);
  else if (waits && !brings_cookie(stray))
    last_ = judge_amid_handshake(stray.datagram, records, error);
  const bool is_kept = !last_.reading || std::ranges::any_of(last_.reading->faults, [](const rules::Fault& fault) {
    return fault.rule == rules::Rule::message_ahead;
  });
  if (is_kept || error != nullptr) waits = false;
  // One with a connection id has a second name, by which it could be found.
  if (begins && !has_id_ && stray.datagram == former_.datagrams[static_cast<std::size_t>(Replayed::hello_with_cookie)])
    waits = true;
}

/// The former association's id stands somewhere in it.
bool ListenRun::names_an_association(ByteView datagram) const {
  if (!has_id_ || (became_ != PreviousAssociation::lives && became_ != PreviousAssociation::lingers)) return false;
  constexpr std::size_t id_at = 11;
  const ByteView record = former_.datagrams[static_cast<std::size_t>(Replayed::application_data)];
  const ByteView id = record.subspan(id_at, connection_id_bytes_);
  return std::search(datagram.begin(), datagram.end(), id.begin(), id.end()) != datagram.end();
}

/// Against a model that knows the two records which the former client sent last: each counts once, and the first one not after
/// the second. is_alone: nothing has been at the address that it comes from.
void ListenRun::check_address(const Stray& stray, const ListenerOutput& out, bool is_alone) {
  const bool is_known = is_known_by_id(stray);
  const bool is_close_notify = stray.datagram == former_.datagrams[static_cast<std::size_t>(Replayed::close_notify)];
  const bool is_newest = is_known && !has_seen_[1] && !has_seen_[is_close_notify ? 1 : 0];
  if (is_known) has_seen_[is_close_notify ? 1 : 0] = true;
  const bool may_change = is_newest && became_ == PreviousAssociation::lives && stray.from != current_address_;
  const auto changed = std::ranges::find_if(
      out.told, [](const ListenerOutput::Told& told) { return std::holds_alternative<AddressChanged>(told.what); });
  if (changed == out.told.end()) {
    check(Invariant::address_changes_by_proof, !may_change || !is_alone, "an authentic and new record does not change it");
    return;
  }
  check(Invariant::address_changes_by_proof,
        may_change && changed->peer == address(stray.from) &&
            std::get<AddressChanged>(changed->what).from == address(current_address_),
        "it has changed");
  is_known_[current_address_] = has_begun_[current_address_];
  current_address_ = stray.from;
  is_known_[current_address_] = true;
}

void ListenRun::check_unverified(const Stray& stray, std::uint64_t counted_before, std::size_t peers_before) const {
  const auto require = [&](bool holds, std::string_view what) { check(Invariant::unverified_peer_costs_nothing, holds, what); };
  require(listener_->peers() == peers_before, "state is kept");
  check(Invariant::strays_change_nothing, out_.told.empty(), "a stray is told of");
  require(out_.to_peers.size() <= 1, "more than one datagram is sent for one");
  require(out_.to_peers.empty() || out_.to_peers[0].datagram.size() <= stray.datagram.size(), "more is sent than came");
  require(!out_.to_peers.empty() || counted() > counted_before, "neither answered nor counted");
}

/// Nothing that is not authentic fails an association; a handshake that has begun can be failed by anybody.
void ListenRun::check_told(std::size_t from) const {
  for (const auto& told : out_.told)
    check(Invariant::strays_change_nothing, has_begun_[from] || !std::holds_alternative<Error>(told.what),
          "a stray is an error");
  for (const auto& addressed : out_.to_peers)
    check(Invariant::unverified_peer_costs_nothing, addressed.peer == address(from), "somebody else gets an answer");
}

void ListenRun::deliver(const Stray& stray) {
  emit([&] { return CallEvent{"listener", "receive", stray.datagram}; });
  const std::uint64_t counted_before = counted();
  const std::size_t peers_before = listener_->peers();
  const bool is_verified = brings_cookie(stray);
  witness_.begin(*listener_, out_);
  listener_->receive(stray.datagram, address(stray.from), at(now_), out_);
  const auto& records = witness_.end();
  emit([&] {
    return NoteEvent{"listener", "sent " + std::to_string(out_.to_peers.size()) + " datagrams, told " +
                                     std::to_string(out_.told.size()) + " things, discarded " +
                                     std::to_string(counted() - counted_before) + ", keeps " +
                                     std::to_string(listener_->peers())};
  });
  has_begun_[stray.from] = has_begun_[stray.from] || is_verified;
  is_known_[stray.from] = is_known_[stray.from] || is_verified;
  const bool is_unknown = !is_known_[stray.from] && !is_known_by_id(stray);
  if (is_unknown) check_unverified(stray, counted_before, peers_before);
  judge(stray, records, is_unknown, listener_->peers() > peers_before);
  check_address(stray, out_, !is_known_[stray.from]);
  check_told(stray.from);
  for (const auto& addressed : out_.to_peers)
    if (addressed.datagram.size() >= cookie_bytes)
      cookies_[stray.from].emplace_back(addressed.datagram.end() - cookie_bytes, addressed.datagram.end());
  out_ = {};
}

/// A protected record of a former association, whole or broken: the handshake does not notice.
void ListenRun::deliver_amid(const Stray& stray) {
  emit([&] { return CallEvent{"listener", "receive", stray.datagram}; });
  ListenerOutput out;
  listener_->receive(stray.datagram, address(stray.from), at(now_), out);
  check(Invariant::strays_change_nothing, out.to_peers.empty(), "a stray amid a handshake is answered");
  check_address(stray, out, false);
  for (const auto& told : out.told) {
    const auto* event = std::get_if<ListenerEvent>(&told.what);
    const bool is_harmless = event == nullptr
                                 ? !std::holds_alternative<Error>(told.what)
                                 : *event == ListenerEvent::late_close_notify || *event == ListenerEvent::peer_closed;
    check(Invariant::strays_change_nothing, is_harmless, "a stray amid a handshake ends or completes something");
  }
}

void ListenRun::pass(std::int64_t milliseconds) {
  waits_for_key_exchange_ = {};
  now_ = now_ + Milliseconds{milliseconds};
  for (int calls = 0; listener_->deadline() && *listener_->deadline() <= now_; ++calls) {
    if (calls > 1) finding("a deadline does not move on");
    listener_->on_timeout(at(now_), out_);
  }
  for (const auto& told : out_.told) {
    const std::size_t from = told.peer[3];
    check(Invariant::strays_change_nothing, has_begun_[from] || !std::holds_alternative<Error>(told.what),
          "silence is an error");
  }
  for (const auto& addressed : out_.to_peers)
    check(Invariant::unverified_peer_costs_nothing, has_begun_[addressed.peer[3]], "more than one datagram is sent for one");
  out_ = {};
}

void ListenRun::before(const std::vector<Stray>& strays) {
  for (const Stray& stray : strays) {
    if (!stray.is_datagram)
      pass(stray.waits_ms);
    else if (!stray.is_amid)
      deliver(stray);
  }
}

void ListenRun::say_and_close(std::size_t from, Client& client) {
  Bytes ours(32), theirs(32);
  (void)client.client.export_keying_material("EXPORTER-tocsin", {}, ours, client.out);
  (void)listener_->export_keying_material(address(from), "EXPORTER-tocsin", {}, theirs, out_);
  check(Invariant::both_ends_agree, ours == theirs, "exporter");
  write("exported", ours);
  (void)listener_->send(address(from), bytes_of("down"), out_);
  (void)client.client.send(bytes_of("up"), client.out);
  (void)client.client.close(client.out);
  talk(from, client, nullptr, {});
  check(Invariant::both_ends_agree, text_of(client.out.application_data.bytes) == "down", "data");
  (void)listener_->close(address(from), at(now_), out_);
  for (const auto& addressed : out_.to_peers) write("farewell", addressed.datagram);
  out_ = {};
}

void ListenRun::honest(const std::vector<std::size_t>& addresses, const std::vector<Stray>& strays) {
  std::vector<Stray> amid;
  for (const Stray& stray : strays)
    if (stray.is_amid) amid.push_back(stray);
  for (const std::size_t from : addresses) {
    current_ = from;
    provider_->reseed(seed_ + 2 + 4096 * from);  // or all would draw the same connection id
    Client client(seed_ + 3 + from, input_, now_);
    talk(from, client, nullptr, amid);
    say_and_close(from, client);
  }
  has_begun_ = {};
  pass(10 * minute_ms);
  check(Invariant::unverified_peer_costs_nothing,
        listener_->peers() == 0 && listener_->connection_ids() == 0 && !listener_->deadline(), "something is kept for ever");
}

const ListenLogs& logs_without_strays(const Input& input, Milliseconds waits) {
  constexpr std::size_t kept_max = 256;
  static std::map<std::array<std::int64_t, 5>, ListenLogs> kept;
  const std::array<std::int64_t, 5> key{input.option(Tag::seed, 0), input.option(Tag::closing, 0) % 4,
                                        input.option(Tag::server_connection_id, 0) % 16,
                                        input.option(Tag::client_connection_id, 0) % 2, count(waits)};
  const auto found = kept.find(key);
  if (found != kept.end()) return found->second;
  if (kept.size() >= kept_max) kept.clear();
  emit([&] { return ChunkEvent{"without the strays"}; });
  ListenRun run(input);
  run.before({{.waits_ms = count(waits), .is_datagram = false, .datagram = {}}});
  run.honest({0, 1, 2}, {});
  return kept[key] = run.logs();
}

}  // namespace tocsin::harness
