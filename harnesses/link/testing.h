#pragma once
// An endpoint for tests of the link: it sends what a test gives it, and keeps what it receives.
#include <utility>

#include "harnesses/stacks/endpoint.h"

namespace tocsin::link {

class Recorder : public stacks::Endpoint {
 public:
  struct Received {
    std::string text;
    stacks::Address from;
    stacks::Time at;
    friend bool operator==(const Received&, const Received&) = default;
  };

  void say(stacks::Address to, std::string_view text) {
    const ByteView bytes = bytes_of(text);
    output.push_back({to, Bytes(bytes.begin(), bytes.end())});
  }
  /// What came, in its order, a space between any two.
  std::string texts() const {
    std::string all;
    for (const Received& one : received) all += (all.empty() ? "" : " ") + one.text;
    return all;
  }

  void receive(ByteView datagram, stacks::Address from, stacks::Time now) override {
    received.push_back({std::string(text_of(datagram)), from, now});
  }
  std::optional<stacks::Time> deadline() const override { return next_timeout; }
  void on_timeout(stacks::Time now) override {
    timeouts.push_back(now);
    next_timeout = interval ? std::optional(now + *interval) : std::nullopt;
  }
  std::vector<stacks::Datagram> take_output() override { return std::exchange(output, {}); }
  bool send(stacks::Address, ByteView, stacks::Time) override { return false; }
  bool close(stacks::Address, stacks::Time) override { return false; }
  std::vector<Bytes> take_application_data(stacks::Address) override { return {}; }
  stacks::Status status(stacks::Address) const override { return stacks::Status::handshaking; }
  bool is_closed_by(stacks::Address) const override { return false; }
  std::optional<Bytes> export_keying_material(stacks::Address, std::string_view, std::optional<ByteView>,
                                              std::size_t) override {
    return {};
  }
  Negotiated negotiated(stacks::Address) const override { return {}; }
  std::string failure(stacks::Address) const override { return {}; }

  std::vector<stacks::Datagram> output;
  std::vector<Received> received;
  std::vector<stacks::Time> timeouts;
  std::optional<stacks::Time> next_timeout, interval;
};

}  // namespace tocsin::link
