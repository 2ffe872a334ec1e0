#pragma once
// A BIO that keeps the boundaries of datagrams: one read gives one datagram, one write makes one.
#include <openssl/bio.h>

#include <optional>
#include <vector>

#include "tocsin/bytes.h"

namespace tocsin::stacks {

/// What libssl reads and writes.
struct DatagramWire {
  std::optional<ByteView> to_read;
  std::size_t mtu_bytes = 0;
  std::vector<Bytes> written;
};

/// For SSL_set_bio, as both BIOs. The wire must outlive it.
BIO* new_bio(DatagramWire& wire);

}  // namespace tocsin::stacks
