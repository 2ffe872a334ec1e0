// What either end of TLS 1.3 refuses in the other's hello, and in what the server shows of itself behind it.
#include <gtest/gtest.h>

#include <functional>

#include "core/connection/testing.h"
#include "core/crypto/editing_testing.h"
#include "core/record/testing.h"
#include "core/wire/server_hello.h"
#include "core/wire/testing.h"

namespace tocsin {
namespace {

using test::record_of;
using testing::client_config;
using testing::ConnectionPair;
using testing::server_config;

#define EXPECT_FATAL(outcome, why) EXPECT_EQ((outcome).error(), Error(Fatal{why}))

/// The body of the message that a flight's last record of nothing but that message holds.
Bytes body_of_last(ByteView flight) {
  ByteView last;
  while (flight.size() > record::header_bytes) {
    last = flight.subspan(record::header_bytes, std::size_t{flight[3]} << 8 | flight[4]);
    flight = flight.subspan(record::header_bytes + last.size());
  }
  last = last.subspan(test::handshake_header_bytes);
  return Bytes(last.begin(), last.end());
}

template <class Message>
Bytes handshake_record(const Message& message) {
  return record_of(ContentType::handshake, test::encoded(message));
}

using ChangeClientHello = std::function<void(wire::ClientHello&)>;

Bytes changed_client_hello(ByteView flight, const ChangeClientHello& change) {
  const Bytes body = body_of_last(flight);
  auto hello = *wire::decode_client_hello(body);
  change(hello);
  return handshake_record(hello);
}

/// What a server says to a ClientHello that was changed.
Outcome answer_to(const ChangeClientHello& change) {
  ConnectionPair pair(client_config(), server_config());
  return pair.server().receive(changed_client_hello(pair.client_out.to_peer, change), testing::now, pair.server_out);
}

/// What a server says to a second ClientHello that was changed.
Outcome answer_to_second(const ChangeClientHello& change) {
  ClientConfig client = client_config();
  client.key_shares = 0;
  ConnectionPair pair(client, server_config());
  EXPECT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
  EXPECT_TRUE(pair.client().receive(std::exchange(pair.server_out.to_peer, {}), testing::now, pair.client_out));
  return pair.server().receive(changed_client_hello(pair.client_out.to_peer, change), testing::now, pair.server_out);
}

const Bytes x25519{0x00, 0x1d}, secp256r1{0x00, 0x17}, unknown_group{0x7a, 0x7a};

Bytes share_of(const Bytes& group) {
  Bytes share = group;
  append(share, test::behind_length16(Bytes(32, 9)));
  return share;
}

TEST(ClientHelloErrors, a_hello_that_is_written_again_unchanged_is_taken) {
  EXPECT_TRUE(answer_to([](auto&) {}));
  EXPECT_TRUE(answer_to_second([](auto&) {}));
}

TEST(ClientHelloErrors, two_shares_of_one_group_are_refused) {
  const Bytes twice = test::join({share_of(x25519), share_of(x25519)});
  EXPECT_FATAL(answer_to([&](auto& hello) { hello.key_shares = wire::KeyShares(twice); }), Reason::key_share_duplicate);
  const Bytes unknown = test::join({share_of(unknown_group), share_of(unknown_group), share_of(x25519)});
  const Bytes groups = test::join({unknown_group, x25519});
  EXPECT_TRUE(answer_to([&](auto& hello) {
    hello.supported_groups = CodeList<NamedGroup>(groups);
    hello.key_shares = wire::KeyShares(unknown);
  }));
}

//= RFC 9846 4.3.8 //# Clients MUST NOT offer any KeyShareEntry values for groups not listed in the client's
TEST(ClientHelloErrors, a_share_of_a_group_that_is_not_listed_is_refused) {
  for (const auto& pair : {std::pair(x25519, secp256r1), std::pair(secp256r1, x25519), std::pair(unknown_group, x25519)}) {
    const auto& group = pair.first;
    const auto& other = pair.second;
    const Bytes share = share_of(group);
    EXPECT_FATAL(answer_to([&](auto& hello) {
                   hello.supported_groups = CodeList<NamedGroup>(other);
                   hello.key_shares = wire::KeyShares(share);
                 }),
                 Reason::key_share_group_wrong);
  }
}

TEST(ClientHelloErrors, no_group_in_common_is_refused) {
  EXPECT_FATAL(answer_to([](auto& hello) {
                 hello.supported_groups = CodeList<NamedGroup>(unknown_group);
                 hello.key_shares = wire::KeyShares();
               }),
               Reason::no_common_group);
}

TEST(ClientHelloErrors, an_extension_that_tls_1_3_needs_is_missed) {
  EXPECT_FATAL(answer_to([](auto& hello) { hello.signature_algorithms.reset(); }), Reason::extension_missing);
  EXPECT_FATAL(answer_to([](auto& hello) { hello.supported_groups.reset(); }), Reason::extension_missing);
  EXPECT_FATAL(answer_to([](auto& hello) { hello.key_shares.reset(); }), Reason::extension_missing);
  const Bytes identities = test::join({test::behind_length16({1}), {0, 0, 0, 0}}), binders = test::join({{32}, Bytes(32, 1)});
  EXPECT_FATAL(answer_to([&](auto& hello) {
                 hello.pre_shared_keys = wire::PreSharedKeys{identities, binders};
               }),
               Reason::extension_missing);
}

TEST(ClientHelloErrors, a_cookie_that_nobody_gave_is_refused) {
  const Bytes cookie{1};
  const auto with_cookie = [&](auto& hello) { hello.cookie = cookie; };
  EXPECT_FATAL(answer_to(with_cookie), Reason::cookie_unexpected);
  EXPECT_FATAL(answer_to_second(with_cookie), Reason::cookie_unexpected);
}

TEST(ClientHelloErrors, a_server_name_is_a_host_name_in_ascii) {
  for (const std::string_view name : {"localhost.", "local host", "local\x7fhost", "local\x80host", "."}) {
    const Bytes names = test::names_of(name);
    EXPECT_FATAL(answer_to([&](auto& hello) { hello.server_names = wire::ServerNames(names); }), Reason::server_name_invalid);
  }
  for (const std::size_t size_bytes : {std::size_t{255}, std::size_t{256}}) {
    const Bytes names = test::names_of(std::string(size_bytes, 'a'));
    EXPECT_EQ(bool(answer_to([&](auto& hello) { hello.server_names = wire::ServerNames(names); })), size_bytes == 255);
  }
}

TEST(ClientHelloErrors, no_early_data_follows_a_retry) {
  EXPECT_FATAL(answer_to_second([](auto& hello) { hello.early_data = true; }), Reason::early_data_unexpected);
}

TEST(ClientHelloErrors, a_second_hello_that_differs_in_more_than_what_was_asked_for_is_refused) {
  const Bytes session_id(32, 5), suites{0x13, 0x01}, groups{0, 0x1d};
  const Bytes name = test::names_of("other.test");
  const Bytes none, two = test::join({share_of(x25519), share_of(secp256r1)}), wrong = share_of(secp256r1);
  const ChangeClientHello changes[] = {
      [](auto& hello) { hello.random[31] ^= 1; },
      [&](auto& hello) { hello.legacy_session_id = session_id; },
      [&](auto& hello) { hello.cipher_suites = CodeList<CipherSuite>(suites); },
      [&](auto& hello) { hello.server_names = wire::ServerNames(name); },
      [](auto& hello) { hello.server_names.reset(); },
      [&](auto& hello) { hello.supported_groups = CodeList<NamedGroup>(groups); },
      [](auto& hello) { hello.record_size_limit = 100; },
      [&](auto& hello) { hello.key_shares = wire::KeyShares(none); },
      [&](auto& hello) { hello.key_shares = wire::KeyShares(wrong); },
      [&](auto& hello) { hello.key_shares = wire::KeyShares(two); },
  };
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    const Outcome answer = answer_to_second(changes[i]);
    ASSERT_FALSE(answer) << i;
    EXPECT_EQ(answer.error(), Error(Fatal{Reason::retry_ignored})) << i;
  }
}

TEST(ClientHelloErrors, rejected_early_data_is_skipped_up_to_a_limit) {
  const Bytes identities = test::join({test::behind_length16({1}), {0, 0, 0, 0}}), binders = test::join({{32}, Bytes(32, 1)});
  const Bytes modes{1};
  ConnectionPair pair(client_config(), server_config());
  const Bytes hello = changed_client_hello(pair.client_out.to_peer, [&](auto& said) {
    said.early_data = true;
    said.psk_key_exchange_modes = modes;
    said.pre_shared_keys = wire::PreSharedKeys{identities, binders};
  });
  ASSERT_TRUE(pair.server().receive(hello, testing::now, pair.server_out));
  const std::size_t limit = Limits{}.early_data_skipped_bytes_max;
  const Bytes half = record_of(ContentType::application_data, Bytes(limit / 2, 1));
  ASSERT_TRUE(pair.server().receive(half, testing::now, pair.server_out));
  ASSERT_TRUE(pair.server().receive(half, testing::now, pair.server_out));
  EXPECT_FATAL(pair.server().receive(record_of(ContentType::application_data, Bytes(17, 1)), testing::now, pair.server_out),
               Reason::early_data_too_long);
}

//= RFC 9846 5.2 //# The length MUST NOT exceed 2^14 + 256 bytes.
TEST(ClientHelloErrors, early_data_that_is_skipped_after_a_retry_is_in_protected_records) {
  const Bytes identities = test::join({test::behind_length16({1}), {0, 0, 0, 0}}), binders = test::join({{32}, Bytes(32, 1)});
  const Bytes modes{1}, no_shares;
  const std::size_t longest = record::ciphertext_bytes_max;
  for (const std::size_t record_bytes : {record::plaintext_bytes_max + 1, longest, longest + 1})
    for (const std::size_t limit_bytes : {Limits{}.early_data_skipped_bytes_max, longest}) {
      ServerConfig server = server_config();
      server.limits.early_data_skipped_bytes_max = limit_bytes;
      ConnectionPair pair(client_config(), server);
      const Bytes hello = changed_client_hello(pair.client_out.to_peer, [&](auto& said) {
        said.early_data = true;
        said.key_shares = wire::KeyShares(no_shares);
        said.psk_key_exchange_modes = modes;
        said.pre_shared_keys = wire::PreSharedKeys{identities, binders};
      });
      ASSERT_TRUE(pair.server().receive(hello, testing::now, pair.server_out));
      const Bytes record = record_of(ContentType::application_data, Bytes(record_bytes, 1));
      const Outcome skipped = pair.server().receive(record, testing::now, pair.server_out);
      if (record_bytes <= limit_bytes) {
        EXPECT_TRUE(skipped) << record_bytes;
      } else {
        EXPECT_FATAL(skipped, record_bytes > longest ? Reason::record_overflow : Reason::early_data_too_long);
      }
    }
}

TEST(ClientHelloErrors, a_hello_may_be_as_long_as_its_syntax_allows) {
  ConnectionPair pair(client_config(), server_config());
  const auto hello_of = [&](std::size_t extensions_bytes) {
    const Bytes body = body_of_last(pair.client_out.to_peer);
    auto hello = *wire::decode_client_hello(body);
    Bytes suites{0x13, 0x01};
    while (suites.size() < 65534) append(suites, Bytes{0x7a, 0x7a});
    hello.cipher_suites = CodeList<CipherSuite>(suites);
    Bytes extensions = test::copy_of(hello.extensions), message, methods(255, 0);
    const Bytes foreign(extensions_bytes - 4 - extensions.size(), 0);
    append(extensions, test::join({{0x7a, 0x7a}, test::behind_length16(foreign)}));
    Writer out(message);
    out.u8(static_cast<std::uint8_t>(HandshakeType::client_hello));
    out.with_length(3, [&] {
      out.u16(0x0303);
      out.bytes(hello.random);
      out.vector8(hello.legacy_session_id);
      out.vector16(hello.cipher_suites.wire());
      out.vector8(methods);
      out.vector16(extensions);
    });
    return message;
  };
  const Bytes message = hello_of(65535);
  ASSERT_EQ(message.size(), test::handshake_header_bytes + 131396);
  Outcome outcome = Done{};
  for (ByteView rest = message; !rest.empty() && outcome;) {
    const std::size_t bytes = std::min(rest.size(), record::plaintext_bytes_max);
    outcome = pair.server().receive(record_of(ContentType::handshake, test::copy_of(rest.first(bytes))), testing::now,
                                    pair.server_out);
    rest = rest.subspan(bytes);
  }
  // It is read to its end: TLS 1.3 wants one compression method, and it has 255 of them.
  EXPECT_FATAL(outcome, Reason::compression_invalid);
}

using ChangeServerHello = std::function<void(wire::ServerHello&)>;
using ChangeRetry = std::function<void(wire::HelloRetryRequest&)>;

/// The ServerHello or HelloRetryRequest that a flight begins with, changed.
template <class Message>
Bytes changed_answer(ByteView flight, const std::function<void(Message&)>& change) {
  const Bytes body = body_of_last(flight.first(record::header_bytes + (std::size_t{flight[3]} << 8 | flight[4])));
  auto either = *wire::decode_server_hello(body);
  auto& message = std::get<Message>(either);
  change(message);
  return handshake_record(message);
}

/// What a client says to a ServerHello that was changed.
Outcome answer_to_server_hello(const ChangeServerHello& change) {
  ConnectionPair pair(client_config(), server_config());
  EXPECT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
  return pair.client().receive(changed_answer(pair.server_out.to_peer, change), testing::now, pair.client_out);
}

struct Retry {
  Retry() : pair(client(), server_config()) {
    EXPECT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
  }
  static ClientConfig client() {
    ClientConfig config = client_config();
    config.key_shares = 0;
    return config;
  }
  Outcome answer_to_retry(const ChangeRetry& change) {
    return pair.client().receive(changed_answer(pair.server_out.to_peer, change), testing::now, pair.client_out);
  }
  ConnectionPair pair;
};

constexpr auto old_version = static_cast<ProtocolVersion>(0x0302);

TEST(ServerHelloErrors, a_version_that_was_not_offered_is_refused) {
  EXPECT_TRUE(answer_to_server_hello([](auto&) {}));
  EXPECT_FATAL(answer_to_server_hello([](auto& hello) { hello.supported_version = old_version; }), Reason::version_not_offered);
  EXPECT_FATAL(answer_to_server_hello([](auto& hello) { hello.supported_version = ProtocolVersion::tls12; }),
               Reason::version_not_offered);
  EXPECT_FATAL(Retry().answer_to_retry([](auto& retry) { retry.supported_version = old_version; }),
               Reason::version_not_offered);
}

TEST(ServerHelloErrors, a_hello_of_ssl_3_or_older_is_refused_whatever_else_it_says) {
  constexpr std::uint16_t versions[] = {0x0300, 0x0200, 0x0000};
  for (const std::uint16_t version : versions) {
    EXPECT_FATAL(answer_to([&](auto& hello) { hello.legacy_version = version; }), Reason::version_unsupported);
    EXPECT_FATAL(answer_to_server_hello([&](auto& hello) { hello.legacy_version = version; }), Reason::version_unsupported);
    EXPECT_FATAL(Retry().answer_to_retry([&](auto& retry) { retry.legacy_version = version; }), Reason::version_unsupported);
  }
}

TEST(ServerHelloErrors, a_hello_verify_request_is_for_dtls_alone) {
  ConnectionPair pair(client_config(), server_config());
  const Bytes request{3, 0, 0, 4, 0xfe, 0xfd, 1, 9};
  EXPECT_FATAL(pair.client().receive(record_of(ContentType::handshake, request), testing::now, pair.client_out), Reason::message_unexpected);
}

TEST(ServerHelloErrors, a_share_is_needed_and_no_key_of_an_offer_that_was_not_made) {
  EXPECT_FATAL(answer_to_server_hello([](auto& hello) { hello.key_share.reset(); }), Reason::extension_missing);
  EXPECT_FATAL(answer_to_server_hello([](auto& hello) { hello.pre_shared_key = 0; }), Reason::extension_unsolicited);
  EXPECT_FATAL(answer_to_server_hello([](auto& hello) { hello.key_share->group = NamedGroup::secp256r1; }),
               Reason::group_not_offered);
}

TEST(ServerHelloErrors, a_retry_asks_for_something_that_changes_the_hello) {
  EXPECT_TRUE(Retry().answer_to_retry([](auto&) {}));
  EXPECT_FATAL(Retry().answer_to_retry([](auto& retry) { retry.selected_group.reset(); }), Reason::retry_without_change);
  EXPECT_FATAL(Retry().answer_to_retry([](auto& retry) { retry.selected_group = static_cast<NamedGroup>(0x7a7a); }),
               Reason::group_not_offered);
  ConnectionPair pair(client_config(), server_config());
  Retry retry;  // of another handshake, without a session id of the client's
  ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
  const Bytes body = body_of_last(
      ByteView(pair.server_out.to_peer).first(5 + (std::size_t{pair.server_out.to_peer[3]} << 8 | pair.server_out.to_peer[4])));
  const auto hello = std::get<wire::ServerHello>(*wire::decode_server_hello(body));
  wire::HelloRetryRequest same;
  same.legacy_session_id_echo = hello.legacy_session_id_echo;
  same.cipher_suite = hello.cipher_suite;
  same.supported_version = ProtocolVersion::tls13;
  same.selected_group = NamedGroup::x25519;  // whose share it has
  EXPECT_FATAL(pair.client().receive(handshake_record(same), testing::now, pair.client_out), Reason::retry_without_change);
}

TEST(ServerHelloErrors, what_follows_a_retry_has_its_cipher_suite_and_is_no_other_retry) {
  for (const bool changes : {false, true}) {
    Retry retry;
    ConnectionPair& pair = retry.pair;
    const Bytes first = changed_answer<wire::HelloRetryRequest>(pair.server_out.to_peer, [](auto&) {});
    ASSERT_TRUE(pair.client().receive(std::exchange(pair.server_out.to_peer, {}), testing::now, pair.client_out));
    ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
    const Bytes answer = changed_answer<wire::ServerHello>(pair.server_out.to_peer, [&](auto& hello) {
      if (changes) hello.cipher_suite = CipherSuite::chacha20_poly1305_sha256;
    });
    const Outcome outcome = pair.client().receive(answer, testing::now, pair.client_out);
    EXPECT_EQ(bool(outcome), !changes);
    if (changes) {
      EXPECT_FATAL(outcome, Reason::cipher_suite_changed);
    }
    Retry twice;
    ASSERT_TRUE(twice.answer_to_retry([](auto&) {}));
    EXPECT_FATAL(twice.answer_to_retry([](auto&) {}), Reason::message_unexpected);
  }
}

/// What the client says to a server whose protected flight is changed, from this message on.
std::optional<Error> answer_to_flight(ServerConfig server, HandshakeType from, const std::function<void(MutableBytes)>& edit,
                                      const ClientConfig& client = client_config()) {
  const auto provider = std::make_shared<test::EditingProvider>(server.provider);
  bool edited = false;
  provider->edit = [&](MutableBytes plaintext) {
    const MutableBytes messages = test::from_message(plaintext, from);
    if (messages.empty() || std::exchange(edited, true)) return;
    edit(messages);
  };
  server.provider = provider;
  ConnectionPair pair(client, server);
  EXPECT_FALSE(pair.run_handshake());
  EXPECT_TRUE(edited);
  return pair.client().failure() == nullptr ? std::nullopt : std::optional(*pair.client().failure());
}

auto overwrite(const Bytes& by) {
  return [by](MutableBytes messages) { std::ranges::copy(by, messages.begin()); };
}

std::optional<Error> fatal(Reason why) { return Error(Fatal{why}); }

TEST(ServerFlightErrors, an_application_protocol_that_was_not_offered_is_refused) {
  ClientConfig client = client_config();
  ServerConfig server = server_config();
  client.application_protocols = server.application_protocols = {"h2"};
  const auto change = [](MutableBytes messages) {
    const ByteView protocol = bytes_of("h2");
    const auto found = std::search(messages.begin(), messages.end(), protocol.begin(), protocol.end());
    ASSERT_NE(found, messages.end());
    found[1] = '3';
  };
  EXPECT_EQ(answer_to_flight(server, HandshakeType::encrypted_extensions, change, client),
            fatal(Reason::application_protocol_not_offered));
}

TEST(ServerFlightErrors, a_certificate_has_no_context_and_at_least_one_entry) {
  EXPECT_EQ(answer_to_flight(server_config(), HandshakeType::certificate, overwrite({11, 0, 0, 4, 0, 0, 0, 0})),
            fatal(Reason::certificate_list_empty));
  EXPECT_EQ(answer_to_flight(server_config(), HandshakeType::certificate, overwrite({11, 0, 0, 5, 1, 7, 0, 0, 0})),
            fatal(Reason::certificate_context_invalid));
}

class CertificateRequestErrors : public ::testing::Test {
 protected:
  CertificateRequestErrors() : server(server_config()) {
    server.client_authentication = ClientAuthentication::optional;
    server.client_verifier = *trust_clients_path("harnesses/testdata/client-ca.pem");
  }
  ServerConfig server;
};

TEST_F(CertificateRequestErrors, a_request_has_no_context_and_says_which_signatures_it_takes) {
  const Bytes schemes{0, 13, 0, 4, 0, 2, 4, 3};
  EXPECT_EQ(answer_to_flight(server, HandshakeType::certificate_request,
                             overwrite(test::join({{13, 0, 0, 12, 1, 7, 0, 8}, schemes}))),
            fatal(Reason::certificate_context_invalid));
  EXPECT_EQ(answer_to_flight(server, HandshakeType::certificate_request,
                             overwrite({13, 0, 0, 11, 0, 0, 8, 0x7a, 0x7a, 0, 4, 0, 2, 4, 3})),
            fatal(Reason::extension_missing));
}

TEST_F(CertificateRequestErrors, a_client_s_certificate_has_no_context) {
  ClientConfig client = client_config();
  const auto provider = std::make_shared<test::EditingProvider>(client.provider);
  provider->edit = [](MutableBytes plaintext) {
    const MutableBytes certificate = test::from_message(plaintext, HandshakeType::certificate);
    if (!certificate.empty()) overwrite({11, 0, 0, 5, 1, 7, 0, 0, 0})(certificate);
  };
  client.provider = provider;
  ConnectionPair pair(client, server);
  EXPECT_FALSE(pair.run_handshake());
  ASSERT_NE(pair.server().failure(), nullptr);
  EXPECT_EQ(*pair.server().failure(), Error(Fatal{Reason::certificate_context_invalid}));
}

}  // namespace
}  // namespace tocsin
