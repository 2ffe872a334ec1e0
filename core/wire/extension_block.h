#pragma once
// A block of extensions (RFC 9846 section 4.3): its framing, whatever the extensions are.
#include <cstdint>

#include "core/base/list.h"
#include "core/base/reader.h"
#include "core/base/writer.h"

namespace tocsin::wire {

enum class ExtensionType : std::uint16_t;  // extensions.h

struct Extension {
  ExtensionType type;
  ByteView body;
  bool is_last;
};
struct ExtensionCodec {
  using Element = Extension;
  static Extension read(Reader& reader) {
    const auto type = static_cast<ExtensionType>(reader.u16());
    const ByteView body = reader.vector16();
    return {type, body, reader.empty()};
  }
};
using ExtensionList = ListView<ExtensionCodec>;

//= RFC 9846 4.3 //# That is, senders MUST NOT include data after the structure in the "extension_data"
inline void write_extension(Writer& out, ExtensionType type, auto&& body) {
  out.u16(static_cast<std::uint16_t>(type));
  out.with_length(2, body);
}

}  // namespace tocsin::wire
