#include "harnesses/checkers/checked_connection.h"

#include <gtest/gtest.h>

#include "harnesses/scenarios/loopback.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::harness {
namespace {

std::shared_ptr<Provider> provider() {
  static const auto shared = make_openssl_provider();
  return *shared;
}

// Over libcrypto.
Loopback loopback(const stacks::PeerConfig& config, EntryPoint entry_point = EntryPoint::direct) {
  const CheckOptions options{provider(), config.record_size_limit};
  return Loopback(tocsin_client_config(config), options, tocsin_server_config(config), entry_point, options);
}

TEST(CheckedConnection, finds_nothing_in_honest_connections) {
  for (const EntryPoint entry_point : {EntryPoint::direct, EntryPoint::acceptor}) {
    for (const int record_size_limit : {0, 64, 16385}) {
      stacks::PeerConfig config;
      config.record_size_limit = static_cast<std::uint16_t>(record_size_limit);
      config.padding_block_bytes = 32;
      config.key_shares = 0;
      Loopback pair = loopback(config, entry_point);
      pair.exchange(1);
      ASSERT_TRUE(pair.client.is_handshake_complete() && pair.server.is_handshake_complete());
      EXPECT_TRUE(pair.client.send(Bytes(40000), pair.from_client));
      EXPECT_TRUE(pair.client.update_keys(KeyUpdateRequest::update_requested, pair.from_client));
      EXPECT_TRUE(pair.client.send(Bytes(3), pair.from_client));
      pair.exchange(1);
      EXPECT_EQ(pair.from_server.application_data.size(), 40003u);
      EXPECT_TRUE(pair.server.send(Bytes(3), pair.from_server));
      EXPECT_TRUE(pair.server.close(pair.from_server));
      pair.exchange(1);
      EXPECT_TRUE(pair.client.close(pair.from_client));
      pair.exchange(1);
      EXPECT_TRUE(pair.client.connection()->is_closed_by_peer() && pair.server.connection()->is_closed_by_peer());
    }
  }
}

TEST(CheckedConnection, finds_nothing_in_connections_that_fail_as_they_should) {
  for (const EntryPoint entry_point : {EntryPoint::direct, EntryPoint::acceptor}) {
    Loopback pair = loopback({}, entry_point);
    EXPECT_FALSE(pair.server.receive(Bytes{'G', 'E', 'T', ' ', '/'}, pair.from_server));
    EXPECT_EQ(pair.server.error(), Error(Fatal{Reason::record_type_unknown}));
    EXPECT_FALSE(pair.client.receive(pair.from_server.to_peer, pair.from_client));
    EXPECT_EQ(pair.client.error(), Error(PeerAlert{AlertDescription::unexpected_message}));
  }
}

TEST(CheckedConnection, opens_the_alert_of_a_connection_that_fails_after_its_handshake) {
  Loopback pair = loopback({});
  pair.exchange(1);
  EXPECT_FALSE(pair.server.receive(
      Bytes{23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, pair.from_server));
  EXPECT_EQ(pair.server.error(), Error(Fatal{Reason::record_bad_mac}));
  EXPECT_FALSE(pair.client.receive(pair.from_server.to_peer, pair.from_client));
  EXPECT_EQ(pair.client.error(), Error(PeerAlert{AlertDescription::bad_record_mac}));
}

// What must be a finding.
void read(std::initializer_list<Bytes> calls, stacks::Role role = stacks::Role::server) {
  SentRecords records(role, provider());
  for (const Bytes& sent : calls) records.read(sent);
}

TEST(SentRecordsDeathTest, half_a_record_is_a_finding) {
  EXPECT_DEATH(read({{22, 3, 3, 0, 2, 1}}), "FINDING: records_are_well_formed: half a record was sent");
  EXPECT_DEATH(read({{22, 3, 3}}), "half a record header");
}

TEST(SentRecordsDeathTest, a_wrong_version_is_a_finding) {
  EXPECT_DEATH(read({{22, 3, 1, 0, 1, 1}}), "legacy_record_version");
  read({{22, 3, 1, 0, 1, 1}}, stacks::Role::client);
}

TEST(SentRecordsDeathTest, anything_after_a_fatal_alert_is_a_finding) {
  EXPECT_DEATH(read({{21, 3, 3, 0, 2, 2, 40, 21, 3, 3, 0, 2, 2, 40}}), "after a fatal alert");
  EXPECT_DEATH(read({{21, 3, 3, 0, 2, 2, 40}, {22, 3, 3, 0, 1, 1}}), "after a fatal alert");
}

TEST(SentRecordsDeathTest, anything_but_a_fatal_alert_after_close_notify_is_a_finding) {
  EXPECT_DEATH(read({{21, 3, 3, 0, 2, 1, 0}, {22, 3, 3, 0, 1, 1}}), "after close_notify");
  read({{21, 3, 3, 0, 2, 1, 0}, {21, 3, 3, 0, 2, 2, 40}});
}

TEST(SentRecordsDeathTest, an_alert_of_the_wrong_level_is_a_finding) {
  EXPECT_DEATH(read({{21, 3, 3, 0, 2, 1, 40}}), "wrong level");
  EXPECT_DEATH(read({{21, 3, 3, 0, 2, 2, 0}}), "wrong level");
}

TEST(SentRecordsDeathTest, a_protected_record_that_the_key_log_does_not_open_is_a_finding) {
  EXPECT_DEATH(read({Bytes{23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}}),
               "not in the key log");
}

// A ServerHello, the master secret, and then this.
void read_tls12(Bytes sent) {
  SentRecords records(stacks::Role::client, provider());
  Bytes hello{22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3};
  hello.resize(hello.size() + 32);
  append(hello, Bytes{0, 0xc0, 0x2b, 0});
  for (const std::uint8_t byte : hello) records.note_received({&byte, 1});
  records.add_secret("CLIENT_RANDOM " + std::string(64, '0') + ' ' + std::string(96, '1'));
  records.read(sent);
}

TEST(SentRecordsDeathTest, what_follows_the_change_cipher_spec_of_tls_1_2_has_to_open) {
  Bytes sent{20, 3, 3, 0, 1, 1};
  read_tls12(sent);
  for (const std::uint8_t explicit_nonce : Bytes{0, 1}) {
    Bytes sealed{22, 3, 3, 0, 40, 0, 0, 0, 0, 0, 0, 0, explicit_nonce};
    sealed.resize(sealed.size() + 32);
    Bytes both = sent;
    append(both, sealed);
    EXPECT_DEATH(read_tls12(both), "FINDING: nonce_used_once");
  }
  append(sent, Bytes{20, 3, 3, 0, 1, 1});
  EXPECT_DEATH(read_tls12(sent), "FINDING");
  EXPECT_DEATH(read_tls12({22, 3, 1, 0, 1, 1}), "legacy_record_version");
}

}  // namespace
}  // namespace tocsin::harness
