// max_fragment_length (RFC 6066 section 4), alone and beside record_size_limit (RFC 8449 section 5).
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "core/connection/tls12_resumption_testing.h"
#include "core/record/header.h"
#include "core/wire/client_hello.h"
#include "core/wire/tls12/server_hello.h"

namespace tocsin {
namespace {

using testing::By;
using testing::ConnectionPair;
using testing::Resuming;
using enum ProtocolVersion;

constexpr MaxFragmentLength all_lengths[] = {MaxFragmentLength::bytes_512, MaxFragmentLength::bytes_1024,
                                             MaxFragmentLength::bytes_2048, MaxFragmentLength::bytes_4096};
/// Of a protected record: an explicit nonce, a tag, and of TLS 1.3 the type, which takes its byte from the content.
constexpr std::size_t overhead_bytes(ProtocolVersion version) { return version == tls13 ? 16 : 8 + 16; }
std::size_t bytes_of(MaxFragmentLength length) { return std::size_t{256} << static_cast<unsigned>(length); }

ClientConfig client_config(ProtocolVersion version, MaxFragmentLength length) {
  ClientConfig config = testing::client_config();
  config.versions = {version};
  config.max_fragment_length = length;
  return config;
}

ServerConfig server_config(ProtocolVersion version) {
  ServerConfig config = testing::server_config();
  config.versions = {version};
  return config;
}

/// The lengths in the headers of records.
std::vector<std::size_t> lengths_of(ByteView records) {
  std::vector<std::size_t> lengths;
  for (Reader reader(records); !reader.empty();) {
    reader.take(3);
    lengths.push_back(reader.vector16().size());
  }
  return lengths;
}

std::size_t longest(ByteView records) { return std::ranges::max(lengths_of(records)); }

/// The first flights, changed on their way.
template <class Hello>
Bytes with(const std::function<void(Hello&)>& change, Hello hello) {
  change(hello);
  Bytes message;
  Writer out(message);
  encode(hello, out);
  Bytes record;
  const auto header = record::make_header(ContentType::handshake, 0x0303, message.size());
  record.assign(header.begin(), header.end());
  append(record, message);
  return record;
}

std::optional<Error> server_after(const std::function<void(wire::ClientHello&)>& change, ConnectionPair& pair) {
  const auto hello = wire::decode_client_hello(ByteView(pair.client_out.to_peer).subspan(record::header_bytes + 4));
  const Outcome outcome = pair.server().receive(with(change, *hello), testing::now, pair.server_out);
  return outcome ? std::nullopt : std::optional(outcome.error());
}
std::optional<Error> server_after(const std::function<void(wire::ClientHello&)>& change, const ServerConfig& config) {
  ConnectionPair pair(client_config(config.versions.front(), MaxFragmentLength::bytes_512), config);
  return server_after(change, pair);
}

/// The ServerHello of TLS 1.2 that a server's flight begins with.
wire::tls12::ServerHello server_hello_in(ByteView records) {
  const ByteView flight = records.subspan(record::header_bytes);
  const std::size_t body_bytes = std::size_t{flight[2]} << 8 | flight[3];
  return *wire::tls12::decode_server_hello(flight.subspan(4, body_bytes));
}

/// more: what follows the changed ServerHello of TLS 1.2.
std::optional<Error> client_after(const std::function<void(wire::tls12::ServerHello&)>& change, ConnectionPair& pair,
                                  ByteView more = {}) {
  EXPECT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
  Bytes records = with(change, server_hello_in(pair.server_out.to_peer));
  append(records, more);
  const Outcome outcome = pair.client().receive(records, testing::now, pair.client_out);
  return outcome ? std::nullopt : std::optional(outcome.error());
}
std::optional<Error> client_after(const std::function<void(wire::tls12::ServerHello&)>& change, const ClientConfig& config,
                                  ByteView more = {}) {
  ConnectionPair pair(config, server_config(tls12));
  return client_after(change, pair, more);
}

#define EXPECT_FATAL(outcome, why) EXPECT_EQ(outcome, std::optional<Error>(Fatal{why}))

TEST(MaxFragmentLength, a_server_grants_each_length_and_both_ends_keep_to_it) {
  const Bytes data(10000, 7);
  for (const ProtocolVersion version : {tls12, tls13})
    for (const MaxFragmentLength length : all_lengths) {
      ConnectionPair pair(client_config(version, length), server_config(version));
      ASSERT_TRUE(pair.run_handshake());
      ASSERT_TRUE(pair.client().send(data, pair.client_out));
      ASSERT_TRUE(pair.server().send(data, pair.server_out));
      const std::size_t record_bytes = bytes_of(length) + overhead_bytes(version);
      EXPECT_EQ(longest(pair.client_out.to_peer), record_bytes);
      EXPECT_EQ(longest(pair.server_out.to_peer), record_bytes);
      pair.pump();
      EXPECT_EQ(pair.client_out.application_data, data);
      EXPECT_EQ(pair.server_out.application_data, data);
    }
}

TEST(MaxFragmentLength, handshake_messages_without_protection_are_fragmented_as_well) {
  ServerConfig server = server_config(tls12);
  server.certificates = {
      *certified_key_from_files("harnesses/testdata/server-rsa2048.pem", "harnesses/testdata/server-rsa2048.key.pem")};
  ConnectionPair pair(client_config(tls12, MaxFragmentLength::bytes_512), server);
  ASSERT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
  const auto lengths = lengths_of(pair.server_out.to_peer);
  EXPECT_GT(lengths.size(), 1u);
  EXPECT_EQ(std::ranges::max(lengths), 512u);
  EXPECT_TRUE(pair.run_handshake());
}

TEST(MaxFragmentLength, padding_stays_within_it) {
  ServerConfig server = server_config(tls13);
  server.padding_block_bytes = 1000;
  ConnectionPair pair(client_config(tls13, MaxFragmentLength::bytes_512), server);
  ASSERT_TRUE(pair.run_handshake());
  ASSERT_TRUE(pair.server().send(Bytes(10, 1), pair.server_out));
  EXPECT_EQ(lengths_of(pair.server_out.to_peer), std::vector<std::size_t>{512 + 16});
  pair.pump();
  EXPECT_EQ(pair.client_out.application_data, Bytes(10, 1));
}

TEST(MaxFragmentLength, a_server_refuses_any_other_value) {
  for (const ProtocolVersion version : {tls12, tls13})
    for (const unsigned value : {0u, 5u, 9u, 255u})
      EXPECT_FATAL(server_after([&](auto& hello) { hello.max_fragment_length = static_cast<std::uint8_t>(value); },
                                server_config(version)),
                   Reason::max_fragment_length_invalid);
}

TEST(MaxFragmentLength, a_server_that_negotiates_record_size_limit_passes_over_it_whatever_it_holds) {
  for (const ProtocolVersion version : {tls12, tls13}) {
    ServerConfig server = server_config(version);
    server.record_size_limit = 16384;
    const auto both = [](wire::ClientHello& hello) {
      hello.max_fragment_length = 9;
      hello.record_size_limit = 100;
    };
    EXPECT_EQ(server_after(both, server), std::nullopt);
    EXPECT_FATAL(server_after(both, server_config(version)), Reason::max_fragment_length_invalid);

    ClientConfig client = client_config(version, MaxFragmentLength::bytes_512);
    client.record_size_limit = 1000;
    ConnectionPair pair(client, server);
    ASSERT_TRUE(pair.run_handshake());
    ASSERT_TRUE(pair.server().send(Bytes(1001, 1), pair.server_out));
    EXPECT_GT(longest(pair.server_out.to_peer), 1000u);
  }
}

TEST(MaxFragmentLength, it_is_granted_where_the_server_does_not_negotiate_record_size_limit) {
  ClientConfig client = client_config(tls13, MaxFragmentLength::bytes_512);
  client.record_size_limit = 1000;
  ConnectionPair pair(client, server_config(tls13));
  ASSERT_TRUE(pair.run_handshake());
  ASSERT_TRUE(pair.server().send(Bytes(1001, 1), pair.server_out));
  EXPECT_EQ(longest(pair.server_out.to_peer), 512u + 16);
}

TEST(MaxFragmentLength, a_client_refuses_an_answer_that_it_did_not_ask_for) {
  const auto answered = [](std::uint8_t value) {
    return [=](wire::tls12::ServerHello& hello) { hello.max_fragment_length = value; };
  };
  EXPECT_FATAL(client_after(answered(1), client_config(tls12, MaxFragmentLength::none)), Reason::extension_unsolicited);
  for (const unsigned value : {0u, 1u, 3u, 5u})
    EXPECT_FATAL(client_after(answered(static_cast<std::uint8_t>(value)), client_config(tls12, MaxFragmentLength::bytes_1024)),
                 Reason::max_fragment_length_invalid);
}

TEST(MaxFragmentLength, a_client_refuses_both_in_one_answer) {
  ClientConfig client = client_config(tls12, MaxFragmentLength::bytes_512);
  client.record_size_limit = 1000;
  const auto both = [](wire::tls12::ServerHello& hello) {
    hello.max_fragment_length = 1;
    hello.record_size_limit = 1000;
  };
  EXPECT_FATAL(client_after(both, client), Reason::record_limits_ambiguous);
}

TEST(MaxFragmentLength, a_longer_record_behind_the_answer_is_an_overflow) {
  const auto unchanged = [](wire::tls12::ServerHello&) {};
  const ClientConfig client = client_config(tls12, MaxFragmentLength::bytes_512);
  EXPECT_EQ(client_after(unchanged, client, record::make_header(ContentType::handshake, 0x0303, 512)), std::nullopt);
  EXPECT_FATAL(client_after(unchanged, client, record::make_header(ContentType::handshake, 0x0303, 513)),
               Reason::record_overflow);
}

/// Two connections of TLS 1.2 whose client asks for a length, of which there was one so far.
Resuming after_one(By by, MaxFragmentLength length) {
  Resuming ends(by);
  ends.client.max_fragment_length = length;
  EXPECT_EQ(ends.run(), std::optional(false));
  return ends;
}

constexpr By both_ways[] = {By::ticket, By::session_id};

TEST(MaxFragmentLengthOfASession, goes_on_to_hold_where_it_is_resumed_and_is_not_answered_again) {
  for (const By by : both_ways) {
    Resuming ends = after_one(by, MaxFragmentLength::bytes_512);
    for (int i = 0; i < 2; ++i) {
      ConnectionPair pair = ends.pair();
      ASSERT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
      EXPECT_EQ(server_hello_in(pair.server_out.to_peer).max_fragment_length, std::nullopt);
      ASSERT_TRUE(pair.run_handshake());
      ASSERT_TRUE(pair.client().negotiated().resumed);
      const Bytes data(2000, 7);
      ASSERT_TRUE(pair.client().send(data, pair.client_out));
      ASSERT_TRUE(pair.server().send(data, pair.server_out));
      EXPECT_EQ(longest(pair.client_out.to_peer), 512u + 8 + 16);
      EXPECT_EQ(longest(pair.server_out.to_peer), 512u + 8 + 16);
      pair.pump();
      EXPECT_EQ(pair.client_out.application_data, data);
      EXPECT_EQ(pair.server_out.application_data, data);
    }
  }
}

TEST(MaxFragmentLengthOfASession, is_that_of_the_full_handshake_for_a_server_or_it_does_not_resume) {
  const auto asks = [](std::optional<std::uint8_t> length, std::optional<std::uint16_t> limit = std::nullopt) {
    return [=](wire::ClientHello& hello) {
      hello.max_fragment_length = length;
      hello.record_size_limit = limit;
    };
  };
  const auto is_resumed_after = [](const Resuming& ends, const std::function<void(wire::ClientHello&)>& change) {
    ConnectionPair pair = ends.pair();
    EXPECT_EQ(server_after(change, pair), std::nullopt);
    return pair.server_out.to_peer.size() < 250;  // without certificates
  };
  for (const By by : both_ways) {
    Resuming with_one = after_one(by, MaxFragmentLength::bytes_512), without = after_one(by, MaxFragmentLength::none);
    EXPECT_TRUE(is_resumed_after(with_one, asks(1)));
    EXPECT_FALSE(is_resumed_after(with_one, asks(2)));
    EXPECT_FALSE(is_resumed_after(with_one, asks({})));
    EXPECT_TRUE(is_resumed_after(without, asks({})));
    EXPECT_FALSE(is_resumed_after(without, asks(1)));
    // What takes its place now (RFC 8449 5).
    EXPECT_TRUE(is_resumed_after(with_one, asks(1, 1000)));
    with_one.server.record_size_limit = without.server.record_size_limit = 1000;
    EXPECT_FALSE(is_resumed_after(with_one, asks(1, 1000)));
    EXPECT_TRUE(is_resumed_after(without, asks(1, 1000)));
  }
}

TEST(MaxFragmentLengthOfASession, is_not_offered_by_a_client_that_would_ask_for_another) {
  for (const By by : both_ways)
    for (const auto& [first, then] : {std::pair{MaxFragmentLength::bytes_512, MaxFragmentLength::bytes_1024},
                                      {MaxFragmentLength::bytes_512, MaxFragmentLength::none},
                                      {MaxFragmentLength::none, MaxFragmentLength::bytes_512}}) {
      Resuming ends = after_one(by, first);
      ends.client.max_fragment_length = then;
      ConnectionPair pair = ends.pair();
      const auto hello = wire::decode_client_hello(ByteView(pair.client_out.to_peer).subspan(record::header_bytes + 4));
      EXPECT_TRUE(hello->session_ticket->empty() && hello->legacy_session_id.empty());
      EXPECT_EQ(ends.run(), std::optional(false));
      EXPECT_EQ(ends.run(), std::optional(true));
    }
}

TEST(MaxFragmentLengthOfASession, is_the_only_answer_that_a_client_that_resumes_does_not_refuse) {
  const auto answered = [](std::uint8_t value) {
    return [=](wire::tls12::ServerHello& hello) {
      hello.record_size_limit.reset();
      hello.max_fragment_length = value;
    };
  };
  for (const By by : both_ways) {
    const auto client_of = [&](const Resuming& ends, std::uint8_t value) {
      ConnectionPair pair = ends.pair();
      return client_after(answered(value), pair);
    };
    const Resuming ends = after_one(by, MaxFragmentLength::bytes_1024);
    EXPECT_EQ(client_of(ends, 2), std::nullopt);
    EXPECT_FATAL(client_of(ends, 1), Reason::max_fragment_length_invalid);
    EXPECT_FATAL(client_of(after_one(by, MaxFragmentLength::none), 1), Reason::extension_unsolicited);
    // The client asked for it, and the session came to be without.
    Resuming without(by);
    without.client.max_fragment_length = MaxFragmentLength::bytes_1024;
    without.client.record_size_limit = without.server.record_size_limit = 1000;
    ASSERT_EQ(without.run(), std::optional(false));
    ASSERT_EQ(without.run(), std::optional(true));
    EXPECT_FATAL(client_of(without, 2), Reason::max_fragment_length_invalid);
  }
}

TEST(MaxFragmentLengthOfASession, makes_way_for_a_record_size_limit_that_a_server_answers) {
  for (const By by : both_ways) {
    Resuming ends = after_one(by, MaxFragmentLength::bytes_512);
    ends.client.record_size_limit = 1000;
    const auto limited = [](wire::tls12::ServerHello& hello) { hello.record_size_limit = 1000; };
    const auto header = [](std::size_t bytes) { return record::make_header(ContentType::handshake, 0x0303, bytes); };
    ConnectionPair with(ends.pair()), without(ends.pair());
    EXPECT_EQ(client_after(limited, with, header(513)), std::nullopt);
    EXPECT_FATAL(client_after([](auto&) {}, without, header(513)), Reason::record_overflow);
  }
}

}  // namespace
}  // namespace tocsin
