#pragma once
// What a stray datagram holds, read by an eye that is neither stack's: the facts on which the ledger of listeners stands.
#include <vector>

#include "harnesses/dissect/records.h"

namespace tocsin::differential {

struct StrayRecord : dissect::DtlsRecordView {
  bool has_discarded_header() const;
  /// That OpenSSL's record layer takes it while nothing is encrypted: of any minor version, but not an empty one.
  bool is_plaintext() const { return version >> 8 == 0xfe && epoch == 0 && is_whole() && length_bytes != 0; }
};

/// Its records, as OpenSSL's record layer walks them: behind a header that it discards, for its version or its length, it reads
/// on at once. What is too short for a header is none.
std::vector<StrayRecord> records_of(ByteView datagram);

/// Whether a ClientHello holds a cookie, whole and not empty.
bool has_cookie(ByteView body);

/// Whether this is no ClientHello of DTLS by its form: whatever a server would say to what it offers.
bool is_malformed_hello(ByteView body);

}  // namespace tocsin::differential
