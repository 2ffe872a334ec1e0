#pragma once
// Streams over transports in memory, for unit tests. Nothing waits: where a stream would, its peer, a Connection, gets its
// turn.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/connection/testing.h"
#include "tocsin/stream.h"

namespace tocsin::testing {

using Kind = StreamError::Kind;

// What lies between a stream and its peer, and how it fails.
struct Wire {
  Bytes to_stream, to_peer;
  std::size_t bytes_at_once = 1u << 20;  // either way
  std::size_t ends_after_bytes = SIZE_MAX, breaks_after_bytes = SIZE_MAX, writes_until_broken = SIZE_MAX;
  std::size_t read_bytes = 0, reads = 0, writes = 0, longest_write_bytes = 0;
  std::function<void()> when_empty = [] {};

  Transferred read(MutableBytes into) {
    ++reads;
    if (read_bytes >= breaks_after_bytes) return TransportError{104, "Connection reset by peer"};
    if (to_stream.empty()) when_empty();
    const std::size_t bytes = std::min({into.size(), to_stream.size(), bytes_at_once, ends_after_bytes - read_bytes});
    std::copy_n(to_stream.begin(), bytes, into.begin());
    to_stream.erase(to_stream.begin(), to_stream.begin() + static_cast<std::ptrdiff_t>(bytes));
    read_bytes += bytes;
    return bytes;
  }
  Transferred write(ByteView from) {
    longest_write_bytes = std::max(longest_write_bytes, from.size());
    if (writes++ >= writes_until_broken) return TransportError{32, "Broken pipe"};
    const std::size_t bytes = std::min(from.size(), bytes_at_once);
    append(to_peer, from.first(bytes));
    return bytes;
  }
  Now time = now;
  Transport transport() {
    return {[this](MutableBytes into) { return read(into); }, [this](ByteView from) { return write(from); },
            [this] { return time; }};
  }
};

// The other end of a wire. It ends the transport when it has nothing more to say.
struct PeerOnWire {
  PeerOnWire(Wire& joined, Connection made, Output begun = {})
      : wire(joined), connection(std::move(made)), out(std::move(begun)) {
    wire.when_empty = [this] { move(); };
  }
  void move() {
    const Bytes arrived = std::exchange(wire.to_peer, {});
    (void)connection.receive(arrived, now, out);
    append(wire.to_stream, std::exchange(out.to_peer, {}));
  }
  Wire& wire;
  Connection connection;
  Output out;
};

inline std::shared_ptr<const ServerConfig> shared_server_config() {
  return std::make_shared<const ServerConfig>(server_config());
}
inline std::shared_ptr<const ClientConfig> shared_client_config() {
  return std::make_shared<const ClientConfig>(client_config());
}

inline Stream client_on(Wire& wire) { return Stream::client(wire.transport(), shared_client_config(), "localhost"); }

struct ClientSide {  // a stream's peer that is a server
  bool complete_handshake() {
    const bool is_complete = bool(stream.handshake());
    peer.move();
    return is_complete && peer.connection.is_handshake_complete();
  }

  Wire wire;
  PeerOnWire peer{wire, std::move(*Connection::server(shared_server_config()))};
  Stream stream = client_on(wire);
};

inline Connection client_connection(Output& out, const ClientConfig& config = client_config()) {
  return std::move(*Connection::client(std::make_shared<const ClientConfig>(config), "localhost", now, out));
}

inline Stream serve_direct(Wire& wire, const std::shared_ptr<const ServerConfig>& config) {
  return Stream::server(wire.transport(), config);
}
inline Stream serve_choosing(Wire& wire, const std::shared_ptr<const ServerConfig>& config) {
  return Stream::server(wire.transport(), [config](const Offer&) { return config; });
}

using Serve = Stream (*)(Wire&, const std::shared_ptr<const ServerConfig>&);
struct ServerSide {  // a stream's peer that is a client
  explicit ServerSide(Serve serve = &serve_direct) : stream(serve(wire, shared_server_config())) {
    Output out;
    Connection client = client_connection(out);
    peer.emplace(wire, std::move(client), std::move(out));
  }
  Wire wire;
  std::optional<PeerOnWire> peer;
  Stream stream;
};

inline std::string read_all(Stream& stream) {
  std::string all;
  std::array<std::uint8_t, 5> some;
  for (auto bytes = stream.read(some); bytes && *bytes > 0; bytes = stream.read(some))
    all.append(text_of(ByteView(some).first(*bytes)));
  return all;
}

// Every call gives this error, and moves nothing.
inline void expect_stuck(Stream& stream, const Wire& wire, const StreamError& error) {
  const std::size_t reads = wire.reads, writes = wire.writes;
  std::array<std::uint8_t, 16> bytes{};
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(stream.handshake().error(), error);
    EXPECT_EQ(stream.read(bytes).error(), error);
    EXPECT_EQ(stream.write(bytes).error(), error);
    EXPECT_EQ(stream.update_keys(KeyUpdateRequest::update_requested).error(), error);
    EXPECT_EQ(stream.export_keying_material("label", {}, bytes).error(), error);
    EXPECT_EQ(stream.close().error(), error);
  }
  ASSERT_NE(stream.failure(), nullptr);
  EXPECT_EQ(*stream.failure(), error);
  EXPECT_EQ(wire.reads, reads);
  EXPECT_EQ(wire.writes, writes);
}

inline Bytes alert_record(Reason why) { return {21, 3, 3, 0, 2, 2, static_cast<std::uint8_t>(alert_for(why))}; }
inline StreamError fatal(Reason why) { return Error(Fatal{why}); }
inline const StreamError broken_write(Kind::write_failed, {32, "Broken pipe"});
inline const StreamError broken_read(Kind::read_failed, {104, "Connection reset by peer"});

// The caller's own Acceptor, as far as it goes.
inline Accepted accept(const Output& hello, Output& out) {
  Acceptor acceptor;
  return std::move(**acceptor.receive(hello.to_peer, out));
}

}  // namespace tocsin::testing
