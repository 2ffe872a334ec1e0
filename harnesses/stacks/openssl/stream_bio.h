#pragma once
// A BIO over two byte strings: one allocation where a pair of memory BIOs costs fifteen, which matters under ASan.
#include <openssl/bio.h>

#include "tocsin/bytes.h"

namespace tocsin::stacks {

/// What libssl reads and writes.
struct Wire {
  Bytes to_read;
  std::size_t read_bytes = 0;  // of to_read
  bool is_at_end = false;      // nothing will follow to_read
  Bytes written;
};

/// For SSL_set_bio, as both BIOs. The wire must outlive it.
BIO* new_bio(Wire& wire);

}  // namespace tocsin::stacks
