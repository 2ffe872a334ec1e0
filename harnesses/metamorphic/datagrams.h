#pragma once
// What one end sends in datagrams, and the same sent in another way: the other end comes to the same.
#include <span>
#include <string_view>
#include <vector>

#include "harnesses/metamorphic/draw.h"

namespace tocsin::metamorphic {

struct Delivery {
  Bytes datagram;
  bool is_stray = false;  // it is not of the end that sends
};
using Deliveries = std::vector<Delivery>;

/// Each step leaves alone what its clause does not hold for: a record that is not whole and known, behind which a stack need
/// not read on.
struct DatagramStep {
  std::string_view name, clause;
  /// connection_id_bytes: of the records with an id, which do not say how long that is.
  Deliveries (*apply)(Deliveries all, std::size_t connection_id_bytes, Draw& draw);
};
/// To be applied in this order.
/// A ClientHello stays whole, and no two of them share a datagram: whoever keeps nothing before a cookie has come back need not
/// put one together out of fragments (RFC 6347 4.2.1), and answers a datagram once. So do the fragments of one stay fragments.
/// A HelloVerifyRequest stays whole, too. The records of what is cut need new numbers: all of epoch 0 get one, in their order.
std::span<const DatagramStep> datagram_steps();

}  // namespace tocsin::metamorphic
