#include "harnesses/scenarios/listen_differential.h"

#include <algorithm>
#include <set>

#include "harnesses/differential/listen_ledger.h"
#include "harnesses/differential/stray.h"
#include "harnesses/scenarios/first_flight.h"
#include "harnesses/scenarios/judged.h"
#include "harnesses/scenarios/listen_run.h"
#include "harnesses/scenarios/listen_testing.h"
#include "harnesses/scenarios/listen_witness.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/stacks/openssl/association.h"
#include "harnesses/stacks/pump.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {
namespace {

using differential::Comparison;
using differential::ListenCase;
using differential::ListenDifference;
using differential::ListenMode;
using stacks::OpenSslDtls;
using stacks::Time;

constexpr stacks::Address client_address{1}, server_address{2};
constexpr std::uint64_t client_seed = 1, server_seed = 2, our_client_seed = 3, our_seed = 4;

/// The same datagrams for everybody: neither stack has keys or cookies for them.
const ReplayedDatagrams& former() {
  static const ReplayedDatagrams captured = [] { return ListenRun(Input({})).former(); }();
  return captured;
}

std::vector<Stray> strays_of(const Input& input) {
  constexpr std::size_t strays_max = 8;
  std::vector<Stray> strays = read_strays(input.body(), former());
  if (strays.size() > strays_max) strays.resize(strays_max);
  return strays;
}

/// A datagram, and what tocsin did with it.
struct Delivered {
  Bytes datagram;
  std::vector<rules::RecordConduct> records{};
  std::int64_t waits_ms = 0;  // before it
  Judged judged{};            // of tocsin

  bool is_answered() const { return std::ranges::any_of(records, &rules::RecordConduct::is_answered); }
};

class Subject {
 public:
  Subject() : listener_(std::move(*tocsin::Listener::make(config()))) {
    (void)listener_.set_callbacks(
        {.on_discard = [this](const PeerAddress&, const DiscardSeen& seen) { witness_.see(seen.why); }});
  }
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  void receive(Delivered& given) {
    emit([&] { return CallEvent{"each listener", "receive", given.datagram}; });
    now_ = now_ + Milliseconds{given.waits_ms};
    witness_.begin(listener_, out_);
    listener_.receive(given.datagram, address, at(now_), out_);
    given.records = witness_.end();
    emit([&] { return NoteEvent{"tocsin", names_of(given.records)}; });
    check(Invariant::unverified_peer_costs_nothing, out_.to_peers.size() <= 1 && listener_.peers() == 0, "in the listen state");
    check(Invariant::strays_change_nothing, out_.told.empty(), "a stray is told of");
    given.judged = judge_listening(given.datagram, 0, given.records, out_.to_peers);
    out_ = {};
  }

  /// An honest client gets through at once.
  void check_honest() {
    static const auto verifier = deterministic_verifier();
    auto client_config = std::make_shared<ClientConfig>();
    client_config->provider = make_deterministic_provider(our_client_seed);
    client_config->verifier = verifier;
    DatagramOutput sent;
    auto client = DatagramClient::start(std::move(client_config), "localhost", at(now_), sent);
    while (!sent.to_peer.empty()) {
      std::exchange(sent.to_peer, {}).each([&](ByteView datagram) { listener_.receive(datagram, address, at(now_), out_); });
      for (const auto& addressed : std::exchange(out_.to_peers, {}))
        if (!client->receive(addressed.datagram, at(now_), sent)) finding("an honest client fails");
    }
    check(Invariant::strays_change_nothing, client->is_handshake_complete() && listener_.negotiated(address) != nullptr,
          "an honest handshake does not complete");
  }

 private:
  static std::shared_ptr<const ServerConfig> config() {
    static const auto certificate = deterministic_certified_key("localhost");
    auto config = std::make_shared<ServerConfig>();
    config->provider = make_deterministic_provider(our_seed);
    config->certificates = {certificate};
    return config;
  }

  const PeerAddress address{192, 0, 2, 1};
  tocsin::Listener listener_;
  ListenerOutput out_;
  ListenWitness witness_;
  Instant now_{1000};
};

std::vector<Delivered> given_to_us(const Input& input) {
  std::vector<Delivered> all;
  std::int64_t waits_ms = 0;
  Subject subject;
  for (Stray& stray : strays_of(input)) {
    waits_ms += stray.waits_ms;
    if (!stray.is_datagram) continue;
    Delivered& given =
        all.emplace_back(Delivered{.datagram = std::move(stray.datagram), .waits_ms = std::exchange(waits_ms, 0)});
    subject.receive(given);
  }
  subject.check_honest();
  return all;
}

/// What OpenSSL did with a datagram.
struct Step {
  bool is_verify_request_sent = false, is_flight_sent = false, is_dead = false, complains = false;
  std::optional<stacks::AlertSeen> alert{};
};

differential::Verdict verdict_of(const Step& step) {
  differential::Verdict verdict;
  verdict.retried = step.is_verify_request_sent;
  verdict.alert = step.alert;
  if (step.alert || step.is_dead) verdict.end = differential::End::rejected;
  return verdict;
}

/// How an honest client fares; what is worse comes later.
enum class HonestOutcome : std::uint8_t { at_once, after_timeouts, not_at_all };

class Oracle {
 public:
  explicit Oracle(ListenMode mode) : mode_(mode) { config_.cookie_exchange = mode != ListenMode::accept_without_cookie; }

  /// A new object, as after a failure.
  void renew() {
    server_.emplace(stacks::Role::server, config_, server_seed, client_address, now_,
                    mode_ == ListenMode::listen ? stacks::Listening::by_dtlsv1_listen : stacks::Listening::by_accept);
  }

  Step receive(const Delivered& given) {
    if (!server_) renew();
    now_ += std::chrono::milliseconds(given.waits_ms);
    if (server_->deadline() && *server_->deadline() <= now_) server_->on_timeout(now_);
    const std::uint64_t complaints = server_->complaints();
    server_->receive(given.datagram, now_);
    Step step;
    for (const Bytes& datagram : server_->take_output())
      for (const auto& record : differential::records_of(datagram)) note(record, step);
    step.is_dead = server_->status() == stacks::Status::failed;
    step.complains = server_->complaints() != complaints;
    return step;
  }

  /// The first thing of an honest client's; cheaper to find out than the whole outcome.
  bool answers_first_hello() {
    if (!server_) renew();
    OpenSslDtls client(stacks::Role::client, config_, client_seed, server_address, now_);
    carry(client, *server_, now_);
    return !server_->take_output().empty();
  }

  HonestOutcome honest() {
    if (!server_) renew();
    constexpr int timeouts_max = 4;
    Time now = now_;
    OpenSslDtls client(stacks::Role::client, config_, client_seed, server_address, now);
    const auto is_complete = [](const OpenSslDtls& end) { return end.status() == stacks::Status::complete; };
    for (int timeouts = 0; timeouts <= timeouts_max; ++timeouts) {
      stacks::until_silent([&] { return carry(client, *server_, now); }, [&] { return carry(*server_, client, now); });
      if (is_complete(client) && is_complete(*server_))
        return timeouts == 0 ? HonestOutcome::at_once : HonestOutcome::after_timeouts;
      if (!client.deadline()) break;
      now = std::max(now, *client.deadline());
      for (OpenSslDtls* end : {&client, &*server_})
        if (end->deadline() && *end->deadline() <= now) end->on_timeout(now);
    }
    return HonestOutcome::not_at_all;
  }

 private:
  static bool carry(OpenSslDtls& from, OpenSslDtls& to, Time now) {
    const auto sent = from.take_output();
    for (const Bytes& datagram : sent) to.receive(datagram, now);
    return !sent.empty();
  }
  static void note(const differential::StrayRecord& record, Step& step) {
    if (record.type == ContentType::alert && record.fragment.size() == 2)
      step.alert = stacks::AlertSeen{record.fragment[0], record.fragment[1], true};
    for (const dissect::FragmentView& fragment : dissect::fragments_of(record)) {
      step.is_verify_request_sent = step.is_verify_request_sent || fragment.type == HandshakeType::hello_verify_request;
      step.is_flight_sent = step.is_flight_sent || fragment.type == HandshakeType::server_hello;
    }
  }

  ListenMode mode_;
  stacks::PeerConfig config_;
  std::optional<OpenSslDtls> server_;
  Time now_{0};
};

/// One way of OpenSSL's to listen, beside tocsin.
class ListenComparison {
 public:
  ListenComparison(ListenMode mode, const std::vector<Delivered>& all, Comparison& comparison, std::set<std::string_view>& ids)
      : mode_(mode), all_(all), comparison_(comparison), ids_(ids) {}

  void compare() {
    Oracle oracle(mode_);
    for (at_ = 0; at_ < all_.size(); ++at_) {
      const Step step = oracle.receive(all_[at_]);
      require_known(step);
      if (!step.is_dead && !step.is_flight_sent) continue;
      oracle.renew();
      first_ = at_ + 1;
    }
    const HonestOutcome outcome = oracle.honest();
    is_last_served_ = outcome == HonestOutcome::at_once;
    if (!is_last_served_) find_culprit(outcome);
  }

  /// After compare().
  void show_agreements(const AgreementObserver& see) {
    const std::size_t last = first_;
    for (const auto& [at, first] : agreed_) {
      at_ = at;
      first_ = first;
      see({seen({}), all_[at].is_answered(), is_last_served_ && first == last});
    }
  }

 private:
  void require_known(const Step& step) {
    using enum ListenDifference;
    const Delivered& given = all_[at_];
    const bool is_answer = step.is_verify_request_sent || step.is_flight_sent;
    // Without cookies a ClientHello is answered, if need be with the alert that refuses it. Which record of the datagram an
    // alert is for does not show; with cookies it does.
    const bool ends_nothing = step.is_flight_sent || (!step.alert && !step.is_dead && !step.complains);
    const bool refuses_hello = mode_ == ListenMode::accept_without_cookie && step.alert;
    if ((refuses_hello && given.is_answered()) || (is_answer == given.is_answered() && ends_nothing))
      return agreed_.push_back({at_, first_});
    differential::Verdict if_answered;
    if_answered.retried = true;
    if (refuses_hello && is_left_open(if_answered)) return;

    differential::Verdict of_answer;
    of_answer.retried = step.is_verify_request_sent;
    const bool is_answer_open = !step.is_flight_sent && is_left_open(of_answer);
    if (is_answer && !given.is_answered() && !is_answer_open) differs(openssl_answers);
    if (step.is_flight_sent) return;  // an association: what else the datagram holds did not come to a listener
    if (step.alert && !is_left_open(verdict_of(step))) differs(alert_sent);
    if (!step.alert && step.is_dead) differs(failed);
    if (!step.alert && !step.is_dead && given.is_answered() && !is_answer && !is_answer_open) differs(tocsin_answers);
    if (step.complains) differs(complained);
  }

  /// By the rules, which are those for a listener with cookies: a ServerHello does not stand for a HelloVerifyRequest.
  bool is_left_open(const differential::Verdict& of_openssl) const {
    const auto& reading = all_[at_].judged.reading;
    return reading && !rules::judge(*reading, of_openssl, "OpenSSL");
  }

  /// The first of those that the last object was given after which this holds.
  template <class Holds>
  bool find_first(Holds&& holds) {
    for (at_ = first_; at_ < all_.size(); ++at_) {
      Oracle again(mode_);
      for (std::size_t i = first_; i <= at_; ++i) (void)again.receive(all_[i]);
      if (holds(again)) return true;
    }
    return false;
  }
  void find_culprit(HonestOutcome outcome) {
    const auto what = outcome == HonestOutcome::not_at_all ? ListenDifference::unusable : ListenDifference::delays;
    const bool is_found = (outcome == HonestOutcome::after_timeouts &&
                           find_first([](Oracle& oracle) { return !oracle.answers_first_hello(); })) ||
                          find_first([&](Oracle& oracle) { return oracle.honest() == outcome; });
    if (is_found) return differs(what);
    at_ = first_;
    differs(what, "by none of the strays");
  }

  void differs(ListenDifference what, std::string_view note = {}) {
    const auto rows = differential::listen_entries_for(seen(what));
    std::string text = std::string(name_of(mode_)) + ": stray " + std::to_string(at_) + ": " + std::string(name_of(what));
    text.append(note.empty() ? "" : ", ").append(note).append(rows.empty() ? "; no row of the ledger" : ";");
    for (const std::string_view id : rows) text.append(" ").append(id);
    emit([&] { return NoteEvent{"ledger", text}; });
    comparison_.text += text + '\n';
    ids_.insert(rows.begin(), rows.end());
    if (rows.empty() && comparison_.kind != Comparison::Kind::unknown) {
      comparison_.kind = Comparison::Kind::unknown;
      comparison_.signature.append(name_of(mode_)).append(": ").append(name_of(what));
    }
    if (comparison_.kind == Comparison::Kind::equal) comparison_.kind = Comparison::Kind::known;
  }

  /// Until the next call.
  ListenCase seen(ListenDifference what) {
    static const Delivered nothing;
    const Delivered& given = at_ < all_.size() ? all_[at_] : nothing;
    earlier_.clear();
    for (std::size_t i = first_; i < std::min(at_, all_.size()); ++i) earlier_.push_back(all_[i].datagram);
    return {mode_, what, given.datagram, earlier_};
  }

  struct Place {
    std::size_t at, first;
  };

  ListenMode mode_;
  const std::vector<Delivered>& all_;
  Comparison& comparison_;
  std::set<std::string_view>& ids_;
  std::vector<Bytes> earlier_;
  std::vector<Place> agreed_;
  bool is_last_served_ = false;
  std::size_t at_ = 0, first_ = 0;  // the stray that is looked at, and the first that this object was given
};

}  // namespace

Comparison listen_differential(const Input& input) {
  const std::vector<Delivered> all = given_to_us(input);
  Comparison comparison;
  std::set<std::string_view> ids;
  const std::size_t only = input.option(Tag::peer, 0) % 4u;
  for (const ListenMode mode : differential::all_listen_modes)
    if (only == 0 || only == static_cast<std::size_t>(mode) + 1) ListenComparison(mode, all, comparison, ids).compare();
  comparison.divergences.assign(ids.begin(), ids.end());
  return comparison;
}

void see_agreements(const Input& input, const AgreementObserver& see) {
  const std::vector<Delivered> all = given_to_us(input);
  for (const ListenMode mode : differential::all_listen_modes) {
    Comparison comparison;
    std::set<std::string_view> ids;
    ListenComparison compared(mode, all, comparison, ids);
    compared.compare();
    compared.show_agreements(see);
  }
}

std::string listen_outcome(const Input& input) {
  std::vector<rules::RecordConduct> records;
  for (const Delivered& given : given_to_us(input)) std::ranges::copy(given.records, std::back_inserter(records));
  return names_of(records);
}

Judged dtls_listen_openssl_of_tocsin(const Input& input) { return given_to_us(input).back().judged; }

Judged dtls_listen_openssl_of_openssl(const Input& input) {
  const std::vector<Delivered> all = given_to_us(input);
  Judged judged = all.back().judged;
  for (const ListenMode mode : {ListenMode::listen, ListenMode::accept}) {
    Oracle oracle(mode);
    Step step;
    for (const Delivered& given : all) step = oracle.receive(given);
    judged.verdict = verdict_of(step);
    const bool is_silent = judged.verdict.end == differential::End::waiting && !step.is_verify_request_sent;
    if (is_silent && oracle.honest() != HonestOutcome::at_once) judged.verdict.end = differential::End::harmed;
    if (judge(*judged.reading, judged.verdict, "OpenSSL")) break;
  }
  return judged;
}

void scenarios::dtls_listen_openssl(ByteView bytes) {
  const Input input(bytes);
  require_known(listen_differential(input), "dtls_listen_openssl");
}

}  // namespace tocsin::harness
