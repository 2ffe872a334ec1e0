#pragma once
// One end of DTLS associations, whatever stack it is of, in memory: a client, or a server with a peer at each address. What
// harnesses/link carries datagrams between.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harnesses/stacks/peer.h"

namespace tocsin::stacks {

/// Since the start of the run: nobody behind this interface reads a real clock.
using Time = std::chrono::microseconds;

/// Where datagrams come from and go to.
enum class Address : std::uint16_t {};

struct Datagram {
  Address to;
  Bytes bytes;
};

/// `now` never goes back. `peer` is the address of the association's other end; of one that this end knows nothing about, the
/// status is handshaking, there is nothing to take, and nothing can be sent to it. A client's first flight is in its output at
/// once.
class Endpoint {
 public:
  virtual ~Endpoint() = default;

  virtual void receive(ByteView datagram, Address from, Time now) = 0;
  /// When on_timeout is to be called, if nothing comes before; it may have passed already.
  virtual std::optional<Time> deadline() const = 0;
  /// At the deadline or later. After it there is a later deadline, or none.
  virtual void on_timeout(Time now) = 0;
  /// What is to go out since the last call, in this order.
  virtual std::vector<Datagram> take_output() = 0;

  /// After the handshake; false if this end would not do it.
  virtual bool send(Address peer, ByteView application_data, Time now) = 0;
  virtual bool close(Address peer, Time now) = 0;
  /// What was delivered since the last call, one byte string for each record.
  virtual std::vector<Bytes> take_application_data(Address peer) = 0;

  virtual Status status(Address peer) const = 0;
  virtual bool is_closed_by(Address peer) const = 0;
  virtual std::optional<Bytes> export_keying_material(Address peer, std::string_view label, std::optional<ByteView> context,
                                                      std::size_t size_bytes) = 0;
  /// What is settled so far; `retried`, `signature_scheme` and `server_name` may be unknown to an end.
  virtual Negotiated negotiated(Address peer) const = 0;
  /// Why it failed, in the stack's own words.
  virtual std::string failure(Address peer) const = 0;
};

}  // namespace tocsin::stacks
