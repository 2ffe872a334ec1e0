#pragma once
// The way to a shim: what is behind it (a process and a clock, or a test) belongs to the tool.
#include "tocsin/bytes.h"

namespace tocsin::stacks::pipe {

class Channel {
 public:
  virtual ~Channel() = default;
  /// Sends a message, with its length, and gives the answer without. Throws Broken if none comes, or one that is too long; and
  /// then again for every later call.
  virtual Bytes exchange(ByteView message) = 0;
};

}  // namespace tocsin::stacks::pipe
