// Resumption in TLS 1.2: what either end refuses, and which sessions are forgotten.
#include <gtest/gtest.h>

#include <functional>

#include "core/connection/tls12_resumption_testing.h"
#include "core/record/testing.h"
#include "core/wire/tls12/new_session_ticket.h"
#include "core/wire/tls12/server_hello.h"

namespace tocsin {
namespace {

using test::record_of;
using testing::By;
using testing::ConnectionPair;
using testing::Resuming;

constexpr std::optional<bool> resumed{true}, in_full{false};
constexpr By both_ways[] = {By::ticket, By::session_id};

#define EXPECT_FATAL(outcome, why) EXPECT_EQ((outcome).error(), Error(Fatal{why}))

template <class Message>
Bytes record_with(const Message& message) {
  Bytes content;
  Writer out(content);
  encode(message, out);
  return record_of(ContentType::handshake, content);
}

const Bytes change_cipher_spec{20, 3, 3, 0, 1, 1};
const Bytes new_session_ticket = record_with(wire::tls12::NewSessionTicket{100, bytes_of("ticket")});

/// The ServerHello that a flight begins with, changed, in a record of its own.
Bytes server_hello(ByteView flight, const std::function<void(wire::tls12::ServerHello&)>& change) {
  const std::size_t body_bytes = std::size_t{flight[7]} << 8 | flight[8];
  auto hello = *wire::tls12::decode_server_hello(flight.subspan(5 + 4, body_bytes));
  change(hello);
  return record_with(hello);
}

/// A client that gets a changed ServerHello of a server that resumes, or of one that does not.
struct Hearing {
  explicit Hearing(
      Resuming& ends, const std::function<void(wire::tls12::ServerHello&)>& change = [](auto&) {})
      : pair(ends.pair()) {
    EXPECT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
    outcome = pair.client().receive(server_hello(pair.server_out.to_peer, change), testing::now, pair.client_out);
  }
  Outcome hear(const Bytes& more) { return outcome = pair.client().receive(more, testing::now, pair.client_out); }
  ConnectionPair pair;
  Outcome outcome = Done{};
};

void hide_extended_master_secret(Bytes& hello) {
  const Bytes extension{0, 23, 0, 0};
  const auto found = std::search(hello.begin(), hello.end(), extension.begin(), extension.end());
  ASSERT_NE(found, hello.end());
  *found = 0x7f;
}

TEST(Tls12Resumption, a_server_does_not_resume_without_extended_master_secret) {
  for (const By by : both_ways)
    for (const auto wanted : {ExtendedMasterSecret::required, ExtendedMasterSecret::preferred}) {
      Resuming ends(by);
      ends.server.extended_master_secret = wanted;
      ASSERT_EQ(ends.run(), in_full);
      ConnectionPair pair = ends.pair();
      hide_extended_master_secret(pair.client_out.to_peer);
      EXPECT_FATAL(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out),
                   wanted == ExtendedMasterSecret::required ? Reason::extended_master_secret_missing
                                                            : Reason::extended_master_secret_changed);
    }
}

TEST(Tls12Resumption, what_had_no_extended_master_secret_is_never_resumed) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.server.extended_master_secret = ends.client.extended_master_secret = ExtendedMasterSecret::preferred;
    ConnectionPair pair = ends.pair();
    hide_extended_master_secret(pair.client_out.to_peer);
    ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
    const auto hello = server_hello(pair.server_out.to_peer, [](auto& said) {
      EXPECT_TRUE(said.session_id.empty());
      EXPECT_FALSE(said.session_ticket);
    });
    // A server that gives something to resume by all the same gets nowhere with it.
    Hearing client(ends, [](auto& said) { said.extended_master_secret = false; });
    ASSERT_TRUE(client.outcome);
    EXPECT_EQ(ends.cache->size(), 0u);
  }
}

TEST(Tls12Resumption, a_client_refuses_a_session_that_changed) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.client.extended_master_secret = ExtendedMasterSecret::preferred;
    const auto refusal = [&](const std::function<void(wire::tls12::ServerHello&)>& change) {
      EXPECT_NE(ends.run(), std::nullopt);
      return Hearing(ends, change).outcome;
    };
    EXPECT_FATAL(refusal([](auto& said) { said.cipher_suite = CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384; }),
                 Reason::session_cipher_suite_changed);
    EXPECT_FATAL(refusal([](auto& said) { said.extended_master_secret = false; }), Reason::extended_master_secret_changed);
    EXPECT_FATAL(refusal([](auto& said) { said.server_version = 0x0302; }), Reason::version_unsupported);
    EXPECT_FATAL(refusal([](auto& said) { said.renegotiated_connection.reset(); }), Reason::renegotiation_info_missing);
    EXPECT_FATAL(refusal([](auto& said) { said.application_protocol = bytes_of("h2"); }), Reason::extension_unsolicited);
  }
}

TEST(Tls12Resumption, a_ticket_is_promised_only_to_who_asks_for_one) {
  Resuming ends;
  ends.client.sessions = nullptr;
  EXPECT_FATAL(Hearing(ends, [](auto& said) { said.session_ticket = true; }).outcome, Reason::extension_unsolicited);
}

TEST(Tls12Resumption, a_new_session_ticket_comes_if_it_was_promised_and_only_then) {
  const auto after_flight = [](Resuming& ends, bool promises, const Bytes& next) {
    ConnectionPair pair = ends.pair();
    EXPECT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
    Bytes flight = server_hello(pair.server_out.to_peer, [&](auto& said) { said.session_ticket = promises; });
    const std::size_t hello_bytes = 4 + (std::size_t{pair.server_out.to_peer[7]} << 8 | pair.server_out.to_peer[8]);
    append(flight, record_of(ContentType::handshake, ByteView(pair.server_out.to_peer).subspan(5 + hello_bytes)));
    EXPECT_TRUE(pair.client().receive(flight, testing::now, pair.client_out));
    return pair.client().receive(next, testing::now, pair.client_out);
  };
  Resuming ends;
  EXPECT_FATAL(after_flight(ends, false, new_session_ticket), Reason::message_unexpected);
  EXPECT_FATAL(after_flight(ends, true, change_cipher_spec), Reason::change_cipher_spec_unexpected);
  EXPECT_TRUE(after_flight(ends, true, new_session_ticket));
  EXPECT_FATAL(after_flight(ends, true, record_of(ContentType::handshake, Bytes{4, 0, 0, 1, 0})), Reason::message_malformed);
  const auto resuming = [](bool promises, const Bytes& next) {
    Resuming both;
    EXPECT_EQ(both.run(), in_full);
    Hearing client(both, [&](auto& said) { said.session_ticket = promises; });
    EXPECT_TRUE(client.outcome);
    return client.hear(next);
  };
  EXPECT_FATAL(resuming(false, new_session_ticket), Reason::message_unexpected);
  EXPECT_FATAL(resuming(true, change_cipher_spec), Reason::change_cipher_spec_unexpected);
  EXPECT_TRUE(resuming(true, new_session_ticket));
}

TEST(Tls12Resumption, nothing_of_a_full_handshake_follows_a_server_hello_that_resumes) {
  for (const By by : both_ways)
    for (const std::uint8_t type : Bytes{11, 12, 13, 14, 20}) {
      Resuming ends(by);
      ASSERT_EQ(ends.run(), in_full);
      Hearing client(ends);
      ASSERT_TRUE(client.outcome);
      EXPECT_FATAL(client.hear(record_of(ContentType::handshake, Bytes{type, 0, 0, 0})), Reason::message_unexpected);
    }
  Resuming ends;
  ASSERT_EQ(ends.run(), in_full);
  for (const std::uint8_t type : Bytes{11, 16, 20}) {
    ConnectionPair pair = ends.pair();
    ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
    EXPECT_FATAL(pair.server().receive(record_of(ContentType::handshake, Bytes{type, 0, 0, 0}), testing::now, pair.server_out),
                 Reason::message_unexpected);
  }
}

TEST(Tls12Resumption, a_finished_that_does_not_authenticate_is_refused_by_either_end) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ASSERT_EQ(ends.run(), in_full);
    ConnectionPair pair = ends.pair();
    ASSERT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
    Bytes flight = pair.server_out.to_peer;
    flight.back() ^= 1;
    EXPECT_FATAL(pair.client().receive(flight, testing::now, pair.client_out), Reason::record_bad_mac);
    EXPECT_EQ(ends.cache->size(), 0u);
    ASSERT_EQ(ends.run(), in_full);
    ConnectionPair late = ends.pair();
    ASSERT_TRUE(late.server().receive(std::exchange(late.client_out.to_peer, {}), testing::now, late.server_out));
    ASSERT_TRUE(late.client().receive(late.server_out.to_peer, testing::now, late.client_out));
    EXPECT_TRUE(late.client().is_handshake_complete());
    EXPECT_FALSE(late.server().is_handshake_complete());
    late.client_out.to_peer.back() ^= 1;
    EXPECT_FATAL(late.server().receive(late.client_out.to_peer, testing::now, late.server_out), Reason::record_bad_mac);
  }
}

//= RFC 9846 6 //# Servers and clients MUST forget the secret values and keys established in failed
//= RFC 5246 7.2 //# but the session identifier MUST be invalidated, preventing the failed session from
//= RFC 5246 7.2.2 //# Servers and clients MUST forget any session-identifiers, keys, and secrets associated
//= RFC 5246 7.2.2 //# Thus, any connection terminated with a fatal alert MUST NOT be resumed.
TEST(Tls12Resumption, a_fatal_alert_either_way_ends_the_session_for_good) {
  for (const bool is_client : {false, true}) {
    Resuming ends(By::session_id);
    ASSERT_EQ(ends.run(), in_full);
    ConnectionPair pair = ends.pair();
    ASSERT_TRUE(pair.run_handshake());
    Connection& failing = is_client ? pair.client() : pair.server();
    Output& out = is_client ? pair.client_out : pair.server_out;
    EXPECT_FALSE(failing.receive(record_of(ContentType::handshake, bytes_of("x")), testing::now, out));
    EXPECT_EQ(ends.cache->size(), is_client ? 0u : 1u);
    EXPECT_EQ(ends.servers_cache->size(), is_client ? 1u : 0u);
    pair.pump();
    EXPECT_EQ(ends.cache->size(), 0u);
    EXPECT_EQ(ends.servers_cache->size(), 0u);
    EXPECT_EQ(ends.run(), in_full);
  }
}

TEST(Tls12Resumption, a_session_outlives_closing_and_a_transport_that_just_ends) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ASSERT_EQ(ends.run(), in_full);
    ConnectionPair closed = ends.pair();
    ASSERT_TRUE(closed.run_handshake());
    ASSERT_TRUE(closed.client().close(closed.client_out));
    ASSERT_TRUE(closed.server().close(closed.server_out));
    closed.pump();
    ConnectionPair cut = ends.pair();
    ASSERT_TRUE(cut.run_handshake());
    EXPECT_FALSE(cut.client().receive_end_of_stream(cut.client_out));
    EXPECT_FALSE(cut.server().receive_end_of_stream(cut.server_out));
    ConnectionPair given_up = ends.pair();
    ASSERT_TRUE(given_up.client().close(given_up.client_out));
    given_up.pump();
    EXPECT_EQ(ends.run(), resumed);
  }
}

TEST(Tls12Resumption, no_session_is_kept_before_the_handshake_is_complete) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ConnectionPair pair = ends.pair();
    ASSERT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
    ASSERT_TRUE(pair.client().receive(std::exchange(pair.server_out.to_peer, {}), testing::now, pair.client_out));
    ASSERT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
    EXPECT_EQ(ends.cache->size(), 0u);
    ASSERT_TRUE(pair.client().receive(pair.server_out.to_peer, testing::now, pair.client_out));
    EXPECT_EQ(ends.cache->size(), 1u);
  }
}

}  // namespace
}  // namespace tocsin
