#pragma once
// An endpoint for tests of the link: it sends what it is told to, and keeps what it gets.
#include <utility>

#include "harnesses/peers/endpoint.h"

namespace tocsin::link {

class Recorder : public peers::Endpoint {
 public:
  struct Received {
    std::string text;
    peers::Address from;
    peers::Time at;
    friend bool operator==(const Received&, const Received&) = default;
  };

  void say(peers::Address to, std::string_view text) {
    const ByteView bytes = bytes_of(text);
    output.push_back({to, Bytes(bytes.begin(), bytes.end())});
  }
  /// What came, in its order, a space between any two.
  std::string heard() const {
    std::string all;
    for (const Received& one : received) all += (all.empty() ? "" : " ") + one.text;
    return all;
  }

  void receive(ByteView datagram, peers::Address from, peers::Time now) override {
    received.push_back({std::string(text_of(datagram)), from, now});
  }
  std::optional<peers::Time> deadline() const override { return next_timeout; }
  void on_timeout(peers::Time now) override {
    timeouts.push_back(now);
    next_timeout = interval ? std::optional(now + *interval) : std::nullopt;
  }
  std::vector<peers::Datagram> take_output() override { return std::exchange(output, {}); }
  bool send(peers::Address, ByteView, peers::Time) override { return false; }
  bool close(peers::Address, peers::Time) override { return false; }
  std::vector<Bytes> take_application_data(peers::Address) override { return {}; }
  peers::Status status(peers::Address) const override { return peers::Status::handshaking; }
  bool is_closed_by(peers::Address) const override { return false; }
  std::optional<Bytes> export_keying_material(peers::Address, std::string_view, ByteView, std::size_t) override { return {}; }
  Negotiated negotiated(peers::Address) const override { return {}; }
  std::string failure(peers::Address) const override { return {}; }

  std::vector<peers::Datagram> output;
  std::vector<Received> received;
  std::vector<peers::Time> timeouts;
  std::optional<peers::Time> next_timeout, interval;
};

}  // namespace tocsin::link
