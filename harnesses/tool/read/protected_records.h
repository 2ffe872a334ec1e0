#pragma once
// What one end's records hold under their protection, opened with the secrets of a key log.
#include <string>
#include <vector>

#include "core/base/types.h"
#include "harnesses/stacks/key_log.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::tool {

struct OpenedRecord {
  std::size_t offset_bytes;  // of its header, in the input
  ContentType type;
  std::string key;  // "SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0, updated twice"
  Bytes content;
};

struct Opened {
  std::vector<OpenedRecord> records;
  std::string stopped;  // why the rest is not opened; empty: all is
};

/// records: all that the sender has sent, from its first record on. Each is opened in its turn: behind the first one that does
/// not open nothing is.
Opened open_records(ByteView records, stacks::Role sender, const stacks::KeyLogSecrets& secrets);

}  // namespace tocsin::tool
