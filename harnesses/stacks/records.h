#pragma once
// TLS records as an outsider sees them: five bytes of header, and a fragment that may be protected.
#include <cstdint>
#include <optional>

#include "harnesses/stacks/peer.h"
#include "tocsin/bytes.h"
#include "tocsin/reason.h"

namespace tocsin::stacks {

struct RecordSeen {
  std::uint8_t type;
  std::uint16_t version;
  ByteView fragment;
};

/// Takes the first record off the bytes; nothing if they hold no whole one.
std::optional<RecordSeen> take_record(ByteView& bytes);

/// The alert at the end of what a failing call sent; nothing if there is none. A protected record shows only that it may be
/// one: then the description is the one that belongs to the Reason.
std::optional<AlertSeen> last_alert(ByteView sent, Reason why);

}  // namespace tocsin::stacks
