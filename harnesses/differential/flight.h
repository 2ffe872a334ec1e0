#pragma once
// What a first flight holds, read by an eye that is neither stack's and forgives what it can: the facts on which the ledger's
// predicates stand. Only looked at where two stacks disagree.
#include <optional>
#include <vector>

#include "harnesses/dissect/records.h"

namespace tocsin::differential {

struct ExtensionSeen {
  std::uint16_t type;
  ByteView body;
};

/// A ClientHello or ServerHello: both are version, random, session id, suites or suite, compression, extensions.
struct HelloSeen {
  std::uint16_t legacy_version = 0;
  ByteView random, session_id;
  ByteView cipher_suites;  // one or more code points
  ByteView compression;    // one or more bytes
  ByteView extension_block;
  bool has_all_fields = false;            // up to the extensions
  bool is_well_framed = false;            // every length fits, up to and without the bodies of the extensions
  std::vector<ExtensionSeen> extensions;  // as far as they fit

  const ExtensionSeen* find(std::uint16_t type) const;
  std::size_t count(std::uint16_t type) const;
};

struct MessageSeen : dissect::MessageView {
  bool ends_its_record;
  std::size_t record;  // the number of the record in which it ends
};

/// A record header that says by itself that the record is to be refused (RFC 9846 5, 5.1).
struct FaultyHeader {
  ContentType type;
  bool is_unknown_type, is_foreign_version, is_too_long;
  std::size_t record;  // its number
};

/// A record of another type between two fragments of a message (RFC 9846 5.1).
struct Interruption {
  ContentType type;
  std::size_t record;  // its number
};

struct Flight {
  std::vector<dissect::RecordView> records;   // the whole ones
  ByteView unfinished_record;                 // what is left
  std::optional<FaultyHeader> faulty_header;  // the first
  Bytes handshake;                            // the content of the handshake records, protected or not
  std::vector<MessageSeen> messages;          // the whole ones; they look into handshake
  ByteView unfinished_message;
  std::optional<Interruption> interruption;  // the first
};

Flight read_flight(ByteView input);
HelloSeen read_client_hello(ByteView body);
HelloSeen read_server_hello(ByteView body);

}  // namespace tocsin::differential
