// A Listener and clients in memory: what strays may not do, and what becomes of associations.
#include "core/base/testing.h"
#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

//= RFC 6347 4.2.1 //# The client MUST retransmit the ClientHello with the cookie added.
//= RFC 6347 4.2.1 //# DTLS 1.2 and 1.0 clients MUST use the version solely to indicate packet formatting
//= RFC 6347 4.2.1 //# In particular, DTLS 1.2 clients MUST NOT assume that because the server uses version
//= RFC 6347 4.2.1 //# When responding to a HelloVerifyRequest, the client MUST use the same parameter values
//= RFC 6347 4.2.1 //# In order to avoid sequence number duplication in case of multiple cookie exchanges, the server MUST use the record sequence number in the ClientHello as the record sequence number in its initial ServerHello.
//= RFC 6347 4.2.1 //# and MUST increment normally.
//= RFC 6347 4.2.1 //# Clients MUST be prepared to do a cookie exchange with every handshake.
//= RFC 6347 4.2.6 //# the initial ClientHello and HelloVerifyRequest MUST NOT be included in the
TEST_F(ListenerTest, a_handshake_with_a_cookie_completes_and_carries_data_both_ways) {
  Client client;
  ASSERT_TRUE(completes(client));
  EXPECT_EQ(listener.cookies_sent(), 1u);
  EXPECT_EQ(listener.negotiated(here)->version, ProtocolVersion::dtls12);
  EXPECT_EQ(client.client.negotiated().cipher_suite, listener.negotiated(here)->cipher_suite);
  ASSERT_TRUE(client.client.send(bytes_of("one"), client.out));
  ASSERT_TRUE(client.client.send(bytes_of(""), client.out));
  ASSERT_TRUE(client.client.send(bytes_of("two"), client.out));
  ASSERT_TRUE(listener.send(here, bytes_of("answer"), out));
  pump(client);
  std::vector<std::string> data;
  for (const auto& told : out.told)
    if (const auto* bytes = std::get_if<Bytes>(&told.what)) data.emplace_back(text_of(*bytes));
  EXPECT_EQ(data, (std::vector<std::string>{"one", "", "two"}));
  EXPECT_EQ(text_of(client.out.application_data.bytes), "answer");
  Bytes ours(40), theirs(40);
  ASSERT_TRUE(client.client.export_keying_material("label", {}, ours, client.out));
  ASSERT_TRUE(listener.export_keying_material(here, "label", {}, theirs, out));
  EXPECT_EQ(ours, theirs);
}

//= RFC 6347 4.2.6 //# the Finished MAC MUST be computed as if each handshake message had been sent as a
TEST_F(ListenerTest, completes_at_every_size_of_datagrams_from_256_on) {
  for (const std::size_t size_bytes :
       {std::size_t{256}, std::size_t{300}, std::size_t{512}, std::size_t{1200}, std::size_t{9000}}) {
    ServerConfig server = testing::server_config();
    ClientConfig client_config = testing::client_config();
    server.datagram_bytes_max = client_config.datagram_bytes_max = size_bytes;
    listener = make(server);
    Client client(now, client_config);
    while (!client.out.to_peer.empty()) {
      for (const std::size_t datagram_bytes : client.out.to_peer.sizes_bytes) EXPECT_LE(datagram_bytes, size_bytes);
      to_listener(client);
      for (const auto& addressed : std::exchange(out.to_peers, {})) {
        EXPECT_LE(addressed.datagram.size(), size_bytes);
        ASSERT_TRUE(client.client.receive(addressed.datagram, at(now), client.out));
      }
    }
    EXPECT_TRUE(client.client.is_handshake_complete()) << size_bytes;
  }
}

TEST_F(ListenerTest, strays_in_the_listen_state_are_discarded_with_their_reasons_and_leave_nothing) {
  const std::pair<Bytes, DiscardReason> strays[] = {
      {{}, DiscardReason::datagram_empty},
      {{22, 0xfe}, DiscardReason::record_truncated},
      {record_of(ContentType::handshake, 0, 0, Bytes(11, 1)), DiscardReason::fragment_malformed},
      {Bytes(200, 0xff), DiscardReason::record_type_unknown},
      {record_of(ContentType::alert, 1, 5, Bytes(26, 1)), DiscardReason::listening_for_plaintext},
      {record_of(ContentType::application_data, 1, 5, Bytes(26, 1)), DiscardReason::listening_for_plaintext},
      {record_of(ContentType::handshake, 1, 0, Bytes(40, 1)), DiscardReason::listening_for_plaintext},
      {record_of(ContentType::alert, 0, 0, {1, 0}), DiscardReason::listening_not_for_alert},
      {record_of(ContentType::application_data, 0, 0, {1}), DiscardReason::listening_not_for_application_data},
      {record_of(ContentType::change_cipher_spec, 0, 0, {1}), DiscardReason::listening_not_for_change_cipher_spec},
      {record_of(ContentType::handshake, 0, 0, {16, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 1, 0}),
       DiscardReason::listening_not_for_message},
      {record_of(ContentType::handshake, 0, 0, {1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0}), DiscardReason::hello_malformed},
      {record_of(ContentType::handshake, 0, 0, {1, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0}), DiscardReason::hello_fragmented},
      {record_of(ContentType::handshake, 0, 0, {}), DiscardReason::record_empty},
  };
  for (const auto& [stray, why] : strays) {
    const std::uint64_t before = discarded(why);
    listener.receive(stray, here, at(now), out);
    EXPECT_EQ(discarded(why), before + 1) << name_of(why);
    EXPECT_TRUE(out.to_peers.empty() && out.told.empty()) << name_of(why);
    EXPECT_EQ(listener.peers(), 0u) << name_of(why);
  }
  EXPECT_EQ(listener.deadline(), std::nullopt);
  Client client;
  EXPECT_TRUE(completes(client));
}

TEST_F(ListenerTest, an_unverified_peer_costs_nothing_and_gets_at_most_what_it_sent) {
  for (int i = 0; i < 100; ++i) {
    Client client;
    client.out.to_peer.each([&](ByteView datagram) {
      listener.receive(datagram, {1, static_cast<std::uint8_t>(i)}, at(now), out);
      ASSERT_EQ(out.to_peers.size(), 1u);
      EXPECT_LE(out.to_peers[0].datagram.size(), datagram.size());
      out.to_peers.clear();
    });
  }
  EXPECT_EQ(listener.peers(), 0u);
}

TEST_F(ListenerTest, two_hellos_in_one_datagram_are_answered_with_one) {
  Client client;
  Bytes twice = client.out.to_peer.bytes;
  append(twice, client.out.to_peer.bytes);
  listener.receive(twice, here, at(now), out);
  EXPECT_EQ(out.to_peers.size(), 1u);
  EXPECT_EQ(listener.cookies_sent(), 1u);
  EXPECT_EQ(discarded(DiscardReason::hello_repeated), 1u);
  EXPECT_EQ(listener.peers(), 0u);
}

TEST_F(ListenerTest, a_cookie_is_worth_nothing_at_another_address_or_too_late) {
  Client client;
  client.out.to_peer.each([&](ByteView datagram) { listener.receive(datagram, here, at(now), out); });
  client.out.to_peer = {};
  ASSERT_TRUE(client.client.receive(out.to_peers.at(0).datagram, at(now), client.out));
  out.to_peers.clear();
  Bytes with_cookie = client.out.to_peer.bytes;
  listener.receive(with_cookie, there, at(now), out);
  EXPECT_EQ(discarded(DiscardReason::cookie_invalid), 1u);
  EXPECT_EQ(out.to_peers.size(), 1u);  // another cookie: RFC 6347 4.2.1
  listener.receive(with_cookie, here, at(now + Milliseconds{200000}), out);
  EXPECT_EQ(discarded(DiscardReason::cookie_invalid), 2u);
  EXPECT_EQ(listener.peers(), 0u);
  listener.receive(with_cookie, here, at(now), out);
  EXPECT_EQ(listener.peers(), 1u);
}

TEST_F(ListenerTest, a_late_close_notify_is_known_for_what_it_is_and_the_address_can_begin_anew) {
  for (int round = 0; round < 3; ++round) {
    Client client;
    ASSERT_TRUE(completes(client));
    ASSERT_TRUE(client.client.close(client.out));
    const Bytes late = std::exchange(client.out.to_peer, {}).bytes;
    ASSERT_TRUE(listener.close(here, at(now), out));
    (void)events();
    out = {};
    listener.receive(late, here, at(now), out);
    EXPECT_EQ(events(), std::vector<ListenerEvent>{ListenerEvent::late_close_notify});
    EXPECT_EQ(discarded(DiscardReason::close_notify_late), static_cast<std::uint64_t>(round + 1));
    listener.receive(late, here, at(now), out);
    EXPECT_EQ(discarded(DiscardReason::record_replayed), static_cast<std::uint64_t>(round + 1));
    EXPECT_TRUE(out.to_peers.empty());
  }
  now = now + Milliseconds{10000};
  listener.on_timeout(at(now), out);
  EXPECT_EQ(listener.peers(), 0u);
  EXPECT_EQ(listener.deadline(), std::nullopt);
}

TEST_F(ListenerTest, the_close_notify_of_a_former_association_does_not_end_the_next_one) {
  Client first;
  ASSERT_TRUE(completes(first));
  ASSERT_TRUE(first.client.close(first.out));
  const Bytes late = std::exchange(first.out.to_peer, {}).bytes;
  ASSERT_TRUE(listener.close(here, at(now), out));
  Client second;
  ASSERT_TRUE(completes(second));
  (void)events();
  listener.receive(late, here, at(now), out);
  EXPECT_EQ(events(), std::vector<ListenerEvent>{ListenerEvent::late_close_notify});
  ASSERT_TRUE(second.client.send(bytes_of("still here"), second.out));
  pump(second);
  ASSERT_EQ(out.told.size(), 1u);
  EXPECT_EQ(text_of(std::get<Bytes>(out.told[0].what)), "still here");
}

//= RFC 6347 4.2.8 //# it SHOULD proceed with a new handshake but MUST NOT destroy the existing association
//= RFC 6347 4.2.8 //# After a correct Finished message is received, the server MUST abandon the previous
TEST_F(ListenerTest, a_new_hello_from_a_live_address_leaves_the_association_until_the_new_one_completes) {
  Client old_client;
  ASSERT_TRUE(completes(old_client));
  Client new_client;
  // Half way: the cookie came back, and the server's flight is lost.
  begin(new_client);
  const auto flight = std::exchange(out.to_peers, {});
  (void)events();
  ASSERT_TRUE(old_client.client.send(bytes_of("alive"), old_client.out));
  pump(old_client);
  ASSERT_EQ(out.told.size(), 1u);
  EXPECT_EQ(text_of(std::get<Bytes>(out.told[0].what)), "alive");
  (void)events();
  for (const auto& addressed : flight) ASSERT_TRUE(new_client.client.receive(addressed.datagram, at(now), new_client.out));
  pump(new_client);
  EXPECT_TRUE(new_client.client.is_handshake_complete());
  EXPECT_EQ(events(), (std::vector<ListenerEvent>{ListenerEvent::handshake_complete, ListenerEvent::replaced}));
}

TEST_F(ListenerTest, a_late_copy_of_the_hello_that_an_association_began_with_begins_no_other) {
  Client client;
  fetch_cookie(client);
  const Bytes with_cookie = client.out.to_peer.bytes;
  ASSERT_TRUE(completes(client));
  listener.receive(with_cookie, here, at(now), out);
  EXPECT_TRUE(out.to_peers.empty());
  EXPECT_EQ(discarded(DiscardReason::message_from_the_past), 1u);
  EXPECT_EQ(listener.deadline(), std::nullopt);
}

/// A record with a message, as if that were the next one.
Bytes under_another_number(Bytes record) {
  constexpr std::size_t message_seq_at = 13 + 4 + 1;  // behind the record's header, the type and the length; its low byte
  ++record[message_seq_at];
  return record;
}

TEST_F(ListenerTest, a_cookie_begins_no_other_handshake_under_another_number) {
  Client client;
  fetch_cookie(client);
  const Bytes with_cookie = client.out.to_peer.bytes;
  const Bytes renumbered = under_another_number(with_cookie);
  listener.receive(with_cookie, here, at(now), out);
  EXPECT_FALSE(std::exchange(out.to_peers, {}).empty());
  for (const Bytes& hello : {renumbered, with_cookie, renumbered}) {
    listener.receive(hello, here, at(now), out);
    EXPECT_TRUE(hello == with_cookie || out.to_peers.empty());
    out.to_peers.clear();
  }
  EXPECT_EQ(discarded(DiscardReason::cookie_spent), 2u);
  EXPECT_EQ(listener.peers(), 1u);
}

TEST_F(ListenerTest, a_cookie_begins_no_other_handshake_when_the_first_has_failed) {
  Client client;
  fetch_cookie(client);
  const Bytes with_cookie = client.out.to_peer.bytes;
  const auto flight_for_it = [&] {
    listener.receive(with_cookie, here, at(now), out);
    return std::exchange(out.to_peers, {});
  };
  const auto end_it = [&] {
    const Bytes malformed_key_exchange{16, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 1, 0};
    listener.receive(record_of(ContentType::handshake, 0, 50, malformed_key_exchange), here, at(now), out);
    EXPECT_EQ(listener.peers(), 0u);
    out = {};
  };
  EXPECT_FALSE(flight_for_it().empty());
  end_it();
  for (const std::int64_t ms : {0, 59'000}) {
    now = now + Milliseconds{ms};
    EXPECT_TRUE(flight_for_it().empty());
  }
  EXPECT_EQ(discarded(DiscardReason::cookie_spent), 2u);
  now = now + Milliseconds{120'000};
  EXPECT_EQ(flight_for_it().size(), 1u) << "too old now, and asked for anew";
  EXPECT_EQ(listener.cookies_sent(), 2u);
}

TEST_F(ListenerTest, who_was_evicted_may_come_back_with_his_cookie) {
  ServerConfig config = testing::server_config();
  config.limits.associations_max = 1;
  listener = make(config);
  Client client, other;
  fetch_cookie(client);
  const Bytes with_cookie = client.out.to_peer.bytes;
  listener.receive(with_cookie, here, at(now), out);
  begin(other, there);
  out = {};
  listener.receive(with_cookie, here, at(now), out);
  EXPECT_FALSE(out.to_peers.empty());
  EXPECT_EQ(discarded(DiscardReason::cookie_spent), 0u);
}

TEST_F(ListenerTest, only_so_many_spent_cookies_are_remembered) {
  ServerConfig config = testing::server_config();
  config.limits.cookies_spent_max = 4;
  listener = make(config);
  std::vector<Bytes> hellos;
  for (std::uint8_t i = 0; i < 5; ++i) {
    Client client(now);
    const PeerAddress address{10, 0, 2, i};
    fetch_cookie(client, address);
    hellos.push_back(client.out.to_peer.bytes);
    to_listener(client, address);
  }
  const auto is_spent = [&](std::uint8_t i) {
    const std::uint64_t before = discarded(DiscardReason::cookie_spent);
    listener.receive(under_another_number(hellos[i]), PeerAddress{10, 0, 2, i}, at(now), out);
    return discarded(DiscardReason::cookie_spent) != before;
  };
  EXPECT_TRUE(is_spent(4));
  EXPECT_TRUE(is_spent(2));
  EXPECT_FALSE(is_spent(0)) << "the oldest is forgotten";
}

//= RFC 6347 4.1.2.7 //# In general, invalid records SHOULD be silently discarded, thus preserving the
TEST_F(ListenerTest, what_is_forged_or_broken_does_not_harm_an_association) {
  Client client;
  ASSERT_TRUE(completes(client));
  const Bytes strays[] = {
      record_of(ContentType::alert, 0, 9, {2, 40}),
      record_of(ContentType::alert, 1, 9, Bytes(26, 1)),
      record_of(ContentType::application_data, 0, 9, {1}),
      record_of(ContentType::change_cipher_spec, 0, 9, {1}),
      record_of(ContentType::handshake, 0, 9, Bytes(12, 20)),
      record_of(ContentType::application_data, 2, 0, Bytes(26, 1)),
      {},
      Bytes(7, 22),
  };
  (void)events();
  for (const Bytes& stray : strays) {
    listener.receive(stray, here, at(now), out);
    ASSERT_TRUE(client.client.receive(stray, at(now), client.out));
  }
  EXPECT_TRUE(out.told.empty() && out.to_peers.empty());
  EXPECT_EQ(client.out.discarded.size(), std::size(strays));
  EXPECT_TRUE(client.out.application_data.empty() && client.out.application_data.bytes.empty());
  ASSERT_TRUE(client.client.send(bytes_of("x"), client.out));
  pump(client);
  EXPECT_EQ(out.told.size(), 1u);
}

TEST_F(ListenerTest, one_forged_fragment_does_not_stall_a_handshake) {
  Client client;
  begin(client);
  // A byte of a ClientKeyExchange that the client would not send.
  listener.receive(record_of(ContentType::handshake, 0, 9, test::from_hex("10 000021 0002 000000 000001 55")), here, at(now),
                   out);
  EXPECT_TRUE(completes(client));
  EXPECT_EQ(discarded(DiscardReason::fragment_conflicting), 0u);
}

TEST_F(ListenerTest, a_flight_is_sent_again_with_doubled_waits_and_given_up_in_the_end) {
  Client client(now);
  std::size_t sent = 1;
  std::int64_t waited_ms = 1000;
  client.out.to_peer = {};
  for (;;) {
    ASSERT_TRUE(client.client.deadline());
    EXPECT_EQ(count(*client.client.deadline() - now), waited_ms);
    now = *client.client.deadline();
    const Outcome outcome = client.client.on_timeout(at(now), client.out);
    if (!outcome) {
      EXPECT_EQ(outcome.error(), Error(Fatal{Reason::handshake_timed_out}));
      break;
    }
    waited_ms = std::min<std::int64_t>(2 * waited_ms, 60000);
    ++sent;
  }
  EXPECT_EQ(sent, 1u + Limits{}.retransmissions_max);
  EXPECT_EQ(client.client.deadline(), std::nullopt);
}

//= RFC 6347 4.1 //# In particular, it is still impermissible to send data prior to completion of the first
//= RFC 6347 4.1.1.1 //# However, the upper layer protocol MUST NOT write any record that exceeds the maximum
TEST_F(ListenerTest, misuse_is_told_and_changes_nothing) {
  EXPECT_EQ(listener.send(here, bytes_of("x"), out).error(), Error(Misuse::peer_unknown));
  EXPECT_EQ(listener.close(here, at(now), out).error(), Error(Misuse::peer_unknown));
  Client client;
  EXPECT_EQ(client.client.send(bytes_of("x"), client.out).error(), Error(Misuse::handshake_not_complete));
  ASSERT_TRUE(completes(client));
  EXPECT_EQ(listener.send(here, Bytes(1200), out).error(), Error(Misuse::datagram_too_long));
  EXPECT_TRUE(listener.send(here, Bytes(1200 - 13 - 24), out));
  ASSERT_TRUE(client.client.close(client.out));
  EXPECT_EQ(client.client.send(bytes_of("x"), client.out).error(), Error(Misuse::closed_for_writing));
}

TEST_F(ListenerTest, more_associations_than_the_limit_allows_are_not_begun) {
  ServerConfig config = testing::server_config();
  config.limits.associations_max = 1;
  listener = make(config);
  Client first, second;
  ASSERT_TRUE(completes(first, here));
  EXPECT_FALSE(completes(second, there));
  EXPECT_EQ(discarded(DiscardReason::associations_too_many), 1u);
}

}  // namespace
}  // namespace tocsin::listening
