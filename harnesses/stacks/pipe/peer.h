#pragma once
// A stack in another process, in any language, behind a shim that speaks the pipe protocol (PIPE.md).
#include "harnesses/stacks/pipe/channel.h"
#include "harnesses/stacks/pipe/message.h"
#include "harnesses/stacks/stack.h"
#include "harnesses/stacks/wire_alerts.h"

namespace tocsin::stacks::pipe {

/// What a shim says of its stack.
struct Welcome {
  std::string name, version;
  std::vector<Role> roles;
  std::vector<ProtocolVersion> versions;
  bool is_deterministic = false, updates_keys = false;
};
/// Throws Broken.
Welcome read_welcome(ByteView message);

/// What a shim says of an end after a call.
struct State {
  Status status = Status::handshaking;
  bool is_done = true, is_closed = false;
  Bytes output, data, server_handshake_secret;
  std::string failure;
  std::optional<AlertSeen> alert_sent, alert_received;
};
/// Throws Broken; Unsupported for `cannot`.
State read_state(ByteView message);

/// All functions throw Broken once the shim does not keep to the protocol. An alert that the shim tells of is believed only if
/// what came out can hold it. negotiated() and export_keying_material() are not known.
class PipePeer final : public Peer {
 public:
  /// number: of this end, other than that of any end of this channel that is not released yet. updates_keys: whether it can.
  PipePeer(Channel& channel, std::uint32_t number, bool updates_keys, ByteView make);

  void receive(ByteView from_other_end) override;
  void receive_end_of_stream() override;
  Bytes take_output() override { return std::exchange(output_, {}); }
  bool send(ByteView application_data) override;
  Bytes take_application_data() override { return std::exchange(data_, {}); }
  bool update_keys(KeyUpdateRequest request) override;
  bool close() override;
  std::optional<Bytes> export_keying_material(std::string_view, std::optional<ByteView>, std::size_t) override {
    return std::nullopt;
  }

  Status status() const override { return state_.status; }
  const Bytes& server_handshake_secret() const override { return state_.server_handshake_secret; }
  bool is_closed_by_other_end() const override { return state_.is_closed; }
  std::optional<AlertSeen> alert_sent() const override;
  std::optional<AlertSeen> alert_received() const override { return state_.alert_received; }
  bool may_have_sent_alert() const override;
  Negotiated negotiated() const override { return {}; }
  std::string failure() const override { return state_.failure; }

 private:
  MessageWriter request(MessageType type) const;
  bool call(ByteView message);

  Channel& channel_;
  std::uint32_t number_;
  bool updates_keys_;
  State state_;
  Bytes output_, data_;
  std::size_t output_bytes_ = 0;
  WireAlerts wire_alerts_;
  std::optional<AlertSeen> alert_told_;  // that was sent protected, by what came with the word
};

/// Releases what it has made before it makes the next.
class PipeStack final : public Stack {
 public:
  /// Says hello. Throws Broken.
  explicit PipeStack(Channel& channel);

  std::string name() const override { return welcome_.name; }
  std::string version() const override { return welcome_.version; }
  const Welcome& welcome() const { return welcome_; }
  PeerConfig adapted(PeerConfig config) const override;
  std::unique_ptr<Peer> make(Role role, const PeerConfig& config, std::uint64_t seed) override;

 private:
  Channel& channel_;
  Welcome welcome_;
  std::uint32_t ends_ = 0;  // so many were made; the last one may not be released yet
  bool is_one_made_ = false;
};

}  // namespace tocsin::stacks::pipe
