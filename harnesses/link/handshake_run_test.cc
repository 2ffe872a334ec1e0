#include "harnesses/link/handshake_run.h"

#include <gtest/gtest.h>

#include "harnesses/link/stack_pairs.h"

namespace tocsin::link {
namespace {

// All patterns over the first four datagrams: 256 for each test. `link_patterns` runs more.
void every_pattern_completes(MakeStackPair make_pair, const stacks::PeerConfig& config) {
  constexpr std::size_t first_datagrams = 4;
  for (std::uint64_t number = 0; number < number_of_patterns(first_datagrams); ++number) {
    const Pattern pattern = pattern_of(number, first_datagrams);
    const PatternRun run = run_pattern(pattern, make_pair(config));
    ASSERT_EQ(run.complaint, "") << letters_of(pattern) << '\n' << run.diagram.text();
  }
}

TEST(handshake_run, openssl_completes_with_itself_under_every_pattern) { every_pattern_completes(openssl_endpoints, {}); }

TEST(handshake_run, openssl_completes_with_itself_under_every_pattern_without_cookies) {
  stacks::PeerConfig config;
  config.cookie_exchange = false;
  every_pattern_completes(openssl_endpoints, config);
}

//= RFC 6347 4.2.4 //# Implementations MUST either discard or buffer all application data packets for the new
//= RFC 6347 4.2.5 //# As with TLS, the ChangeCipherSpec message is not technically a handshake message but MUST be treated as part of the same flight as the associated Finished message for the purposes of timeout and retransmission.
//= RFC 6347 4.1 //# Implementations MAY either buffer or discard such packets, though when DTLS is used
TEST(handshake_run, tocsin_completes_with_itself_under_every_pattern) { every_pattern_completes(tocsin_endpoints, {}); }

TEST(handshake_run, tocsin_completes_with_openssl_as_the_server_under_every_pattern) {
  every_pattern_completes(tocsin_openssl_endpoints, {});
  stacks::PeerConfig config;
  config.cookie_exchange = false;
  every_pattern_completes(tocsin_openssl_endpoints, config);
}

TEST(handshake_run, tocsin_completes_with_openssl_as_the_client_under_every_pattern) {
  every_pattern_completes(openssl_tocsin_endpoints, {});
}

TEST(handshake_run, tocsin_completes_and_goes_on_when_the_client_changes_its_address_under_every_pattern) {
  stacks::PeerConfig config;
  config.server_connection_id_bytes = 8;
  config.client_connection_id_bytes = 0;
  constexpr std::size_t first_datagrams = 4;
  for (const Moves moves : {Moves{true, false}, Moves{false, true}, Moves{true, true}})
    for (std::uint64_t number = 0; number < number_of_patterns(first_datagrams); ++number) {
      const Pattern pattern = pattern_of(number, first_datagrams);
      const PatternRun run = run_pattern(pattern, tocsin_endpoints(config), moves);
      ASSERT_EQ(run.complaint, "") << letters_of(pattern) << '\n' << run.diagram.text();
    }
}

TEST(handshake_run, without_a_connection_id_a_client_that_changes_its_address_is_lost) {
  const PatternRun run = run_pattern({}, tocsin_endpoints({}), {.once_both_completed = true});
  EXPECT_EQ(run.complaint, "from the client not delivered once and whole");
}

TEST(handshake_run, with_openssl_connection_ids_are_offered_in_vain) {
  stacks::PeerConfig config;
  config.server_connection_id_bytes = config.client_connection_id_bytes = 8;
  for (const MakeStackPair make_pair : {tocsin_openssl_endpoints, openssl_tocsin_endpoints})
    EXPECT_EQ(run_pattern({}, make_pair(config)).complaint, "");
}

void completes_over_a_bad_link_that_gets_better(MakeStackPair make_pair) {
  Conditions conditions;
  conditions.drop_permille = conditions.duplicate_permille = conditions.swap_permille = 250;
  conditions.delay_max = std::chrono::milliseconds(400);
  conditions.mtu_bytes = 300;
  stacks::PeerConfig config;
  config.mtu_bytes = conditions.mtu_bytes;
  std::size_t dropped = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Link link(conditions, seed);
    link.make_perfect_after(30);
    const Endpoints endpoints = make_pair(config);
    const HandshakeRun run = run_handshake(link, endpoints, {.datagrams_max = 200});
    ASSERT_EQ(run.complaint, "") << seed << '\n' << link.diagram().text();
    EXPECT_EQ(link.counts().too_large, 0u);
    dropped += link.counts().dropped;
  }
  EXPECT_GT(dropped, 300u);
}

TEST(handshake_run, every_pair_completes_over_a_bad_link_that_gets_better) {
  for (const StackPair& pair : all_pairs) {
    SCOPED_TRACE(pair.name);
    completes_over_a_bad_link_that_gets_better(pair.make);
  }
}

std::string diagram_under(std::string_view pattern) {
  return run_pattern(*parse_pattern(pattern), openssl_endpoints({})).diagram.text();
}

TEST(handshake_run, tells_the_same_story_each_time) {
  const std::string diagram = diagram_under("lrsl");
  EXPECT_EQ(diagram, diagram_under("lrsl"));
  EXPECT_EQ(diagram_under("sd"),
            "      0.000 client --> server #1 handshake 0:0 140: client_hello 0, 128 bytes [held back]\n"
            "      1.000 client: timeout\n"
            "      1.000 client --> server #2 handshake 0:1 140: client_hello 0, 128 bytes\n"
            "      1.010 client <-- server #3 handshake 0:0 31: hello_verify_request 0, 19 bytes\n"
            "      1.010 client --> server #1 arrives after #2\n"
            "      1.010 client <-- server #4 handshake 0:1 31: hello_verify_request 0, 19 bytes\n"
            "      1.020 client --> server #5 handshake 0:2 156: client_hello 1, 144 bytes\n"
            "      1.030 client <-- server #6 handshake 0:2 69: server_hello 1, 57 bytes\n"
            "                                 handshake 0:3 509: certificate 2, 497 bytes\n"
            "                                 handshake 0:4 122: server_key_exchange 3, 110 bytes\n"
            "                                 handshake 0:5 12: server_hello_done 4, 0 bytes\n"
            "      1.040 client --> server #7 handshake 0:3 45: client_key_exchange 2, 33 bytes\n"
            "                                 change_cipher_spec 0:4 1\n"
            "                                 handshake 1:0 48\n"
            "      1.050 client <-- server #8 change_cipher_spec 0:6 1\n"
            "                                 handshake 1:0 48\n"
            "      1.050 server: complete\n"
            "      1.060 client: complete\n"
            "      1.060 client --> server #9 application_data 1:1 39\n"
            "      1.070 client <-- server #10 application_data 1:1 39\n");
}

// OpenSSL with one thing wrong.
class Flawed : public stacks::Endpoint {
 public:
  enum class Flaw {
    never_times_out,
    timer_stuck,
    chatters,
    other_exporter,
    other_suite,
    other_protocol,
    other_version,
    loses_data,
    repeats_data,
    will_not_send,
    fails_late
  };
  Flawed(Flaw flaw, std::unique_ptr<stacks::Endpoint> inner) : flaw_(flaw), inner_(std::move(inner)) {}

  void receive(ByteView datagram, Address from, Time now) override {
    has_failed_ = flaw_ == Flaw::fails_late && inner_->status(from) == stacks::Status::complete;
    inner_->receive(datagram, from, now);
    if (flaw_ == Flaw::chatters) chatter_to_ = from;
  }
  std::optional<Time> deadline() const override {
    return flaw_ == Flaw::never_times_out ? std::nullopt : flaw_ == Flaw::timer_stuck ? Time(0) : inner_->deadline();
  }
  void on_timeout(Time now) override { inner_->on_timeout(now); }
  std::vector<stacks::Datagram> take_output() override {
    std::vector<stacks::Datagram> output = inner_->take_output();
    if (chatter_to_) output.push_back({*chatter_to_, Bytes{0}});
    return output;
  }
  bool send(Address peer, ByteView data, Time now) override {
    return flaw_ != Flaw::will_not_send && inner_->send(peer, data, now);
  }
  bool close(Address peer, Time now) override { return inner_->close(peer, now); }
  std::vector<Bytes> take_application_data(Address peer) override {
    std::vector<Bytes> data = inner_->take_application_data(peer);
    if (flaw_ == Flaw::loses_data) return {};
    if (flaw_ == Flaw::repeats_data && !data.empty()) data.push_back(data.front());
    return data;
  }
  stacks::Status status(Address peer) const override { return has_failed_ ? stacks::Status::failed : inner_->status(peer); }
  bool is_closed_by(Address peer) const override { return inner_->is_closed_by(peer); }
  std::optional<Bytes> export_keying_material(Address peer, std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override {
    return inner_->export_keying_material(peer, flaw_ == Flaw::other_exporter ? "EXPORTER-other" : label, context, size_bytes);
  }
  Negotiated negotiated(Address peer) const override {
    Negotiated agreed = inner_->negotiated(peer);
    if (flaw_ == Flaw::other_suite) agreed.cipher_suite = CipherSuite::aes_128_gcm_sha256;
    if (flaw_ == Flaw::other_protocol) agreed.application_protocol = "other";
    if (flaw_ == Flaw::other_version) agreed.version = ProtocolVersion::tls12;
    return agreed;
  }
  std::string failure(Address peer) const override { return inner_->failure(peer); }

 private:
  Flaw flaw_;
  std::unique_ptr<stacks::Endpoint> inner_;
  std::optional<Address> chatter_to_;
  bool has_failed_ = false;
};

std::string complaint_about(Flawed::Flaw flaw, std::unique_ptr<stacks::Endpoint> Endpoints::*whose = &Endpoints::server,
                            std::string_view pattern = "") {
  Endpoints endpoints = openssl_endpoints({});
  endpoints.*whose = std::make_unique<Flawed>(flaw, std::move(endpoints.*whose));
  return run_pattern(*parse_pattern(pattern), endpoints).complaint;
}

TEST(handshake_run, sees_each_flaw_of_an_end) {
  using Flaw = Flawed::Flaw;
  EXPECT_EQ(complaint_about(Flaw::timer_stuck), "a timer that does not advance, client handshaking, server handshaking");
  EXPECT_EQ(complaint_about(Flaw::chatters), "afterwards: too many datagrams, client complete, server complete");
  EXPECT_EQ(complaint_about(Flaw::other_exporter), "the ends disagree on the exporter");
  EXPECT_EQ(complaint_about(Flaw::other_suite), "the ends disagree on the cipher suite");
  EXPECT_EQ(complaint_about(Flaw::other_protocol), "the ends disagree on ALPN");
  EXPECT_EQ(complaint_about(Flaw::other_version), "the ends disagree on the version");
  EXPECT_EQ(complaint_about(Flaw::loses_data), "from the client not delivered once and whole");
  EXPECT_EQ(complaint_about(Flaw::repeats_data), "from the client not delivered once and whole");
  EXPECT_EQ(complaint_about(Flaw::will_not_send), "from the server not sent");
}

TEST(handshake_run, sees_that_an_end_does_not_retransmit) {
  EXPECT_EQ(complaint_about(Flawed::Flaw::never_times_out, &Endpoints::client, "d"), "");
  EXPECT_EQ(complaint_about(Flawed::Flaw::never_times_out, &Endpoints::client, "l"),
            "nothing moves any more, client handshaking, server handshaking");
}

TEST(handshake_run, sees_that_an_end_fails_over_a_datagram_after_the_handshake) {
  EXPECT_EQ(complaint_about(Flawed::Flaw::fails_late, &Endpoints::client, "dddddd"), "");
  EXPECT_EQ(complaint_about(Flawed::Flaw::fails_late, &Endpoints::client, "dddddr"),
            "afterwards, client failed, server complete");
}

TEST(handshake_run, sees_that_an_end_fails) {
  stacks::PeerConfig config;
  config.server_name = "elsewhere.test";
  EXPECT_EQ(
      run_pattern({}, openssl_endpoints(config)).complaint,
      "done, client failed (certificate verify failed), server failed, closed by the other end (sslv3 alert bad certificate)");
}

}  // namespace
}  // namespace tocsin::link
