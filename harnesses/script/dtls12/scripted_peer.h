#pragma once
// An endpoint of DTLS 1.2 that obeys a script instead of RFC 6347, with real keys: as script::ScriptedPeer, over datagrams.
#include <set>

#include "harnesses/script/dtls12/numbers.h"
#include "harnesses/script/dtls12/received.h"
#include "harnesses/script/dtls12/watcher.h"
#include "harnesses/script/tls12/handshake.h"

namespace tocsin::script::dtls12 {

/// What clocks show when a script begins.
constexpr stacks::Time begin_of_time = std::chrono::seconds(1);

class ScriptedPeer {
 public:
  /// config: of dtls12; its own watcher is not told.
  explicit ScriptedPeer(ScriptedPeerConfig config, Watcher* watcher = nullptr);
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  /// Plays the script against the other end, reading what that sends after each datagram.
  void play(const Script& script, stacks::Endpoint& end);

  /// Whether the end may complete, or may have: see Proof.
  bool has_proved_itself() const { return proof_.is_given(config_.role, config_.client_authentication); }

 private:
  struct Again {  // of the flight
    ContentType type;
    Bytes message;  // of a handshake record
    std::uint16_t message_seq;
    Under under;
  };

  void perform(const Step& step, stacks::Endpoint& end);
  void send_message(const Step& step, stacks::Endpoint& end);
  Bytes build(const Step& step);
  Bytes build_hello_verify_request(std::uint8_t cookie_bytes) const;
  bool is_due(What what, std::uint8_t argument) const;
  void begin_handshake(const Step& step);
  void send_change_cipher_spec(const Step& step, stacks::Endpoint& end);
  void send_flight_again(const Step& step, stacks::Endpoint& end);
  void send_fragments(ByteView message, std::uint16_t message_seq, const Step& step, stacks::Endpoint& end);
  void send_record(ContentType type, ByteView content, const Step& step, stacks::Endpoint& end);
  Under under_due(Under asked) const;
  void wait(std::uint8_t tenths, stacks::Endpoint& end);

  void end_datagram(const Step& step, stacks::Endpoint& end);
  void deliver(const SentDatagram& datagram, stacks::Endpoint& end);
  void listen(stacks::Endpoint& end);
  void read(ByteView datagram);
  void read_handshake(dissect::DtlsRecordView record);
  void take_received(ByteView message);

  ScriptedPeerConfig config_;
  Watcher* watcher_;
  tls12::Handshake handshake_;
  std::size_t handshakes_ = 0;  // that were begun behind the first
  Proof proof_;
  stacks::Address address_{0};
  stacks::Time now_ = begin_of_time;

  // Outbound.
  std::uint16_t next_message_seq_ = 0;
  bool is_write_protected_ = false;
  RecordNumbers numbers_[3];  // of each epoch
  std::uint8_t data_sent_ = 0;
  SentDatagram datagram_;  // that is being written
  std::vector<SentDatagram> datagrams_;
  std::vector<Again> flight_;
  bool is_flight_answered_ = false;

  // Inbound.
  bool loses_next_ = false;
  ReceivedMessages received_;
  std::set<HandshakeType> types_received_;  // in this handshake
  Bytes cookie_;
};

}  // namespace tocsin::script::dtls12
