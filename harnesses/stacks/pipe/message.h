#pragma once
// The messages of the pipe protocol (PIPE.md): a length, a type, and fields that each have a tag and a length. What a shim
// sends is not trusted: every length has its limit here.
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tocsin/bytes.h"

namespace tocsin::stacks::pipe {

inline constexpr std::uint16_t protocol_version = 1;

/// Of a message, without the four bytes of its length.
inline constexpr std::size_t message_bytes_max = 1 << 20;
/// Of all that an end writes to its other end, and of all application data that it gives.
inline constexpr std::size_t output_bytes_max = 4 << 20;
/// Of a name, a version or a reason.
inline constexpr std::size_t text_bytes_max = 1024;
inline constexpr std::size_t secret_bytes_max = 64;
/// How many a message has.
inline constexpr std::size_t fields_max = 256;
/// How many a name, say, of a stack has that repeats: versions, features.
inline constexpr std::size_t values_max = 16;

/// The other end of the pipe does not keep to the protocol; the text is one line for its author.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class MessageType : std::uint8_t {
  // to the shim; each has one answer
  hello = 1,
  make = 2,
  receive = 3,
  end_of_stream = 4,
  send = 5,
  update_keys = 6,
  close = 7,
  release = 8,
  // answers
  welcome = 128,  // to hello
  state = 129,    // to all others
  cannot = 130,   // to make: the stack cannot be set up so
};

enum class Tag : std::uint8_t {
  protocol = 1,  // u16
  // make
  end = 2,   // u32: which; in every request about an end
  role = 3,  // u8: 1 server, 2 client
  seed = 4,  // u64
  version = 5,
  cipher_suite = 6,
  group = 7,
  signature_scheme = 8,          // u16 each, by preference
  application_protocol = 9,      // text, by preference
  server_name = 10,              // text; a client's
  certificate = 11,              // PEM, the end's own first
  private_key = 12,              // PEM
  authority = 13,                // PEM: whose certificates it takes
  client_authentication = 14,    // u8: 1 optional, 2 required; a server's
  middlebox_compatibility = 15,  // u8: 0 or 1
  max_fragment_length = 16,      // u8: 1 to 4; a client's
  // calls
  bytes = 17,             // received, or to send
  update_requested = 18,  // u8: 0 or 1
  // welcome
  name = 32,
  name_version = 33,
  feature = 34,  // u8 each: Feature; beside it role and version, as in make
  // state
  status = 35,      // u8: Status
  is_done = 36,     // u8: 0: the end would not do what it was asked to
  output = 37,      // to the other end, since the last answer
  data = 38,        // application data, since the last answer
  failure = 39,     // text; also of cannot
  alert_sent = 40,  // u8 level, u8 description
  alert_received = 41,
  is_closed = 42,                // u8: 1: the other end has closed
  server_handshake_secret = 43,  // "s hs traffic" of TLS 1.3
};

enum class Feature : std::uint8_t { deterministic = 1, updates_keys = 2 };

struct Field {
  Tag tag;
  ByteView value;
};

/// A message that came; its fields point into the bytes that it was read from.
class Message {
 public:
  /// bytes: without the length. Throws Broken.
  explicit Message(ByteView bytes);

  MessageType type() const { return type_; }
  /// Empty if it is not there. Throws Broken if it stands twice, or is longer than that.
  std::optional<ByteView> find(Tag tag, std::size_t value_bytes_max) const;
  /// An integer of so many bytes. Throws Broken if it has another size.
  std::optional<std::uint64_t> number(Tag tag, std::size_t size_bytes) const;
  /// Printable: what is not becomes '?'.
  std::string text(Tag tag) const;
  /// Of a field that may repeat, integers of so many bytes.
  std::vector<std::uint64_t> numbers(Tag tag, std::size_t size_bytes) const;

 private:
  MessageType type_;
  std::vector<Field> fields_;
};

/// Writes a message to send.
class MessageWriter {
 public:
  explicit MessageWriter(MessageType type);

  MessageWriter& add(Tag tag, ByteView value);
  MessageWriter& add(Tag tag, std::string_view text) { return add(tag, bytes_of(text)); }
  MessageWriter& number(Tag tag, std::uint64_t value, std::size_t size_bytes);
  /// With its length. Throws Broken if it is longer than a message may be.
  Bytes finish();

 private:
  Bytes bytes_;
};

/// Takes what a shim writes, in any pieces, and gives messages without their lengths.
class MessageReader {
 public:
  /// Both throw Broken as soon as a length is beyond its limit.
  void add(ByteView bytes);
  std::optional<Bytes> take();
  bool is_empty() const { return unread_.empty(); }

 private:
  std::optional<std::size_t> length_bytes() const;

  Bytes unread_;
};

}  // namespace tocsin::stacks::pipe
