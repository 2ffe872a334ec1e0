#include "harnesses/tool/probe/live_server.h"

#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <thread>

#include "harnesses/dissect/dissect.h"
#include "harnesses/dissect/records.h"
#include "harnesses/stacks/tocsin/connection.h"
#include "harnesses/stacks/wire_alerts.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/clock.h"

namespace tocsin::tool {
namespace {

using stacks::AlertSeen;
using stacks::Status;

constexpr std::size_t output_bytes_max = 4 << 20;  // of one connection

bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET)
    return ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  if (address.sa_family != AF_INET6) return false;
  const in6_addr& of_v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&of_v6) || (IN6_IS_ADDR_V4MAPPED(&of_v6) && of_v6.s6_addr[12] == IN_LOOPBACKNET);
}

// The first address of a name, in numbers, so that what was looked at is what is connected to.
Address allowed_address(const LiveServerOptions& options) {
  const Resolved found = resolve<UsageError>(parse_address(options.address), SOCK_STREAM, 0);
  if (options.hosts == Hosts::loopback && !is_loopback(*found->ai_addr))
    throw UsageError(options.address + " is not this machine: --i-am-allowed-to-test-this-host, if you are");
  sockaddr_storage address{};
  std::memcpy(&address, found->ai_addr, found->ai_addrlen);
  return parse_address(address_text(address, found->ai_addrlen));
}

// Whether any server is likely to be set up so, but for the certificate that it asks for. One that has not all of these
// versions, or another certificate, shows it by what it does with the repaired input.
bool is_usual(stacks::PeerConfig config) {
  const stacks::PeerConfig usual;
  config.versions = usual.versions;
  config.extended_master_secret = usual.extended_master_secret;
  config.client_authentication = usual.client_authentication;
  return config == usual;
}

bool has_certificate_request(ByteView flight) {
  const Bytes messages = dissect::dissect_records(flight).stream;
  ByteView rest = messages;
  while (const auto message = dissect::take_message(rest))
    if (message->type == HandshakeType::certificate_request) return true;
  return false;
}

class LivePeer final : public stacks::Peer {
 public:
  LivePeer(Descriptor socket, std::chrono::milliseconds quiet) : socket_(std::move(socket)), quiet_(quiet) {}

  void receive(ByteView from_other_end) override {
    if (is_over_) return;
    note_alerts_for_it(from_other_end);
    converse(from_other_end);
  }
  void receive_end_of_stream() override {
    if (is_over_) return;
    shutdown(socket_.get(), SHUT_WR);
    converse({});
  }
  Bytes take_output() override { return std::exchange(output_, {}); }
  bool send(ByteView) override { return false; }
  Bytes take_application_data() override { return {}; }
  bool update_keys(KeyUpdateRequest) override { return false; }
  bool close() override { return false; }
  std::optional<Bytes> export_keying_material(std::string_view, std::optional<ByteView>, std::size_t) override {
    return std::nullopt;
  }

  Status status() const override { return is_over_ || alert_sent() ? Status::failed : Status::handshaking; }
  const Bytes& server_handshake_secret() const override { return no_secret_; }
  bool is_closed_by_other_end() const override { return false; }
  std::optional<AlertSeen> alert_sent() const override { return alerts_.in_plaintext(); }
  /// It has been told to end, and has ended without a word.
  std::optional<AlertSeen> alert_received() const override { return is_over_ && !alert_sent() ? alert_for_it_ : std::nullopt; }
  bool may_have_sent_alert() const override { return is_over_ && !alert_sent() && alerts_.may_end_protected(); }
  Negotiated negotiated() const override { return {}; }
  std::string failure() const override { return is_over_ ? "closed the connection" : ""; }

 private:
  void note_alerts_for_it(ByteView bytes) {
    while (const auto record = dissect::take_record(bytes))
      if (record->holds_two_byte_alert()) alert_for_it_ = AlertSeen{record->fragment[0], record->fragment[1], true};
  }

  // Writes all, and reads until it is quiet, or over.
  void converse(ByteView to_write) {
    auto deadline = std::chrono::steady_clock::now() + quiet_;
    while (!is_over_ && std::chrono::steady_clock::now() < deadline) {
      const short events = to_write.empty() ? POLLIN : POLLIN | POLLOUT;
      pollfd polled{socket_.get(), events, 0};
      poll(&polled, 1, poll_timeout_ms(deadline));
      if ((polled.revents & POLLOUT) != 0) {
        const IoResult written = write_some(socket_.get(), to_write);
        to_write = written.how == IoResult::How::broken ? ByteView() : to_write.subspan(written.bytes);
      }
      if ((polled.revents & ~POLLOUT) != 0) read();
      if (polled.revents != 0) deadline = std::chrono::steady_clock::now() + quiet_;
    }
  }

  void read() {
    std::array<std::uint8_t, 16384> buffer;
    const IoResult got = read_some(socket_.get(), buffer);
    is_over_ = got.how == IoResult::How::end_of_stream || got.how == IoResult::How::broken;
    output_bytes_ += got.bytes;
    if (output_bytes_ > output_bytes_max) throw NetworkError("the server sends without end");
    alerts_.note(ByteView(buffer).first(got.bytes));
    append(output_, ByteView(buffer).first(got.bytes));
  }

  Descriptor socket_;
  std::chrono::milliseconds quiet_;
  Bytes output_;
  std::size_t output_bytes_ = 0;
  bool is_over_ = false;
  stacks::WireAlerts alerts_;
  std::optional<AlertSeen> alert_for_it_;
  const Bytes no_secret_;
};

}  // namespace

LiveServer::LiveServer(const LiveServerOptions& options) : options_(options), address_(allowed_address(options)) {
  if (asks_for_certificate()) client_authentication_ = ClientAuthentication::optional;
}

// A server asks in every version alike, but only in TLS 1.2 is it seen without keys.
bool LiveServer::asks_for_certificate() {
  stacks::PeerConfig of_client;
  of_client.versions = {ProtocolVersion::tls12};
  Output hello;
  const stacks::TocsinConnection client(stacks::tocsin_client_config(of_client), of_client.server_name, stacks::peers_now,
                                        hello);
  const auto server = connect();
  server->receive(hello.to_peer);
  return has_certificate_request(server->take_output());
}

stacks::PeerConfig LiveServer::adapted(stacks::PeerConfig config) const {
  config.record_size_limit = 0;
  if (config.client_authentication == ClientAuthentication::none) config.client_authentication = client_authentication_;
  return config;
}

std::unique_ptr<stacks::Peer> LiveServer::connect() {
  std::this_thread::sleep_until(next_);
  next_ = std::chrono::steady_clock::now() + options_.interval;
  return std::make_unique<LivePeer>(connect_to(address_, options_.connect_timeout), options_.quiet);
}

std::unique_ptr<stacks::Peer> LiveServer::make(stacks::Role role, const stacks::PeerConfig& config, std::uint64_t) {
  if (role == stacks::Role::client) throw stacks::Unsupported("it is no client");
  if (!is_usual(config) || config.client_authentication != client_authentication_)
    throw stacks::Unsupported("it needs a server that is set up for it");
  return connect();
}

}  // namespace tocsin::tool
