// Connection ids in a Listener and its clients (RFC 9146): who is known by which, and when a peer's address changes.
#include <gtest/gtest.h>

#include "core/base/testing.h"
#include "core/dtls/connection_ids.h"
#include "core/dtls/listener_testing.h"
#include "core/wire/dtls/fragment.h"
#include "core/wire/tls12/server_hello.h"

namespace tocsin {
namespace {

using listening::at;
using listening::here, listening::there;
const PeerAddress elsewhere{10, 0, 0, 3};
using Ids = std::optional<std::uint8_t>;

ServerConfig server_with(Ids id_bytes) {
  ServerConfig config = testing::server_config();
  config.connection_id_bytes = id_bytes;
  return config;
}
ClientConfig client_with(Ids id_bytes) {
  ClientConfig config = testing::client_config();
  config.connection_id_bytes = id_bytes;
  return config;
}

struct Client : listening::Client {
  explicit Client(const ClientConfig& config = client_with(0)) : listening::Client({}, config) {}
  Bytes sends(std::string_view text) {
    EXPECT_TRUE(client.send(bytes_of(text), out));
    return std::exchange(out.to_peer, {}).bytes;
  }
};

class ConnectionIdTest : public listening::ListenerTest {
 protected:
  ConnectionIdTest() { listener = make(server_with(8)); }
  void receive(ByteView datagram, const PeerAddress& from) { listener.receive(datagram, from, at(now), out); }
  /// What is told: "10.0.0.1 data", with "!" before the number of an event and ">" before a former address.
  std::vector<std::string> told() {
    std::vector<std::string> all;
    const auto text = [](const PeerAddress& address) { return std::to_string(address[3]); };
    for (const auto& one : std::exchange(out.told, {})) {
      std::string what = "error";
      if (const auto* event = std::get_if<ListenerEvent>(&one.what)) what = "!" + std::to_string(static_cast<int>(*event));
      if (const auto* data = std::get_if<Bytes>(&one.what)) what = std::string(text_of(*data));
      if (const auto* changed = std::get_if<AddressChanged>(&one.what)) what = "from " + text(changed->from);
      all.push_back(text(one.peer) + ": " + what);
    }
    return all;
  }
  /// To whom a send to this peer goes.
  std::optional<PeerAddress> sends_to(const PeerAddress& peer) {
    out.to_peers.clear();
    if (!listener.send(peer, bytes_of("x"), out) || out.to_peers.size() != 1) return std::nullopt;
    return std::exchange(out.to_peers, {})[0].peer;
  }
};

TEST_F(ConnectionIdTest, both_ends_agree_on_what_each_receives_and_carry_data_with_it) {
  for (const Ids server : {Ids(), Ids(0), Ids(1), Ids(8), Ids(64)})
    for (const Ids client_wants : {Ids(), Ids(0), Ids(3), Ids(64)})
      for (const std::size_t datagram_bytes : {std::size_t{256}, std::size_t{1200}}) {
        ServerConfig server_config = server_with(server);
        ClientConfig client_config = client_with(client_wants);
        server_config.datagram_bytes_max = client_config.datagram_bytes_max = datagram_bytes;
        server_config.padding_block_bytes = client_config.padding_block_bytes = 32;
        listener = make(server_config);
        Client client(client_config);
        ASSERT_TRUE(completes(client));
        const Negotiated &ours = *listener.negotiated(here), &theirs = client.client.negotiated();
        const bool are_used = server && client_wants;
        EXPECT_EQ(ours.connection_id.size(), are_used ? *server : 0u);
        EXPECT_EQ(ours.peer_connection_id.size(), are_used ? *client_wants : 0u);
        EXPECT_EQ(ours.connection_id, theirs.peer_connection_id);
        EXPECT_EQ(ours.peer_connection_id, theirs.connection_id);
        EXPECT_EQ(listener.connection_ids(), ours.connection_id.empty() ? 0u : 1u);
        const Bytes up = client.sends("up");
        EXPECT_EQ(up[0], ours.connection_id.empty() ? 23 : 25);
        EXPECT_EQ(up.size(), ours.connection_id.empty() ? 39 : 13 + 24 + 32 + ours.connection_id.size());
        receive(up, here);
        EXPECT_EQ(told().back(), "1: up");
        ASSERT_TRUE(listener.send(here, bytes_of("down"), out));
        EXPECT_EQ(out.to_peers.back().datagram[0], ours.peer_connection_id.empty() ? 23 : 25);
        pump(client, here);
        EXPECT_EQ(text_of(client.out.application_data.bytes), "down");
        out = {};
      }
}

TEST_F(ConnectionIdTest, what_is_too_long_for_a_datagram_is_counted_with_the_id) {
  Client client(client_with(0));
  ASSERT_TRUE(completes(client));
  EXPECT_EQ(client.client.send(Bytes(1200 - 13 - 24 - 8), client.out).error(), Error(Misuse::datagram_too_long));
  ASSERT_TRUE(client.client.send(Bytes(1200 - 13 - 24 - 8 - 1), client.out));
  EXPECT_EQ(client.out.to_peer.bytes.size(), 1200u);
}

TEST_F(ConnectionIdTest, zeros_stay_within_the_record_size_limit) {
  ServerConfig server_config = server_with(8);
  ClientConfig client_config = client_with(0);
  server_config.record_size_limit = 100;
  client_config.record_size_limit = 200;
  client_config.padding_block_bytes = 64;
  listener = make(server_config);
  Client client(client_config);
  ASSERT_TRUE(completes(client));
  (void)told();
  EXPECT_EQ(client.client.send(Bytes(101), client.out).error(), Error(Misuse::datagram_too_long));
  for (const auto& [content_bytes, padded_bytes] : {std::pair{63u, 63u}, {64u, 100u}, {70u, 100u}, {100u, 100u}}) {
    const Bytes sealed = client.sends(std::string(content_bytes, 'x'));
    EXPECT_EQ(sealed.size(), 13 + 8 + 24 + 1 + padded_bytes);
    receive(sealed, here);
    EXPECT_EQ(told(), std::vector<std::string>{"1: " + std::string(content_bytes, 'x')});
  }
}

TEST_F(ConnectionIdTest, a_client_that_speaks_from_elsewhere_is_known_and_answered_there) {
  Client client;
  ASSERT_TRUE(completes(client));
  (void)told();
  receive(client.sends("moved"), there);
  EXPECT_EQ(told(), (std::vector<std::string>{"2: from 1", "2: moved"}));
  EXPECT_EQ(sends_to(there), there);
  EXPECT_EQ(listener.send(here, bytes_of("x"), out).error(), Error(Misuse::peer_unknown));
  EXPECT_EQ(listener.peers(), 1u);
  ASSERT_TRUE(listener.send(there, bytes_of("welcome"), out));
  pump(client, there);
  EXPECT_EQ(text_of(client.out.application_data.bytes), "welcome");
}

TEST_F(ConnectionIdTest, replayed_and_late_records_from_elsewhere_move_nobody) {
  Client client;
  ASSERT_TRUE(completes(client));
  (void)told();
  const Bytes late = client.sends("late"), first = client.sends("first"), second = client.sends("second");
  receive(first, here);
  EXPECT_EQ(told(), std::vector<std::string>{"1: first"});
  receive(first, there);  // replayed
  EXPECT_EQ(discarded(DiscardReason::record_replayed), 1u);
  receive(late, there);  // authentic and new, but not the newest: still data
  EXPECT_EQ(told(), std::vector<std::string>{"1: late"});
  EXPECT_EQ(sends_to(here), here);
  receive(second, there);
  EXPECT_EQ(told(), (std::vector<std::string>{"2: from 1", "2: second"}));
  receive(second, here);  // and back by no replay
  EXPECT_EQ(sends_to(there), there);
}

TEST_F(ConnectionIdTest, a_record_that_does_not_authenticate_moves_nobody) {
  Client client;
  ASSERT_TRUE(completes(client));
  (void)told();
  const Bytes sealed = client.sends("x");
  for (std::size_t at = 11; at < sealed.size(); ++at) {
    Bytes forged = sealed;
    forged[at] ^= 1;
    receive(forged, there);
  }
  EXPECT_TRUE(told().empty() && out.to_peers.empty());
  EXPECT_EQ(listener.peers(), 1u);
  EXPECT_EQ(sends_to(here), here);
}

TEST_F(ConnectionIdTest, an_unknown_id_is_discarded_and_costs_nothing) {
  Client client;
  ASSERT_TRUE(completes(client));
  (void)told();
  Bytes forged = client.sends("x");
  forged[11] ^= 1;
  receive(forged, here);
  receive(forged, there);
  EXPECT_EQ(discarded(DiscardReason::connection_id_unknown), 2u);
  EXPECT_TRUE(told().empty() && out.to_peers.empty());
  EXPECT_EQ(listener.peers(), 1u);
}

TEST_F(ConnectionIdTest, a_record_without_the_id_that_was_asked_for_is_invalid) {
  Client client;
  ASSERT_TRUE(completes(client));
  (void)told();
  Bytes plain = client.sends("x");
  plain[0] = 23;
  plain.erase(plain.begin() + 11, plain.begin() + 19);
  receive(plain, here);
  EXPECT_EQ(discarded(DiscardReason::connection_id_missing), 1u);
  EXPECT_TRUE(told().empty());
}

TEST_F(ConnectionIdTest, the_caller_may_forbid_a_change_of_address_and_gets_the_data_all_the_same) {
  Client client;
  ASSERT_TRUE(completes(client));
  (void)told();
  std::vector<std::pair<PeerAddress, PeerAddress>> asked;
  ASSERT_TRUE(listener.set_callbacks({.may_change_address = [&](const PeerAddress& from, const PeerAddress& to) {
    asked.push_back({from, to});
    return to == elsewhere;
  }}));
  receive(client.sends("a"), there);
  EXPECT_EQ(told(), std::vector<std::string>{"1: a"});
  EXPECT_EQ(sends_to(here), here);
  receive(client.sends("b"), elsewhere);
  EXPECT_EQ(told(), (std::vector<std::string>{"3: from 1", "3: b"}));
  EXPECT_EQ(asked, (std::vector<std::pair<PeerAddress, PeerAddress>>{{here, there}, {here, elsewhere}}));
}

TEST_F(ConnectionIdTest, nobody_is_put_out_of_an_address_by_a_forged_source) {
  Client victim, other;
  ASSERT_TRUE(completes(victim, here));
  ASSERT_TRUE(completes(other, there));
  (void)told();
  receive(other.sends("from the address of another"), here);
  EXPECT_EQ(told(), std::vector<std::string>{"2: from the address of another"});
  EXPECT_EQ(sends_to(there), there);
  ASSERT_TRUE(listener.send(here, bytes_of("yours"), out));
  pump(victim, here);
  EXPECT_EQ(text_of(victim.out.application_data.bytes), "yours");
}

TEST_F(ConnectionIdTest, the_limit_on_peers_is_not_got_round_by_moving) {
  ServerConfig config = server_with(8);
  config.limits.associations_max = 1;
  listener = make(config);
  Client client, next;
  ASSERT_TRUE(completes(client));
  // A handshake beside the association stays where it is.
  while (!next.out.to_peer.empty() && listener.deadline() == std::nullopt) {
    std::exchange(next.out.to_peer, {}).each([&](ByteView datagram) { receive(datagram, here); });
    for (const auto& addressed : std::exchange(out.to_peers, {}))
      if (!listener.deadline()) (void)next.client.receive(addressed.datagram, at(now), next.out);
  }
  ASSERT_NE(listener.deadline(), std::nullopt);
  (void)told();
  receive(client.sends("x"), there);
  EXPECT_EQ(told(), std::vector<std::string>{"1: x"});
  EXPECT_EQ(listener.peers(), 1u);
}

TEST_F(ConnectionIdTest, a_handshake_completes_only_where_the_cookie_was_shown) {
  Client client;
  std::vector<Bytes> last;
  while (listener.negotiated(here) == nullptr) {
    last.clear();
    std::exchange(client.out.to_peer, {}).each([&](ByteView datagram) { last.emplace_back(datagram.begin(), datagram.end()); });
    ASSERT_FALSE(last.empty());
    // The end of the last flight, the Finished under the id, comes from elsewhere.
    const std::size_t finished_bytes = 13 + 8 + 24 + 12 + 12 + 1;
    Bytes& end = last.back();
    const bool has_finished = end.size() > finished_bytes && end[end.size() - finished_bytes] == 25;
    for (std::size_t i = 0; i + 1 < last.size(); ++i) receive(last[i], here);
    if (has_finished) {
      receive(ByteView(end).first(end.size() - finished_bytes), here);
      receive(ByteView(end).last(finished_bytes), there);
      break;
    }
    receive(end, here);
    for (const auto& addressed : std::exchange(out.to_peers, {}))
      ASSERT_TRUE(client.client.receive(addressed.datagram, at(now), client.out));
  }
  ASSERT_NE(listener.negotiated(here), nullptr);
  EXPECT_EQ(listener.negotiated(there), nullptr);
  for (const auto& addressed : out.to_peers) EXPECT_EQ(addressed.peer, here);
  out = {};
  // The answer is lost; the flight is repeated from elsewhere, and now the association goes there, and its answer too.
  now = *client.client.deadline();
  ASSERT_TRUE(client.client.on_timeout(at(now), client.out));
  pump(client, there);
  EXPECT_TRUE(client.client.is_handshake_complete());
  EXPECT_NE(listener.negotiated(there), nullptr);
}

TEST_F(ConnectionIdTest, late_records_of_a_closed_association_are_known_by_their_id_from_anywhere) {
  Client client;
  ASSERT_TRUE(completes(client));
  const Bytes data = client.sends("late");
  ASSERT_TRUE(client.client.close(client.out));
  const Bytes farewell = std::exchange(client.out.to_peer, {}).bytes;
  ASSERT_TRUE(listener.close(here, at(now), out));
  out = {};
  receive(data, there);
  receive(farewell, elsewhere);
  EXPECT_EQ(told(), std::vector<std::string>{"1: !" + std::to_string(static_cast<int>(ListenerEvent::late_close_notify))});
  EXPECT_EQ(discarded(DiscardReason::association_closed), 1u);
  EXPECT_EQ(discarded(DiscardReason::close_notify_late), 1u);
  EXPECT_TRUE(out.to_peers.empty());
  EXPECT_EQ(listener.connection_ids(), 1u);
  now = now + Milliseconds{60000};
  listener.on_timeout(at(now), out);
  EXPECT_EQ(listener.peers() + listener.connection_ids(), 0u);
  receive(farewell, here);
  EXPECT_EQ(discarded(DiscardReason::connection_id_unknown), 1u);
}

TEST_F(ConnectionIdTest, a_late_record_of_a_former_association_does_not_touch_the_next_one_at_its_address) {
  Client former;
  ASSERT_TRUE(completes(former));
  const Bytes late = former.sends("late");
  Client next;
  ASSERT_TRUE(completes(next));  // replaces the former
  EXPECT_EQ(listener.connection_ids(), 1u);
  (void)told();
  receive(late, here);
  EXPECT_EQ(discarded(DiscardReason::connection_id_unknown), 1u);
  EXPECT_TRUE(told().empty());
  receive(next.sends("fresh"), there);
  EXPECT_EQ(told(), (std::vector<std::string>{"2: from 1", "2: fresh"}));
}

TEST_F(ConnectionIdTest, an_alert_from_elsewhere_ends_the_association_and_frees_the_id) {
  Client client;
  ASSERT_TRUE(completes(client));
  ASSERT_TRUE(client.client.close(client.out));
  (void)told();
  receive(std::exchange(client.out.to_peer, {}).bytes, there);
  EXPECT_EQ(told(),
            (std::vector<std::string>{"2: from 1", "2: !" + std::to_string(static_cast<int>(ListenerEvent::peer_closed))}));
  ASSERT_TRUE(listener.close(there, at(now), out));
  EXPECT_EQ(out.to_peers.back().peer, there);
  now = now + Milliseconds{60000};
  listener.on_timeout(at(now), out);
  EXPECT_EQ(listener.peers() + listener.connection_ids(), 0u);
}

TEST_F(ConnectionIdTest, a_server_declines_an_id_that_is_too_long_and_goes_on_without) {
  ServerConfig config = server_with(4);
  config.limits.connection_id_bytes_max = 8;
  listener = make(config);
  Client client(client_with(9));
  ASSERT_TRUE(completes(client));
  EXPECT_TRUE(listener.negotiated(here)->connection_id.empty() && listener.negotiated(here)->peer_connection_id.empty());
  EXPECT_EQ(listener.connection_ids(), 0u);
}

TEST_F(ConnectionIdTest, a_client_refuses_an_id_that_is_too_long) {
  ClientConfig config = client_with(0);
  config.limits.connection_id_bytes_max = 7;
  Client client(config);
  pump(client, here);
  ASSERT_NE(client.client.failure(), nullptr);
  EXPECT_EQ(*client.client.failure(), Error(Fatal{Reason::connection_id_too_long}));
}

TEST_F(ConnectionIdTest, an_id_in_answer_to_no_offer_is_refused) {
  wire::tls12::ServerHello hello;
  hello.server_version = 0xfefd;
  hello.cipher_suite = CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256;
  hello.extended_master_secret = true;
  hello.renegotiated_connection = hello.connection_id = ByteView{};
  Bytes message;
  Writer writer(message);
  encode(hello, writer);
  const ByteView body = ByteView(message).subspan(wire::message_header_bytes);
  const auto header = wire::whole_fragment_header(message, 0);
  const auto record =
      record::make_dtls_header({ContentType::handshake, record::DtlsVersion::dtls12, 0, 0, header.size() + body.size()});
  const Bytes datagram =
      test::join({Bytes(record.begin(), record.end()), Bytes(header.begin(), header.end()), test::copy_of(body)});
  Client without(client_with(std::nullopt)), with(client_with(0));
  EXPECT_EQ(without.client.receive(datagram, at(now), without.out).error(), Error(Fatal{Reason::extension_unsolicited}));
  EXPECT_TRUE(with.client.receive(datagram, at(now), with.out));
}

TEST(ConnectionIds, are_drawn_until_one_is_free_and_no_longer) {
  const auto provider = testing::provider();
  ConnectionIds ids;
  std::vector<Bytes> drawn;
  for (int i = 0; i < 2000; ++i)
    if (auto id = ids.draw(*provider, 1, here)) drawn.push_back(*id);
  std::ranges::sort(drawn);
  EXPECT_EQ(std::ranges::adjacent_find(drawn), drawn.end());
  EXPECT_EQ(ids.size(), 256u);
  EXPECT_EQ(ids.draw(*provider, 1, here), std::nullopt);
  EXPECT_EQ(ids.draw(*provider, 0, here), Bytes{});
  ids.release(drawn[0]);
  EXPECT_EQ(ids.find(drawn[0]), nullptr);
  ids.move(drawn[1], there);
  ASSERT_NE(ids.find(drawn[1]), nullptr);
  EXPECT_EQ(*ids.find(drawn[1]), there);
}

}  // namespace
}  // namespace tocsin
