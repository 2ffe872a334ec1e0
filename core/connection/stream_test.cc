// What a Stream does when all goes well; what it does otherwise is in stream_errors_test.cc.
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "core/connection/stream_testing.h"

namespace tocsin {
namespace {

using namespace tocsin::testing;

class StreamServer : public ::testing::TestWithParam<Serve> {};
INSTANTIATE_TEST_SUITE_P(stream, StreamServer, ::testing::Values(&serve_direct, &serve_choosing));

TEST_P(StreamServer, completes_a_handshake_and_carries_data_both_ways) {
  ServerSide side(GetParam());
  ASSERT_TRUE(side.stream.handshake());
  EXPECT_TRUE(side.stream.is_handshake_complete());
  EXPECT_EQ(side.stream.negotiated().server_name, "localhost");
  ASSERT_TRUE(side.peer->connection.send(bytes_of("a question"), side.peer->out));
  ASSERT_TRUE(side.peer->connection.close(side.peer->out));
  EXPECT_EQ(read_all(side.stream), "a question");
  ASSERT_TRUE(side.stream.write(bytes_of("an answer")));
  ASSERT_TRUE(side.stream.close());
  side.peer->move();
  EXPECT_EQ(text_of(side.peer->out.application_data), "an answer");
  EXPECT_TRUE(side.peer->connection.is_closed_by_peer());
}

TEST_P(StreamServer, completes_a_handshake_byte_by_byte) {
  ServerSide side(GetParam());
  side.wire.bytes_at_once = 1;
  ASSERT_TRUE(side.stream.handshake());
  ASSERT_TRUE(side.peer->connection.send(bytes_of("a question"), side.peer->out));
  ASSERT_TRUE(side.peer->connection.close(side.peer->out));
  EXPECT_EQ(read_all(side.stream), "a question");
}

TEST(Stream, reading_and_writing_complete_a_clients_handshake_by_themselves) {
  ClientSide writing, reading;
  writing.wire.bytes_at_once = 1;
  ASSERT_TRUE(writing.stream.write(bytes_of("hello")));
  writing.peer.move();
  EXPECT_EQ(text_of(writing.peer.out.application_data), "hello");
  reading.wire.when_empty = [&] {
    reading.peer.move();
    if (!reading.peer.connection.is_handshake_complete() || reading.peer.connection.is_closed_for_writing()) return;
    ASSERT_TRUE(reading.peer.connection.send(bytes_of("welcome"), reading.peer.out));
    ASSERT_TRUE(reading.peer.connection.close(reading.peer.out));
    reading.peer.move();
  };
  EXPECT_EQ(read_all(reading.stream), "welcome");
}

TEST(Stream, reads_no_further_than_the_close_notify) {
  ClientSide side;
  ASSERT_TRUE(side.complete_handshake());
  ASSERT_TRUE(side.peer.connection.close(side.peer.out));
  EXPECT_EQ(read_all(side.stream), "");
  EXPECT_EQ(side.stream.failure(), nullptr);
  const std::size_t reads = side.wire.reads;
  EXPECT_EQ(read_all(side.stream), "");
  EXPECT_EQ(side.wire.reads, reads);
  ASSERT_TRUE(side.stream.write(bytes_of("a last word")));
  side.peer.move();
  EXPECT_EQ(text_of(side.peer.out.application_data), "a last word");
}

TEST(Stream, updates_keys_and_exports_as_the_connection_does) {
  ClientSide side;
  ASSERT_TRUE(side.complete_handshake());
  ASSERT_TRUE(side.stream.update_keys(KeyUpdateRequest::update_requested));
  ASSERT_TRUE(side.stream.write(bytes_of("under new keys")));
  side.peer.move();
  EXPECT_EQ(text_of(side.peer.out.application_data), "under new keys");
  EXPECT_EQ(std::count(side.peer.out.events.begin(), side.peer.out.events.end(), Event::peer_updated_keys), 1);
  Bytes ours(32), theirs(32);
  ASSERT_TRUE(side.stream.export_keying_material("label", bytes_of("context"), ours));
  ASSERT_TRUE(side.peer.connection.export_keying_material("label", bytes_of("context"), theirs, side.peer.out));
  EXPECT_EQ(ours, theirs);
}

TEST(Stream, an_empty_write_completes_the_handshake_and_sends_nothing_more) {
  ClientSide side;
  ASSERT_TRUE(side.stream.write({}));
  EXPECT_TRUE(side.stream.is_handshake_complete());
  EXPECT_EQ(side.wire.writes, 2u);
}

//= RFC 5246 7.2.2 //# which is defined as a fatal alert, it MUST send the appropriate alert prior to closing
TEST(Stream, a_server_can_choose_by_the_offer_or_refuse_with_a_reason) {
  Wire wire;
  Output hello;
  const Connection peer = client_connection(hello);
  wire.to_stream = hello.to_peer;
  std::string asked_for;
  Stream stream =
      Stream::server(wire.transport(), [&](const Offer& offer) -> Result<std::shared_ptr<const ServerConfig>, Reason> {
        asked_for = offer.server_name;
        return Reason::no_common_application_protocol;
      });
  const StreamError error = fatal(Reason::no_common_application_protocol);
  EXPECT_EQ(stream.handshake().error(), error);
  EXPECT_EQ(asked_for, "localhost");
  EXPECT_EQ(wire.to_peer, alert_record(Reason::no_common_application_protocol));
  expect_stuck(stream, wire, error);
}

TEST(Stream, the_limits_of_an_acceptor_hold_until_there_is_a_configuration) {
  Wire wire;
  Output hello;
  const Connection peer = client_connection(hello);
  wire.to_stream = hello.to_peer;
  Limits limits;
  limits.client_hello_bytes_max = 10;
  Stream stream = Stream::server(
      wire.transport(), [](const Offer&) { return shared_server_config(); }, limits);
  EXPECT_EQ(stream.handshake().error(), fatal(Reason::message_too_long));
  EXPECT_EQ(wire.to_peer, alert_record(Reason::message_too_long));
}

TEST(Stream, goes_on_from_an_accepted) {
  Wire wire;
  Output hello, unsent;
  Connection client = client_connection(hello);
  Accepted accepted = accept(hello, unsent);
  PeerOnWire peer(wire, std::move(client));
  Stream stream = Stream::server(wire.transport(), std::move(accepted), shared_server_config(), std::move(unsent));
  EXPECT_EQ(wire.writes, 0u);
  ASSERT_TRUE(stream.write(bytes_of("welcome")));
  peer.move();
  EXPECT_EQ(text_of(peer.out.application_data), "welcome");
}

// Both ends wait, as they do in programs; each has a provider of its own, since those are for one thread.
TEST(Stream, two_streams_that_wait_for_each_other_talk_over_sockets) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const auto over = [](int fd) -> Transport {
    return {[fd](MutableBytes into) { return static_cast<std::size_t>(::read(fd, into.data(), into.size())); },
            [fd](ByteView from) {
              return static_cast<std::size_t>(::write(fd, from.data(), std::min<std::size_t>(from.size(), 7)));
            },
            [] { return testing::now; }};
  };
  std::thread serving([&] {
    auto config = std::make_shared<ServerConfig>(server_config());
    config->provider = *make_openssl_provider();
    Stream server = Stream::server(over(ends[0]), config);
    const std::string question = read_all(server);
    EXPECT_TRUE(server.update_keys(KeyUpdateRequest::update_requested));
    EXPECT_TRUE(server.write(bytes_of(question + "!")));
    EXPECT_TRUE(server.close());
  });
  Stream client = Stream::client(over(ends[1]), shared_client_config(), "localhost");
  EXPECT_TRUE(client.write(bytes_of("is anybody there")));
  EXPECT_TRUE(client.close());
  EXPECT_EQ(read_all(client), "is anybody there!");
  EXPECT_EQ(client.failure(), nullptr);
  serving.join();
  close(ends[0]);
  close(ends[1]);
}

TEST(Stream, large_data_goes_in_pieces) {
  ClientSide side;
  const Bytes large(1'000'000, 0x5a);
  ASSERT_TRUE(side.stream.write(large));
  EXPECT_LT(side.wire.longest_write_bytes, 66000u);
  side.peer.move();
  EXPECT_EQ(side.peer.out.application_data, large);
}

}  // namespace
}  // namespace tocsin
