// What either end of TLS 1.3 refuses in the other's records, and how much of what it tolerates.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/writer.h"
#include "core/connection/testing.h"
#include "core/crypto/editing_testing.h"
#include "core/record/testing.h"
#include "tocsin/acceptor.h"

namespace tocsin {
namespace {

using test::record_of;
using testing::client_config;
using testing::ConnectionPair;
using testing::server_config;

/// A handshake that may be broken off, and a client that puts into its protected records what a test wants.
class RecordErrors : public ::testing::Test {
 protected:
  RecordErrors() : provider(std::make_shared<test::EditingProvider>(testing::provider())) { begin(client_config()); }

  void begin(ClientConfig client, const ServerConfig& server = server_config()) {
    client.provider = provider;
    pair.emplace(client, server);
  }
  Outcome to_server(ByteView bytes) { return pair->server().receive(bytes, testing::now, pair->server_out); }
  Outcome to_client(ByteView bytes) { return pair->client().receive(bytes, testing::now, pair->client_out); }
  /// The server takes the ClientHello, and the client what it answers.
  void exchange_flights() {
    ASSERT_TRUE(to_server(std::exchange(pair->client_out.to_peer, {})));
    ASSERT_TRUE(to_client(std::exchange(pair->server_out.to_peer, {})));
  }
  /// After the handshake: the server takes a protected record of this type and content.
  Outcome to_server(ContentType type, ByteView content) {
    pair->pump();
    provider->edit = [&](MutableBytes plaintext) {
      std::fill(std::copy(content.begin(), content.end(), plaintext.begin()), plaintext.end(), std::uint8_t{0});
      plaintext[content.size()] = static_cast<std::uint8_t>(type);
    };
    EXPECT_TRUE(pair->client().send(Bytes(content.size() + 1, 0), pair->client_out));
    provider->edit = {};
    return to_server(std::exchange(pair->client_out.to_peer, {}));
  }

  std::shared_ptr<test::EditingProvider> provider;
  std::optional<ConnectionPair> pair;
};

#define EXPECT_FATAL(outcome, why) EXPECT_EQ((outcome).error(), Error(Fatal{why}))

TEST_F(RecordErrors, a_handshake_record_without_content_is_refused_protected_or_not) {
  EXPECT_FATAL(to_server(record_of(ContentType::handshake, {})), Reason::record_empty);
  begin(client_config());
  ASSERT_TRUE(pair->run_handshake());
  EXPECT_FATAL(to_server(ContentType::handshake, {}), Reason::record_empty);
}

//= RFC 9846 5.4 //# Implementations MUST NOT send Handshake and Alert records that have a zero-length
TEST_F(RecordErrors, an_alert_record_without_content_is_unexpected_under_either_keys_however_it_is_padded) {
  const auto empty_alert = [](MutableBytes plaintext) {
    std::ranges::fill(plaintext, std::uint8_t{0});
    plaintext[0] = static_cast<std::uint8_t>(ContentType::alert);
  };
  provider->edit = empty_alert;
  exchange_flights();
  EXPECT_FATAL(to_server(pair->client_out.to_peer), Reason::record_empty);
  for (const std::size_t padding_bytes : {std::size_t{1}, std::size_t{2}, record::plaintext_bytes_max}) {
    provider->edit = {};
    begin(client_config());
    ASSERT_TRUE(pair->run_handshake());
    pair->server_out = {};
    provider->edit = empty_alert;
    ASSERT_TRUE(pair->client().send(Bytes(padding_bytes, 0), pair->client_out));
    EXPECT_FATAL(to_server(std::exchange(pair->client_out.to_peer, {})), Reason::record_empty);
    EXPECT_EQ(to_client(pair->server_out.to_peer).error(), Error(PeerAlert{AlertDescription::unexpected_message}));
  }
}

TEST_F(RecordErrors, application_data_before_finished_is_refused_protected_or_not) {
  EXPECT_FATAL(to_server(record_of(ContentType::application_data, Bytes{1})), Reason::record_early_application_data);
  begin(client_config());
  provider->edit = [](MutableBytes plaintext) { plaintext.back() = static_cast<std::uint8_t>(ContentType::application_data); };
  exchange_flights();
  EXPECT_FATAL(to_server(pair->client_out.to_peer), Reason::record_early_application_data);
  EXPECT_TRUE(pair->server_out.application_data.empty());
}

TEST_F(RecordErrors, empty_application_data_is_tolerated_up_to_a_limit_in_a_row) {
  ASSERT_TRUE(pair->run_handshake());
  const std::uint32_t limit = Limits{}.empty_records_max;
  for (int again = 0; again < 2; ++again) {
    for (std::uint32_t i = 0; i < limit; ++i) ASSERT_TRUE(to_server(ContentType::application_data, {}));
    if (again == 0) {
      ASSERT_TRUE(to_server(ContentType::application_data, Bytes{7}));
    }
  }
  EXPECT_FATAL(to_server(ContentType::application_data, {}), Reason::empty_records_too_many);
  EXPECT_EQ(pair->server_out.application_data, Bytes{7});
}

TEST_F(RecordErrors, change_cipher_spec_is_one_byte_of_one_and_tolerated_up_to_a_limit) {
  for (const Bytes& content : {Bytes{2}, Bytes{1, 1}, Bytes{}, Bytes{0}}) {
    begin(client_config());
    EXPECT_FATAL(to_client(record_of(ContentType::change_cipher_spec, content)), Reason::change_cipher_spec_malformed);
  }
  begin(client_config());
  const Bytes change_cipher_spec = record_of(ContentType::change_cipher_spec, Bytes{1});
  for (std::uint32_t i = 0; i < Limits{}.change_cipher_specs_max; ++i) ASSERT_TRUE(to_client(change_cipher_spec));
  EXPECT_FATAL(to_client(change_cipher_spec), Reason::change_cipher_spec_too_many);
}

TEST_F(RecordErrors, nothing_stands_between_the_fragments_of_a_message) {
  const Bytes begun = record_of(ContentType::handshake, Bytes{1, 0});
  ASSERT_TRUE(to_server(begun));
  EXPECT_FATAL(to_server(record_of(ContentType::alert, Bytes{1, 0})), Reason::message_interleaved);
  begin(client_config());
  ASSERT_TRUE(to_client(record_of(ContentType::handshake, Bytes{2, 0})));
  EXPECT_FATAL(to_client(record_of(ContentType::change_cipher_spec, Bytes{1})), Reason::message_interleaved);
  for (const ContentType type : {ContentType::application_data, ContentType::alert}) {
    begin(client_config());
    ASSERT_TRUE(pair->run_handshake());
    ASSERT_TRUE(to_server(ContentType::handshake, Bytes{24, 0}));
    EXPECT_FATAL(to_server(type, Bytes{1, 0}), Reason::message_interleaved);
  }
}

TEST_F(RecordErrors, a_message_after_which_the_keys_change_ends_its_record) {
  ASSERT_TRUE(to_server(std::exchange(pair->client_out.to_peer, {})));
  const std::size_t hello_bytes = std::size_t{pair->server_out.to_peer[3]} << 8 | pair->server_out.to_peer[4];
  Bytes hello(pair->server_out.to_peer.begin() + 5, pair->server_out.to_peer.begin() + 5 + static_cast<long>(hello_bytes));
  hello.push_back(8);  // the first byte of EncryptedExtensions
  pair->client_out.to_peer.clear();
  EXPECT_FATAL(to_client(record_of(ContentType::handshake, hello)), Reason::message_spans_key_change);
  EXPECT_EQ(pair->client_out.to_peer, record_of(ContentType::alert, Bytes{2, 10}));  // under the keys before, which are none
  begin(client_config());
  ASSERT_TRUE(pair->run_handshake());
  pair->server_out = {};
  EXPECT_FATAL(to_server(ContentType::handshake, Bytes{24, 0, 0, 1, 1, 24}), Reason::message_spans_key_change);
  EXPECT_TRUE(pair->server_out.events.empty());
  EXPECT_EQ(pair->server_out.to_peer.size(), record::header_bytes + 2 + 1 + 16) << "an alert, and no answer to the KeyUpdate";
  EXPECT_EQ(to_client(pair->server_out.to_peer).error(), Error(PeerAlert{AlertDescription::unexpected_message}));
}

TEST_F(RecordErrors, messages_after_the_handshake_are_tolerated_up_to_a_limit_beyond_what_data_pay_for) {
  ASSERT_TRUE(pair->run_handshake());
  const auto update_keys = [&] {
    EXPECT_TRUE(pair->client().update_keys(KeyUpdateRequest::update_not_requested, pair->client_out));
    return to_server(std::exchange(pair->client_out.to_peer, {}));
  };
  const auto receive_data = [&](std::size_t bytes) {
    EXPECT_TRUE(pair->client().send(Bytes(bytes, 7), pair->client_out));
    return to_server(std::exchange(pair->client_out.to_peer, {}));
  };
  const Limits limits;
  for (std::uint32_t i = 0; i < limits.post_handshake_messages_max; ++i) ASSERT_TRUE(update_keys());
  for (int again = 0; again < 100; ++again) {  // each is paid for, in parts
    ASSERT_TRUE(receive_data(limits.post_handshake_data_bytes - 1));
    ASSERT_TRUE(receive_data(1));
    ASSERT_TRUE(update_keys());
  }
  ASSERT_TRUE(receive_data(limits.post_handshake_messages_max * limits.post_handshake_data_bytes));
  for (std::uint32_t i = 0; i < limits.post_handshake_messages_max; ++i) ASSERT_TRUE(update_keys());
  EXPECT_FATAL(update_keys(), Reason::post_handshake_messages_too_many);
}

TEST_F(RecordErrors, one_byte_between_two_key_updates_pays_for_none) {
  ASSERT_TRUE(pair->run_handshake());
  const auto update_keys = [&] {
    EXPECT_TRUE(pair->client().update_keys(KeyUpdateRequest::update_requested, pair->client_out));
    EXPECT_TRUE(pair->client().send(Bytes{7}, pair->client_out));
    return to_server(std::exchange(pair->client_out.to_peer, {}));
  };
  for (std::uint32_t i = 0; i < Limits{}.post_handshake_messages_max; ++i) ASSERT_TRUE(update_keys());
  EXPECT_FATAL(update_keys(), Reason::post_handshake_messages_too_many);
}

//= RFC 9846 4.7.3 //# then the receiver MUST send a KeyUpdate of its own with request_update set to
TEST_F(RecordErrors, a_silent_end_answers_any_number_of_key_updates_with_one_before_its_next_data) {
  constexpr std::size_t key_update_record_bytes = 5 + 5 + 1 + 16, data_record_bytes = 5 + 1 + 1 + 16;
  ASSERT_TRUE(pair->run_handshake());
  provider->edit = [](MutableBytes update) { update[4] = 1; };  // tocsin itself asks but once
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(pair->client().update_keys(KeyUpdateRequest::update_not_requested, pair->client_out));
    ASSERT_TRUE(to_server(std::exchange(pair->client_out.to_peer, {})));
  }
  provider->edit = {};
  ASSERT_TRUE(pair->server().send({}, pair->server_out));
  EXPECT_TRUE(pair->server_out.to_peer.empty()) << "that is no data";
  for (const std::size_t sent_bytes : {key_update_record_bytes + data_record_bytes, data_record_bytes}) {
    ASSERT_TRUE(pair->server().send(bytes_of("x"), pair->server_out));
    EXPECT_EQ(pair->server_out.to_peer.size(), sent_bytes);
    ASSERT_TRUE(to_client(std::exchange(pair->server_out.to_peer, {})));
  }
  EXPECT_EQ(text_of(pair->client_out.application_data), "xx");
}

TEST_F(RecordErrors, user_canceled_is_tolerated_up_to_a_limit) {
  ASSERT_TRUE(pair->run_handshake());
  for (std::uint32_t i = 0; i < Limits{}.warning_alerts_max; ++i) ASSERT_TRUE(to_server(ContentType::alert, Bytes{1, 90}));
  EXPECT_FATAL(to_server(ContentType::alert, Bytes{1, 90}), Reason::alert_warnings_too_many);
}

TEST_F(RecordErrors, what_nothing_protects_is_refused_once_records_are_protected) {
  exchange_flights();
  EXPECT_FATAL(to_server(record_of(ContentType::handshake, Bytes{20, 0, 0, 0})), Reason::record_unprotected);
  begin(client_config());
  ASSERT_TRUE(pair->run_handshake());
  EXPECT_FATAL(to_server(record_of(ContentType::alert, Bytes{1, 0})), Reason::record_unprotected);
}

//= RFC 9846 6 //# MUST terminate the connection with a "decode_error" alert.
TEST_F(RecordErrors, a_message_longer_than_its_syntax_cannot_be_decoded_and_one_over_our_limit_is_only_too_long) {
  const auto begun = [](HandshakeType type, std::uint32_t body_bytes) {
    Bytes header{static_cast<std::uint8_t>(type)};
    Writer(header).u24(body_bytes);
    return header;
  };
  EXPECT_FATAL(to_server(record_of(ContentType::handshake, begun(HandshakeType::client_hello, 131397))),
               Reason::message_length_impossible);
  begin(client_config());
  EXPECT_FATAL(to_client(record_of(ContentType::handshake, begun(HandshakeType::server_hello, 65608))),
               Reason::message_length_impossible);
  begin(client_config());
  EXPECT_FATAL(to_client(record_of(ContentType::handshake, begun(HandshakeType::server_hello, 65607))),
               Reason::message_too_long);
  begin(client_config());
  ASSERT_TRUE(pair->run_handshake());
  EXPECT_FATAL(to_server(ContentType::handshake, begun(HandshakeType::key_update, 16385)), Reason::message_length_impossible);
}

TEST_F(RecordErrors, the_limits_of_a_configuration_hold_by_either_way_into_a_server) {
  ServerConfig server = server_config();
  server.limits.client_hello_bytes_max = 50;
  begin(client_config(), server);
  EXPECT_FATAL(to_server(pair->client_out.to_peer), Reason::message_too_long);
  // An Acceptor has limits of its own until the configuration is chosen.
  server.limits.warning_alerts_max = 0;
  begin(client_config());
  Acceptor acceptor;
  auto accepted = acceptor.receive(std::exchange(pair->client_out.to_peer, {}), pair->server_out);
  ASSERT_TRUE(accepted && *accepted);
  auto connection =
      std::move(**accepted).into_connection(std::make_shared<ServerConfig>(server), testing::now, pair->server_out);
  ASSERT_TRUE(connection);
  EXPECT_FATAL(connection->receive(record_of(ContentType::alert, Bytes{1, 90}), testing::now, pair->server_out),
               Reason::alert_warnings_too_many);
}

}  // namespace
}  // namespace tocsin
