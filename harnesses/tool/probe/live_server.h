#pragma once
// A server that listens somewhere, as a stack: each end that is made is a connection to it.
#include <chrono>
#include <string>

#include "harnesses/stacks/stack.h"
#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {

enum class Hosts : std::uint8_t { loopback, any };

struct LiveServerOptions {
  std::string address;  // HOST:PORT
  Hosts hosts = Hosts::loopback;
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds quiet{300};    // without an answer for so long it waits for more
  std::chrono::milliseconds interval{20};  // between the beginnings of two connections, at least
};

/// What it is set up with is not known, nor its name, but that it asks for a client's certificate shows in TLS 1.2. Its alerts
/// are those in plaintext; of a handshake that completes nothing shows.
class LiveServer final : public stacks::Stack {
 public:
  /// UsageError if the address is not one of this machine's, and others are not allowed; NetworkError if nobody answers.
  explicit LiveServer(const LiveServerOptions& options);

  std::string name() const override { return options_.address; }
  std::string version() const override { return {}; }
  stacks::PeerConfig adapted(stacks::PeerConfig config) const override;
  bool is_configurable() const override { return false; }
  /// Throws NetworkError if nobody answers, Unsupported for a client.
  std::unique_ptr<stacks::Peer> make(stacks::Role role, const stacks::PeerConfig& config, std::uint64_t seed) override;

 private:
  std::unique_ptr<stacks::Peer> connect();
  bool asks_for_certificate();

  LiveServerOptions options_;
  Address address_;  // in numbers
  std::chrono::steady_clock::time_point next_{};
  ClientAuthentication client_authentication_ = ClientAuthentication::none;
};

}  // namespace tocsin::tool
