// What a Stream reports, and what it sends before it does.
#include "core/connection/stream_testing.h"

namespace tocsin {
namespace {

using namespace tocsin::testing;

class StreamServerErrors : public ::testing::TestWithParam<Serve> {};
INSTANTIATE_TEST_SUITE_P(stream, StreamServerErrors, ::testing::Values(&serve_direct, &serve_choosing));

TEST_P(StreamServerErrors, sends_the_alert_before_it_reports_a_refusal) {
  Wire wire;
  wire.to_stream = {'G', 'E', 'T', ' ', '/', '\r', '\n'};
  Stream stream = GetParam()(wire, shared_server_config());
  const StreamError error = fatal(Reason::record_type_unknown);
  EXPECT_EQ(stream.handshake().error(), error);
  EXPECT_EQ(wire.to_peer, alert_record(Reason::record_type_unknown));
  expect_stuck(stream, wire, error);
}

//= RFC 9846 2.1 //# the server MUST abort the handshake with an appropriate alert.
//= RFC 9846 4.2.1 //# and server parameters), it MUST abort the handshake with either a "handshake_failure"
//= RFC 9846 6.2 //# that the implementation MUST send alert X if it sends any alert.
TEST_P(StreamServerErrors, sends_the_alert_before_it_reports_a_failed_negotiation) {
  Wire wire;
  Output hello;
  ClientConfig client = client_config();
  client.cipher_suites = {CipherSuite::chacha20_poly1305_sha256};
  const Connection peer = client_connection(hello, client);
  wire.to_stream = hello.to_peer;
  auto server = std::make_shared<ServerConfig>(server_config());
  server->cipher_suites = {CipherSuite::aes_128_gcm_sha256};
  Stream stream = GetParam()(wire, server);
  const StreamError error = fatal(Reason::no_common_cipher_suite);
  EXPECT_EQ(stream.handshake().error(), error);
  EXPECT_EQ(wire.to_peer, alert_record(Reason::no_common_cipher_suite));
  expect_stuck(stream, wire, error);
}

TEST_P(StreamServerErrors, reports_the_tls_error_although_its_alert_cannot_be_written) {
  Wire wire;
  wire.writes_until_broken = 0;
  wire.to_stream = {'G', 'E', 'T', ' ', '/', '\r', '\n'};
  Stream stream = GetParam()(wire, shared_server_config());
  const StreamError error = fatal(Reason::record_type_unknown);
  EXPECT_EQ(stream.handshake().error(), error);
  EXPECT_EQ(wire.writes, 1u);
  expect_stuck(stream, wire, error);
}

TEST_P(StreamServerErrors, reports_an_end_at_any_byte_of_the_handshake_as_truncation_and_sends_an_alert) {
  const StreamError error = fatal(Reason::transport_truncated);
  ASSERT_EQ(error.kind(), Kind::truncated);
  std::size_t ends = 0;
  for (bool is_complete = false; !is_complete; ++ends) {
    ASSERT_LT(ends, 2000u);
    ServerSide side(GetParam());
    side.wire.ends_after_bytes = ends;
    const StreamOutcome outcome = side.stream.handshake();
    is_complete = bool(outcome);
    if (is_complete) break;
    ASSERT_EQ(outcome.error(), error) << ends;
    side.peer->move();
    ASSERT_NE(side.peer->connection.failure(), nullptr) << ends;
    EXPECT_EQ(*side.peer->connection.failure(), Error(PeerAlert{AlertDescription::decode_error})) << ends;
    expect_stuck(side.stream, side.wire, error);
  }
  EXPECT_GT(ends, 200u);  // a ClientHello and a Finished
}

TEST(Stream, a_client_reports_an_end_at_any_byte_of_the_handshake_as_truncation_and_sends_an_alert) {
  const StreamError error = fatal(Reason::transport_truncated);
  std::size_t ends = 0;
  for (bool is_complete = false; !is_complete; ++ends) {
    ASSERT_LT(ends, 4000u);
    ClientSide side;
    side.wire.ends_after_bytes = ends;
    const StreamOutcome outcome = side.stream.handshake();
    is_complete = bool(outcome);
    if (is_complete) break;
    ASSERT_EQ(outcome.error(), error) << ends;
    side.peer.move();
    ASSERT_NE(side.peer.connection.failure(), nullptr) << ends;
    EXPECT_EQ(*side.peer.connection.failure(), Error(PeerAlert{AlertDescription::decode_error})) << ends;
  }
  EXPECT_GT(ends, 500u);  // a ServerHello and a certificate
}

TEST(Stream, an_end_after_the_handshake_without_close_notify_is_a_truncation_behind_the_data) {
  ClientSide side;
  ASSERT_TRUE(side.complete_handshake());
  ASSERT_TRUE(side.peer.connection.send(bytes_of("half of it"), side.peer.out));
  EXPECT_EQ(read_all(side.stream), "half of it");
  expect_stuck(side.stream, side.wire, fatal(Reason::transport_truncated));
}

TEST(Stream, gives_the_data_that_came_before_an_error_and_then_the_error) {
  ClientSide side;
  ASSERT_TRUE(side.complete_handshake());
  ASSERT_TRUE(side.peer.connection.send(bytes_of("before"), side.peer.out));
  append(side.peer.out.to_peer, Bytes{23, 3, 3, 0, 17, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17});
  EXPECT_EQ(read_all(side.stream), "before");
  side.peer.move();
  EXPECT_EQ(*side.peer.connection.failure(), Error(PeerAlert{AlertDescription::bad_record_mac}));
  expect_stuck(side.stream, side.wire, fatal(Reason::record_bad_mac));
}

//= RFC 9846 6 //# and MUST NOT allow any further data to be sent or received on the connection.
//= RFC 9846 6 //# Unknown Alert types MUST be treated as error alerts.
//= RFC 9846 6.2 //# both parties MUST immediately close the connection.
//= RFC 5246 7.2 //# Alert messages with a level of fatal result in the immediate termination of the
//= RFC 5246 7.2.2 //# Upon transmission or receipt of a fatal alert message, both parties immediately close
TEST(Stream, reports_the_peers_alert_and_answers_nothing) {
  ClientSide side;
  side.wire.to_stream = alert_record(Reason::no_common_cipher_suite);
  const StreamError error = Error(PeerAlert{AlertDescription::handshake_failure});
  EXPECT_EQ(side.stream.handshake().error(), error);
  EXPECT_EQ(side.wire.writes, 1u);  // the ClientHello
  expect_stuck(side.stream, side.wire, error);
}

TEST(Stream, reports_a_read_that_fails_and_writes_nothing_then) {
  for (const std::size_t bytes : {0u, 1u, 100u}) {
    ClientSide side;
    side.wire.bytes_at_once = 1000;
    side.wire.ends_after_bytes = bytes == 0 ? SIZE_MAX : bytes;
    side.wire.breaks_after_bytes = bytes;
    EXPECT_EQ(side.stream.handshake().error(), broken_read);
    expect_stuck(side.stream, side.wire, broken_read);
  }
}

TEST(Stream, reports_a_write_that_fails) {
  for (const std::size_t writes : {0u, 1u, 2u}) {  // the ClientHello, the second flight, the data
    ClientSide side;
    side.wire.writes_until_broken = writes;
    EXPECT_EQ(side.stream.write(bytes_of("hello")).error(), broken_write);
    EXPECT_EQ(side.wire.writes, writes + 1);
    expect_stuck(side.stream, side.wire, broken_write);
  }
}

TEST(Stream, reports_a_close_notify_that_cannot_be_written) {
  ClientSide side;
  ASSERT_TRUE(side.complete_handshake());
  side.wire.writes_until_broken = side.wire.writes;
  EXPECT_EQ(side.stream.close().error(), broken_write);
  expect_stuck(side.stream, side.wire, broken_write);
}

TEST(Stream, reads_on_although_a_key_update_cannot_be_answered) {
  ClientSide side;
  ASSERT_TRUE(side.complete_handshake());
  side.wire.writes_until_broken = side.wire.writes;
  ASSERT_TRUE(side.peer.connection.send(bytes_of("one "), side.peer.out));
  ASSERT_TRUE(side.peer.connection.update_keys(KeyUpdateRequest::update_requested, side.peer.out));
  side.wire.bytes_at_once = 50;
  ASSERT_TRUE(side.peer.connection.send(bytes_of("two"), side.peer.out));
  ASSERT_TRUE(side.peer.connection.close(side.peer.out));
  EXPECT_EQ(read_all(side.stream), "one two");
  EXPECT_EQ(side.stream.failure(), nullptr);
  EXPECT_EQ(side.stream.write(bytes_of("x")).error(), broken_write);
  expect_stuck(side.stream, side.wire, broken_write);
}

TEST(Stream, a_misuse_changes_nothing) {
  ClientSide side;
  Bytes key(32);
  EXPECT_EQ(side.stream.update_keys(KeyUpdateRequest::update_not_requested).error(),
            StreamError(Misuse::handshake_not_complete));
  EXPECT_EQ(side.stream.export_keying_material("label", {}, key).error(), StreamError(Misuse::handshake_not_complete));
  EXPECT_EQ(side.stream.failure(), nullptr);
  ASSERT_TRUE(side.complete_handshake());
  Bytes too_long(255 * 48 + 1);
  EXPECT_EQ(side.stream.export_keying_material("label", {}, too_long).error(), StreamError(Misuse::label_or_length_invalid));
  ASSERT_TRUE(side.stream.close());
  ASSERT_TRUE(side.stream.close());
  EXPECT_EQ(side.stream.write(bytes_of("x")).error(), StreamError(Misuse::closed_for_writing));
  EXPECT_EQ(side.stream.failure(), nullptr);
  side.peer.move();
  ASSERT_TRUE(side.peer.connection.send(bytes_of("still here"), side.peer.out));
  ASSERT_TRUE(side.peer.connection.close(side.peer.out));
  EXPECT_EQ(read_all(side.stream), "still here");
}

TEST(Stream, a_name_that_cannot_be_one_is_reported_by_the_first_call) {
  Wire wire;
  Stream stream = Stream::client(wire.transport(), shared_client_config(), "not a name");
  EXPECT_EQ(stream.handshake().error(), StreamError(Misuse::server_name_invalid));
  EXPECT_EQ(stream.connection(), nullptr);
  expect_stuck(stream, wire, Misuse::server_name_invalid);
  EXPECT_EQ(wire.writes, 0u);
}

TEST_P(StreamServerErrors, close_in_the_handshake_tells_the_peer_and_ends_it) {
  ServerSide side(GetParam());
  EXPECT_TRUE(side.stream.close());
  EXPECT_EQ(side.wire.to_peer, (Bytes{21, 3, 3, 0, 2, 1, 90, 21, 3, 3, 0, 2, 1, 0}));
  expect_stuck(side.stream, side.wire, Misuse::closed_by_caller);
}

TEST(Stream, the_alert_of_an_accepted_that_cannot_be_answered_is_sent_by_whichever_call_comes_first) {
  const auto call = [](int which, Stream& stream) {
    std::array<std::uint8_t, 4> bytes{};
    if (which == 0) return stream.handshake();
    if (which == 1) return stream.write(bytes);
    if (which == 2) return stream.close();
    if (which == 3) return stream.update_keys(KeyUpdateRequest::update_not_requested);
    if (which == 4) return stream.export_keying_material("label", {}, bytes);
    const auto read = stream.read(bytes);
    return read ? StreamOutcome(Done{}) : StreamOutcome(read.error());
  };
  auto config = std::make_shared<ServerConfig>(server_config());
  config->application_protocols = {"h2"};
  ClientConfig client = client_config();
  client.application_protocols = {"http/1.1"};
  for (int which = 0; which < 6; ++which) {
    Wire wire;
    Output hello, unsent;
    const Connection peer = client_connection(hello, client);
    Accepted accepted = accept(hello, unsent);
    Stream stream = Stream::server(wire.transport(), std::move(accepted), config, std::move(unsent));
    const StreamError error = fatal(Reason::no_common_application_protocol);
    EXPECT_EQ(call(which, stream).error(), error);
    EXPECT_EQ(wire.to_peer, alert_record(Reason::no_common_application_protocol)) << which;
    expect_stuck(stream, wire, error);
  }
}

TEST(Stream, a_callback_that_claims_impossible_counts_breaks_the_transport_and_nothing_else) {
  Wire wire;
  Stream reading =
      Stream::server({[](MutableBytes into) { return into.size() + 1; }, [&](ByteView from) { return wire.write(from); }},
                     shared_server_config());
  EXPECT_EQ(reading.handshake().error().kind(), Kind::read_failed);
  for (const std::size_t claimed : {std::size_t{0}, SIZE_MAX}) {
    Stream writing = Stream::client({[&](MutableBytes into) { return wire.read(into); }, [&](ByteView) { return claimed; }},
                                    shared_client_config(), "localhost");
    EXPECT_EQ(writing.handshake().error().kind(), Kind::write_failed);
  }
  EXPECT_EQ(wire.reads + wire.writes, 0u);
}

TEST(Stream, what_was_moved_from_says_so) {
  ClientSide side;
  Stream taken = std::move(side.stream);
  std::array<std::uint8_t, 4> bytes{};
  const StreamError error = Misuse::already_consumed;
  EXPECT_EQ(side.stream.handshake().error(), error);
  EXPECT_EQ(side.stream.read(bytes).error(), error);
  EXPECT_EQ(side.stream.write(bytes).error(), error);
  EXPECT_EQ(side.stream.close().error(), error);
  EXPECT_EQ(side.stream.update_keys(KeyUpdateRequest::update_not_requested).error(), error);
  EXPECT_EQ(side.stream.export_keying_material("label", {}, bytes).error(), error);
  EXPECT_FALSE(side.stream.is_handshake_complete());
  EXPECT_EQ(side.stream.connection(), nullptr);
  EXPECT_TRUE(taken.handshake());
}

TEST(Stream, errors_say_where_they_arose) {
  EXPECT_EQ(broken_write.describe(), "transport: writing failed: Broken pipe (32)");
  EXPECT_EQ(StreamError(Kind::read_failed, {}).describe(), "transport: reading failed");
  EXPECT_EQ(broken_read.tls(), nullptr);
  EXPECT_EQ(broken_read.transport()->code, 104);
  const StreamError truncated = fatal(Reason::transport_truncated), refused = fatal(Reason::record_overflow);
  EXPECT_EQ(truncated.tls(), nullptr);
  EXPECT_EQ(truncated.transport(), nullptr);
  EXPECT_NE(truncated.describe().find("transport_truncated"), std::string::npos);
  EXPECT_EQ(refused.kind(), Kind::tls);
  EXPECT_EQ(refused.tls()->fatal()->why, Reason::record_overflow);
  EXPECT_EQ(refused.describe(), refused.tls()->describe());
}

}  // namespace
}  // namespace tocsin
