// Sessions over a socket pair, the other end played by hand.
#include "harnesses/tool/tls/session.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "tocsin/openssl_provider.h"

namespace tocsin::tool {
namespace {

using Maker = Session (*)(Descriptor, const Timeouts&, std::shared_ptr<const ServerConfig>, Pump::Clock);

std::shared_ptr<const ServerConfig> server_config() {
  static const auto config = [] {
    auto made = std::make_shared<ServerConfig>();
    made->provider = *make_openssl_provider();
    made->certificates.push_back(
        *certified_key_from_files("harnesses/testdata/server-ecdsa-p256.pem", "harnesses/testdata/server-ecdsa-p256.key.pem"));
    return made;
  }();
  return config;
}

std::shared_ptr<const ClientConfig> client_config() {
  static const auto config = [] {
    auto made = std::make_shared<ClientConfig>();
    made->provider = *make_openssl_provider();
    made->verifier = *trust_path("harnesses/testdata/ca.pem");
    return made;
  }();
  return config;
}


Now in_2030() { return {Instant{}, UnixSeconds{1893456000}}; }

// Lets a session do what it can without waiting for its peer.
void move_all(Session& session) {
  for (int i = 0; i < 1000 && !session.is_finished(); ++i) {
    pollfd polled{session.fd(), session.poll_events(Reading::wanted), 0};
    if (polled.events == 0 || poll(&polled, 1, 0) <= 0) return;
    session.on_ready(Reading::wanted);
  }
}

struct SessionAndPeer {
  explicit SessionAndPeer(Maker make = &Session::direct, const Timeouts& timeouts = {}) {
    int fds[2] = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    peer = Descriptor(fds[0]);
    session.emplace(make(Descriptor(fds[1]), timeouts, server_config(), &in_2030));
  }

  void send(std::string_view text) { EXPECT_EQ(write_some(peer.get(), bytes_of(text)).bytes, text.size()); }
  void turn() { move_all(*session); }
  Bytes take() {
    Bytes all;
    std::array<std::uint8_t, 4096> buffer;
    for (IoResult read = read_some(peer.get(), buffer); read.how == IoResult::How::bytes;
         read = read_some(peer.get(), buffer)) {
      append(all, ByteView(buffer).first(read.bytes));
    }
    return all;
  }
  bool is_ended_by_session() {
    std::array<std::uint8_t, 1> buffer;
    return read_some(peer.get(), buffer).how == IoResult::How::end_of_stream;
  }

  Descriptor peer;
  std::optional<Session> session;
};

Bytes alert_record(AlertDescription description) { return {21, 3, 3, 0, 2, 2, static_cast<std::uint8_t>(description)}; }

class EachWayIn : public testing::TestWithParam<Maker> {};
INSTANTIATE_TEST_SUITE_P(session, EachWayIn, testing::Values(&Session::direct, &Session::acceptor));

TEST_P(EachWayIn, sends_the_alert_of_a_refusal_and_ends_its_side_at_once) {
  SessionAndPeer pair(GetParam());
  pair.send("GET / HTTP/1.0\r\n\r\n");
  pair.turn();
  EXPECT_NE(pair.session->problem(), "");
  EXPECT_EQ(pair.take().size(), 7u);
  EXPECT_TRUE(pair.is_ended_by_session());
}

TEST_P(EachWayIn, reads_on_after_a_refusal_until_its_peer_ends) {
  SessionAndPeer pair(GetParam());
  pair.send("GET / HTTP/1.0\r\n\r\n");
  pair.turn();
  pair.send("more that nobody asked for");
  pair.turn();
  EXPECT_FALSE(pair.session->is_finished());
  shutdown(pair.peer.get(), SHUT_WR);
  pair.turn();
  EXPECT_TRUE(pair.session->is_finished());
  EXPECT_EQ(pair.take().size(), 7u);
}

TEST_P(EachWayIn, waits_no_longer_than_the_linger_time_for_its_peer_to_end) {
  SessionAndPeer pair(GetParam(), {.linger = std::chrono::milliseconds(1)});
  pair.send("GET / HTTP/1.0\r\n\r\n");
  pair.turn();
  ASSERT_TRUE(pair.session->deadline().has_value());
  std::this_thread::sleep_until(*pair.session->deadline());
  pair.session->on_timeout();
  EXPECT_TRUE(pair.session->is_finished());
}

TEST_P(EachWayIn, answers_a_transport_that_ends_too_early_with_an_alert) {
  SessionAndPeer pair(GetParam());
  pair.send(std::string_view("\x16\x03\x01", 3));
  shutdown(pair.peer.get(), SHUT_WR);
  pair.turn();
  EXPECT_NE(pair.session->problem().find("transport_truncated"), std::string::npos);
  EXPECT_EQ(pair.take(), alert_record(AlertDescription::decode_error));
  EXPECT_TRUE(pair.session->is_finished());
}

TEST_P(EachWayIn, gives_up_on_a_handshake_that_takes_too_long_however_busy_the_peer_is) {
  SessionAndPeer pair(GetParam(), {.handshake = std::chrono::milliseconds(20)});
  pair.session->on_timeout();
  EXPECT_EQ(pair.session->problem(), "");
  std::this_thread::sleep_until(*pair.session->deadline());
  pair.send("\x16");
  pair.turn();
  pair.session->on_timeout();
  EXPECT_NE(pair.session->problem().find("timeout"), std::string::npos);
  pair.take();
  EXPECT_TRUE(pair.is_ended_by_session());
}

TEST_P(EachWayIn, tells_the_alert_of_a_peer_that_has_gone_although_it_cannot_be_answered) {
  SessionAndPeer pair(GetParam());
  pair.send(text_of(alert_record(AlertDescription::internal_error)));
  pair.peer = {};
  pair.turn();
  EXPECT_NE(pair.session->problem().find("internal_error"), std::string::npos);
  EXPECT_TRUE(pair.session->is_finished());
}

// Both ends are sessions.
struct Sessions {
  explicit Sessions(Maker make) : server(make(take_end(1), {}, server_config(), &in_2030)), client(make_client(take_end(0))) {
    move();
  }

  static Session make_client(Descriptor socket) {
    return Session::client(std::move(socket), {}, client_config(), "localhost", &in_2030);
  }
  Descriptor take_end(std::size_t which) {
    if (fds[0] < 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) != 0) ADD_FAILURE();
    return Descriptor(fds[which]);
  }
  void move() {
    for (int i = 0; i < 10; ++i) {
      move_all(server);
      move_all(client);
    }
  }

  std::array<int, 2> fds{-1, -1};
  Session server, client;
};

TEST_P(EachWayIn, serves_a_client_and_closes_in_order) {
  Sessions both(GetParam());
  EXPECT_EQ(both.client.take_events(), std::vector<Event>{Event::handshake_complete});
  EXPECT_EQ(both.server.take_events(), std::vector<Event>{Event::handshake_complete});
  both.client.send(bytes_of("hello"));
  both.client.close_writing();
  both.move();
  EXPECT_EQ(text_of(both.server.take_application_data()), "hello");
  EXPECT_EQ(both.server.take_events(), std::vector<Event>{Event::peer_closed});
  both.server.send(bytes_of("and good bye"));
  both.server.finish();
  both.move();
  EXPECT_EQ(text_of(both.client.take_application_data()), "and good bye");
  EXPECT_EQ(both.client.take_events(), std::vector<Event>{Event::peer_closed});
  both.client.finish();
  both.move();
  EXPECT_TRUE(both.client.is_finished());
  EXPECT_TRUE(both.server.is_finished());
  EXPECT_EQ(both.client.problem() + both.server.problem(), "");
}

TEST_P(EachWayIn, stops_reading_from_a_peer_that_does_not_read) {
  Sessions both(GetParam());
  const Bytes block(65536);
  for (int i = 0; i < 1000 && !both.server.is_backed_up(); ++i) {
    if (!both.client.is_backed_up()) both.client.send(block);
    both.client.on_ready(Reading::paused);
    both.server.on_ready(Reading::wanted);
    both.server.send(both.server.take_application_data());
  }
  EXPECT_TRUE(both.server.is_backed_up());
  EXPECT_EQ(both.server.poll_events(Reading::wanted), POLLOUT);
}

}  // namespace
}  // namespace tocsin::tool
