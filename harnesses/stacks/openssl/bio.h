#pragma once
// BIOs of libssl over memory: a byte stream, and datagrams with their boundaries.
#include <openssl/bio.h>

#include <optional>
#include <vector>

#include "tocsin/bytes.h"

namespace tocsin::stacks {

/// What libssl reads and writes of a stream. One allocation, where a pair of memory BIOs costs fifteen, which matters under
/// ASan.
struct Wire {
  Bytes to_read;
  std::size_t read_bytes = 0;  // of to_read
  bool is_at_end = false;      // nothing will follow to_read
  Bytes written;
};

/// What libssl reads and writes of datagrams: one read gives one datagram, one write makes one.
struct DatagramWire {
  std::optional<ByteView> to_read;
  std::size_t mtu_bytes = 0;
  std::vector<Bytes> written;
};

/// For SSL_set_bio, as both BIOs. The wire must outlive it.
BIO* new_bio(Wire& wire);
BIO* new_bio(DatagramWire& wire);

/// A kind of BIO with functions of ours. Made once and never freed. name: for libssl's messages.
BIO_METHOD* make_bio_method(const char* name, int (*write)(BIO*, const char*, int), int (*read)(BIO*, char*, int),
                            long (*control)(BIO*, int, long, void*));
/// data: what the functions find by BIO_get_data; it must outlive the BIO.
BIO* new_bio_over(void* data, const BIO_METHOD* method);

}  // namespace tocsin::stacks
