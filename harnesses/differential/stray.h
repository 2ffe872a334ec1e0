#pragma once
// What a stray datagram holds, read by an eye that is neither stack's: the facts on which the ledger of listeners stands.
#include <vector>

#include "tocsin/bytes.h"

namespace tocsin::differential {

struct StrayRecord {
  std::uint8_t type = 0;
  std::uint16_t version = 0, epoch = 0;
  std::uint64_t sequence = 0;
  std::size_t length_bytes = 0;  // as the header says
  ByteView fragment;             // as far as it is there

  bool has_discarded_header() const;
  bool is_whole() const { return fragment.size() == length_bytes; }
  /// That OpenSSL's record layer takes it while nothing is encrypted: of any minor version, but not an empty one.
  bool is_plaintext() const { return version >> 8 == 0xfe && epoch == 0 && is_whole() && length_bytes != 0; }
};

/// Its records, as OpenSSL's record layer walks them: behind a header that it discards, for its version or its length, it reads
/// on at once. What is too short for a header is none.
std::vector<StrayRecord> records_of(ByteView datagram);

struct StrayFragment {
  bool is_header_whole = true;  // or there is nothing else to be known
  std::uint8_t type = 0;
  std::uint32_t length_bytes = 0, offset_bytes = 0, fragment_bytes = 0;  // as the header says
  std::uint16_t message_seq = 0;
  ByteView body;  // as far as it is there

  bool is_whole() const { return body.size() == fragment_bytes; }
  bool is_whole_message() const { return is_header_whole && is_whole() && offset_bytes == 0 && fragment_bytes == length_bytes; }
};

/// The fragments of a handshake record; behind one that is not whole there is none. Of other records: none.
std::vector<StrayFragment> fragments_of(const StrayRecord& record);

/// Whether this is no ClientHello of DTLS by its form: whatever a server would say to what it offers.
bool is_malformed_hello(ByteView body);

}  // namespace tocsin::differential
