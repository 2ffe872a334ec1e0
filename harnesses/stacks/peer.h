#pragma once
// One end of a TLS connection in memory, of any stack: what a comparison of stacks needs to do with it and to know of it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/connection.h"

namespace tocsin::stacks {

enum class Status : std::uint8_t {
  handshaking,
  complete,  // the handshake is complete; either direction may have been closed by close_notify since
  failed,    // for good
};

struct AlertSeen {
  std::uint8_t level = 0;
  std::uint8_t description = 0;
  bool is_plaintext = false;
  friend bool operator==(const AlertSeen&, const AlertSeen&) = default;
};

class Peer {
 public:
  virtual ~Peer() = default;

  /// Takes bytes from the other end, cut anywhere.
  virtual void receive(ByteView from_other_end) = 0;
  virtual void receive_end_of_stream() = 0;
  /// What is to go to the other end since the last call.
  virtual Bytes take_output() = 0;

  /// After the handshake; false if the peer would not do it.
  virtual bool send(ByteView application_data) = 0;
  virtual Bytes take_application_data() = 0;
  /// TLS 1.3 only.
  virtual bool update_keys(KeyUpdateRequest request) = 0;
  virtual bool close() = 0;
  virtual std::optional<Bytes> export_keying_material(std::string_view label, std::optional<ByteView> context,
                                                      std::size_t size_bytes) = 0;

  virtual Status status() const = 0;
  /// False if it keeps a message that it was given, and looks at it when more comes.
  virtual bool has_read_all() const { return true; }
  /// "s hs traffic" out of the key log; empty before the ServerHello, and in TLS 1.2.
  virtual const Bytes& server_handshake_secret() const = 0;
  virtual bool is_closed_by_other_end() const = 0;
  /// The error alert that this peer sent, or received: user_canceled does not count, and close_notify only if it was received
  /// during the handshake.
  virtual std::optional<AlertSeen> alert_sent() const = 0;
  virtual std::optional<AlertSeen> alert_received() const = 0;
  /// It failed, and the last that it sent is protected and may be an alert, of which it does not tell.
  virtual bool may_have_sent_alert() const { return false; }
  /// What is settled so far. `retried` and `signature_scheme` may be unknown to a peer: see its header.
  virtual Negotiated negotiated() const = 0;
  /// Why it failed, in the stack's own words.
  virtual std::string failure() const = 0;
};

}  // namespace tocsin::stacks
