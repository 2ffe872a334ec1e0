#pragma once
// Finished (RFC 9846 section 4.5.3).
#include "core/base/reader.h"
#include "core/base/types.h"
#include "core/base/writer.h"
#include "tocsin/error.h"

namespace tocsin::wire {

struct Finished {
  static constexpr HandshakeType type = HandshakeType::finished;
  ByteView verify_data;  // as long as the hash; the handshake checks that (decode_error)
};
/// No way to fail: the length depends on the cipher suite.
Result<Finished> decode_finished(ByteView body);
void encode(const Finished& message, Writer& out);

}  // namespace tocsin::wire
