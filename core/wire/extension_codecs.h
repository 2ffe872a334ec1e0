#pragma once
// How the body of an extension is read and written. A codec has `static Value read(Reader&)` and
// `static void write(Writer&, const Value&)`; its name is the form's, not the extension's, where several share it.
#include <concepts>
#include <cstdint>

#include "core/base/list.h"
#include "core/base/reader.h"
#include "core/base/writer.h"
#include "tocsin/algorithms.h"

namespace tocsin::wire {

template <class Code>
void write_code(Writer& out, Code code) {
  out.u16(static_cast<std::uint16_t>(code));
}

template <class Code>
Code read_code(Reader& reader) {
  return static_cast<Code>(reader.u16());
}

/// Makes a list of what was read as its encoding, and fails if that is not a sequence of whole elements.
template <class List>
List read_list(Reader& reader, ByteView wire) {
  reader.require(List::is_valid(wire));
  return List(wire);
}

/// Says all by being there.
struct Flag {
  static bool read(Reader&) { return true; }
  static void write(Writer&, bool) {}
};

/// Whatever there is.
struct Rest {
  static ByteView read(Reader& reader) { return reader.take(reader.size()); }
  static void write(Writer& out, ByteView bytes) { out.bytes(bytes); }
};

struct Uint8 {
  static std::uint8_t read(Reader& reader) { return reader.u8(); }
  static void write(Writer& out, std::uint8_t value) { out.u8(value); }
};
struct Uint16 {
  static std::uint16_t read(Reader& reader) { return reader.u16(); }
  static void write(Writer& out, std::uint16_t value) { out.u16(value); }
};
struct Uint32 {
  static std::uint32_t read(Reader& reader) { return reader.u32(); }
  static void write(Writer& out, std::uint32_t value) { out.u32(value); }
};

/// One two-byte code point.
template <class CodePoint>
struct Code {
  static CodePoint read(Reader& reader) { return read_code<CodePoint>(reader); }
  static void write(Writer& out, CodePoint code) { write_code(out, code); }
};

/// opaque name<min..2^8-1>, opaque name<min..2^16-1>
template <std::size_t min_bytes>
struct Opaque8 {
  static ByteView read(Reader& reader) { return reader.vector8(min_bytes); }
  static void write(Writer& out, ByteView bytes) { out.vector8(bytes); }
};
template <std::size_t min_bytes>
struct Opaque16 {
  static ByteView read(Reader& reader) { return reader.vector16(min_bytes); }
  static void write(Writer& out, ByteView bytes) { out.vector16(bytes); }
};

/// A list behind its length in one byte, or in two; the bounds are the encoding's.
template <class List, std::size_t min_bytes, std::size_t max_bytes = 0xff>
struct List8 {
  static List read(Reader& reader) { return read_list<List>(reader, reader.vector8(min_bytes, max_bytes)); }
  static void write(Writer& out, const List& list) { out.vector8(list.wire()); }
};
template <class List, std::size_t min_bytes>
struct List16 {
  static List read(Reader& reader) { return read_list<List>(reader, reader.vector16(min_bytes)); }
  static void write(Writer& out, const List& list) { out.vector16(list.wire()); }
};

struct ServerName {  // RFC 6066 3
  static constexpr std::uint8_t host_name = 0;
  std::uint8_t type = host_name;
  ByteView bytes;  // of a host_name 1 at least
};
struct ServerNameCodec {  // names of every type have a length of two bytes, so those of unknown types can be skipped
  using Element = ServerName;
  static ServerName read(Reader& reader);
  static void write(Writer& out, const ServerName& name);
};
using ServerNames = ListView<ServerNameCodec>;
/// RFC 6066 3: the list may hold one name of each type.
bool has_two_of_a_type(const ServerNames& names);

struct ProtocolNameCodec {  // RFC 7301 3.1: 1 to 255 bytes each
  using Element = ByteView;
  static ByteView read(Reader& reader) { return reader.vector8(1); }
};
using ProtocolNames = ListView<ProtocolNameCodec>;

/// RFC 7301 3.1: the server's ProtocolNameList holds exactly one name.
struct SelectedProtocol {
  static ByteView read(Reader& reader);
  static void write(Writer& out, ByteView name);
};

struct KeyShareEntry {  // RFC 9846 4.3.8
  NamedGroup group{};
  ByteView key_exchange;  // 1 to 65535 bytes
};
struct KeyShareCodec {
  using Element = KeyShareEntry;
  static KeyShareEntry read(Reader& reader);
  static void write(Writer& out, const KeyShareEntry& entry);
};
using KeyShares = ListView<KeyShareCodec>;

struct PreSharedKeys {  // RFC 9846 4.3.11; not used, only checked
  ByteView identities;  // the list without its length; at least 7 bytes
  ByteView binders;     // the list without its length; at least 33 bytes
};
struct OfferedPsks {
  static PreSharedKeys read(Reader& reader);
  static void write(Writer& out, const PreSharedKeys& keys);
};
bool has_a_binder_for_each_identity(const PreSharedKeys& keys);

}  // namespace tocsin::wire
