#include "core/handshake/tls12/session.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/base/testing.h"

namespace tocsin::handshake::tls12 {
namespace {

using test::copy_of;

Session session() {
  return {ProtocolVersion::tls12,
          CipherSuite::ecdhe_rsa_aes_256_gcm_sha384,
          MaxFragmentLength::bytes_1024,
          Secret(Bytes(48, 9)),
          UnixSeconds{-5},
          "example.test",
          {Bytes{1, 2, 3}, Bytes{4}}};
}
ClientSession client_session() {
  return {session(), {}, Bytes{7, 8}, UnixSeconds{1000}, Bytes{5}, true, MaxFragmentLength::bytes_4096};
}

void expect_same(const Session& a, const Session& b) {
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.cipher_suite, b.cipher_suite);
  EXPECT_EQ(a.max_fragment_length, b.max_fragment_length);
  EXPECT_EQ(copy_of(a.master), copy_of(b.master));
  EXPECT_EQ(a.since, b.since);
  EXPECT_EQ(a.server_name, b.server_name);
  EXPECT_EQ(a.peer_chain, b.peer_chain);
}

TEST(Tls12Session, every_field_is_decoded_again) {
  const auto again = decode_session(encode_session(session()).view());
  ASSERT_TRUE(again);
  expect_same(*again, session());
  const auto of_client = decode_client_session(encode_session(client_session()).view());
  ASSERT_TRUE(of_client);
  expect_same(of_client->session, session());
  EXPECT_EQ(of_client->ticket, client_session().ticket);
  EXPECT_TRUE(of_client->id.empty());
  EXPECT_EQ(of_client->until, UnixSeconds{1000});
  EXPECT_EQ(of_client->own_certificate, Bytes{5});
  EXPECT_TRUE(of_client->asks_for_certificate);
  EXPECT_EQ(of_client->max_fragment_length_asked, MaxFragmentLength::bytes_4096);
}

TEST(Tls12Session, what_is_cut_short_too_long_or_of_another_form_is_none) {
  const Bytes server = copy_of(encode_session(session()).view()), client = copy_of(encode_session(client_session()).view());
  for (std::size_t size = 0; size < server.size(); ++size) EXPECT_FALSE(decode_session(ByteView(server).first(size)));
  for (std::size_t size = 0; size < client.size(); ++size) EXPECT_FALSE(decode_client_session(ByteView(client).first(size)));
  EXPECT_FALSE(decode_session(test::join({server, Bytes(1)})));
  EXPECT_FALSE(decode_client_session(test::join({client, Bytes(1)})));
  EXPECT_FALSE(decode_session(client));
  EXPECT_FALSE(decode_client_session(server));
}

TEST(Tls12Session, a_max_fragment_length_that_there_is_not_is_of_another_form) {
  Session kept = session();
  kept.max_fragment_length = MaxFragmentLength{5};
  EXPECT_FALSE(decode_session(encode_session(kept).view()));
  ClientSession of_client = client_session();
  of_client.max_fragment_length_asked = MaxFragmentLength{5};
  EXPECT_FALSE(decode_client_session(encode_session(of_client).view()));
}

TEST(Tls12Session, a_client_asks_for_it_by_a_ticket_or_by_an_id_and_not_by_both_or_neither) {
  ClientSession kept = client_session();
  kept.id = Bytes(32, 1);
  EXPECT_FALSE(decode_client_session(encode_session(kept).view()));
  kept.ticket.clear();
  EXPECT_TRUE(decode_client_session(encode_session(kept).view()));
  kept.id.clear();
  EXPECT_FALSE(decode_client_session(encode_session(kept).view()));
}

TEST(Tls12Session, lives_from_its_full_handshake_for_as_long_as_the_configuration_says_and_a_day_at_most) {
  CommonConfig config;
  Session kept = session();
  kept.since = UnixSeconds{100};
  config.session_lifetime_s = 10;
  for (const auto& [now, is] : {std::pair{99, false}, {100, true}, {109, true}, {110, false}})
    EXPECT_EQ(is_alive(kept, config, UnixSeconds{now}), is) << now;
  config.session_lifetime_s = 0;
  EXPECT_TRUE(is_alive(kept, config, UnixSeconds{100}));
  EXPECT_FALSE(is_alive(kept, config, UnixSeconds{101}));
  config.session_lifetime_s = 1'000'000;
  EXPECT_TRUE(is_alive(kept, config, UnixSeconds{100 + 86399}));
  EXPECT_FALSE(is_alive(kept, config, UnixSeconds{100 + 86400}));
  constexpr UnixSeconds end{std::numeric_limits<std::int64_t>::max()};
  kept.since = end;
  EXPECT_FALSE(is_alive(kept, config, end));
}

TEST(Tls12Session, keys_of_servers_and_clients_and_of_versions_are_apart) {
  EXPECT_NE(key_of_server_session(bytes_of("x")), key_of_client_session(ProtocolVersion::tls12, "x"));
  EXPECT_NE(key_of_client_session(ProtocolVersion::dtls12, "x"), key_of_client_session(ProtocolVersion::tls12, "x"));
}

}  // namespace
}  // namespace tocsin::handshake::tls12
