// Datagrams to a Listener that knows nothing of their address, and an honest handshake behind them; and the same sent in
// another way, in both directions.
#include <set>

#include "harnesses/metamorphic/datagrams.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/scenarios/listen_run.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"
#include "tocsin/listener.h"

namespace tocsin::harness {
namespace {

using metamorphic::DatagramStep;
using metamorphic::Deliveries;
using metamorphic::Delivery;
using metamorphic::Draw;

using Steps = std::vector<const DatagramStep*>;

/// What has to stay the same.
struct Outcome {
  std::set<std::string> listening;     // answers, without the numbers of their records, and why records were discarded
  std::vector<std::string> handshake;  // what both ends of the honest one tell
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

constexpr std::size_t connection_id_bytes = 5;

class Run {
 public:
  Run(ByteView input, const Steps& steps)
      : input_(input), steps_(steps), listener_(std::move(*tocsin::Listener::make(server_config()))) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Outcome play(const std::vector<Bytes>& strays) {
    bool is_stray = false;
    (void)listener_.set_callbacks({.on_discard = [&](const PeerAddress&, const DiscardSeen& seen) {
      if (!is_stray) outcome_.listening.insert(std::string(name_of(seen.why)));
    }});
    for (const Delivery& one : sent_in_their_way(strays, 0)) {
      is_stray = one.is_stray;
      receive(one.datagram);
      for (const auto& answer : std::exchange(out_.to_peers, {}))
        outcome_.listening.insert("answer " + std::string(text_of(without_number(answer.datagram))));
    }
    if (listener_.peers() != 0) tell("keeps something");
    (void)listener_.set_callbacks({});
    be_honest();
    return std::move(outcome_);
  }

 private:
  static Bytes without_number(ByteView datagram) {
    Bytes changed(datagram.begin(), datagram.end());
    for (std::size_t at = 5; at < std::min<std::size_t>(11, changed.size()); ++at) changed[at] = 0;
    return changed;
  }
  static Now now() { return at(Instant{1000}); }

  /// Configurations are drawn, too.
  bool is_drawn(std::uint64_t which) const {
    constexpr std::uint64_t configurations = 100;
    return Draw(input_, configurations + which).below(2) == 0;
  }
  std::shared_ptr<const ServerConfig> server_config() const {
    static const auto certificate = deterministic_certified_key("localhost");
    static const auto verifier = deterministic_client_verifier();
    auto config = std::make_shared<ServerConfig>();
    config->provider = make_deterministic_provider(1);
    config->certificates = {certificate};
    if (is_drawn(0)) config->connection_id_bytes = connection_id_bytes;
    if (is_drawn(1)) {
      config->client_authentication = ClientAuthentication::required;
      config->client_verifier = verifier;
    }
    return config;
  }
  std::shared_ptr<const ClientConfig> client_config() const {
    static const auto verifier = deterministic_verifier();
    static const auto certificate = deterministic_certified_key("client");
    auto config = std::make_shared<ClientConfig>();
    config->provider = make_deterministic_provider(2);
    config->verifier = verifier;
    config->certificates = {certificate};
    if (is_drawn(2)) config->connection_id_bytes = connection_id_bytes;
    return config;
  }

  /// id_bytes: of the connection ids in their records.
  Deliveries sent_in_their_way(const std::vector<Bytes>& datagrams, std::size_t id_bytes) {
    Deliveries all;
    for (const Bytes& datagram : datagrams) all.push_back({datagram});
    const auto table = metamorphic::datagram_steps();
    ++flights_;
    for (const DatagramStep* step : steps_) {
      Draw draw(input_, flights_ * table.size() + static_cast<std::uint64_t>(step - table.data()));
      all = step->apply(std::move(all), id_bytes, draw);
    }
    return all;
  }

  void tell(std::string what) { outcome_.handshake.push_back(std::move(what)); }

  void receive(ByteView datagram) {
    emit([&] { return CallEvent{"listener", "receive", datagram}; });
    listener_.receive(datagram, address_, now(), out_);
    for (const auto& told : std::exchange(out_.told, {})) {
      if (const auto* event = std::get_if<ListenerEvent>(&told.what)) tell("event " + std::to_string(int(*event)));
      if (const auto* data = std::get_if<Bytes>(&told.what)) tell("data " + std::string(text_of(*data)));
      if (const auto* error = std::get_if<Error>(&told.what)) tell("error " + error->describe());
    }
  }

  struct Client {
    explicit Client(std::shared_ptr<const ClientConfig> config)
        : end(std::move(*DatagramClient::start(std::move(config), "localhost", now(), out))) {}
    DatagramOutput out;
    DatagramClient end;
  };

  /// Until both are silent.
  void talk(Client& client) {
    constexpr int turns_max = 16;  // of the six of a handshake
    for (int turn = 0; !client.out.to_peer.empty() || !out_.to_peers.empty(); ++turn) {
      if (turn == turns_max) return tell("they go on for ever");
      std::vector<Bytes> up, down;
      std::exchange(client.out.to_peer, {}).each([&](ByteView datagram) { up.emplace_back(datagram.begin(), datagram.end()); });
      for (const Delivery& one : sent_in_their_way(up, is_drawn(0) ? connection_id_bytes : 0)) receive(one.datagram);
      for (auto& addressed : std::exchange(out_.to_peers, {})) down.push_back(std::move(addressed.datagram));
      for (const Delivery& one : sent_in_their_way(down, is_drawn(2) ? connection_id_bytes : 0)) {
        emit([&] { return CallEvent{"client", "receive", one.datagram}; });
        if (const auto outcome = client.end.receive(one.datagram, now(), client.out); !outcome)
          return tell("the client fails: " + outcome.error().describe());
      }
      std::exchange(client.out.application_data, {}).each([&](ByteView data) {
        tell("data to the client " + std::string(text_of(data)));
      });
    }
  }

  void be_honest() {
    Client client(client_config());
    talk(client);
    Bytes key(32);
    (void)client.end.export_keying_material("EXPORTER-tocsin", {}, key, client.out);
    tell("key " + std::string(text_of(key)));
    (void)listener_.export_keying_material(address_, "EXPORTER-tocsin", {}, key, out_);
    tell("key " + std::string(text_of(key)));
    (void)client.end.send(bytes_of("up"), client.out);
    (void)listener_.send(address_, bytes_of("down"), out_);
    talk(client);
    (void)client.end.close(client.out);
    talk(client);
    (void)listener_.close(address_, now(), out_);
    talk(client);
    if (!client.end.is_handshake_complete() || !client.end.is_closed_by_peer()) tell("the client is not at the end");
  }

  const PeerAddress address_{192, 0, 2, 1};
  ByteView input_;
  const Steps& steps_;
  tocsin::Listener listener_;
  ListenerOutput out_;
  Outcome outcome_;
  std::uint64_t flights_ = 0;
};

/// The former ones are another Listener's.
std::vector<Bytes> strays_of(const Input& input) {
  constexpr std::size_t strays_max = 8;
  static const ReplayedDatagrams former = [] { return ListenRun(Input({})).former(); }();
  std::vector<Bytes> datagrams;
  for (Stray& stray : read_strays(input.body(), former))
    if (stray.is_datagram && datagrams.size() < strays_max) datagrams.push_back(std::move(stray.datagram));
  return datagrams;
}

Outcome play(ByteView input, const std::vector<Bytes>& strays, const Steps& steps) {
  ++stats().other_checks;
  return Run(input, steps).play(strays);
}

[[noreturn]] void report(std::string_view name, std::string_view clause, const Outcome& before, const Outcome& after) {
  const auto last_of = [](const Outcome& outcome) { return outcome.handshake.back(); };
  const bool is_of_handshake = before.listening == after.listening;
  const std::string what = std::string(name) + " changed " +
                           (is_of_handshake ? "what a handshake came to" : "what a listener answered or discarded");
  std::string details;
  for (const Outcome* one : {&before, &after}) {
    details += one == &before ? ": " : "; with it: ";
    if (is_of_handshake)
      details += last_of(*one);
    else
      for (const std::string& word : one->listening) details += word.substr(0, word.find(' ')) + " ";
  }
  finding(what + " (" + std::string(clause) + ")" + details, what);
}

}  // namespace

void scenarios::meta_datagrams(ByteView bytes) {
  const std::vector<Bytes> strays = strays_of(Input(bytes));
  emit([] { return ChunkEvent{"as they are"}; });
  const Outcome before = play(bytes, strays, {});
  Steps all;
  for (const DatagramStep& step : metamorphic::datagram_steps()) all.push_back(&step);
  emit([] { return ChunkEvent{"with all steps"}; });
  const Outcome after = play(bytes, strays, all);
  if (before == after) return;
  for (const DatagramStep* step : all) {
    emit([&] { return ChunkEvent{std::string(step->name)}; });
    const Outcome with_one = play(bytes, strays, {step});
    if (with_one != before) report(step->name, step->clause, before, with_one);
  }
  report("all steps at once", "RFC 6347 4.1.2", before, after);
}

}  // namespace tocsin::harness
