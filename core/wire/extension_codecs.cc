#include "core/wire/extension_codecs.h"

#include <bitset>
#include <iterator>

namespace tocsin::wire {
namespace {

struct PskIdentityCodec {  // its obfuscated_ticket_age is passed over
  using Element = ByteView;
  static ByteView read(Reader& reader) {
    const ByteView identity = reader.vector16(1);
    reader.u32();
    return identity;
  }
};
struct PskBinderCodec {
  using Element = ByteView;
  static ByteView read(Reader& reader) { return reader.vector8(32); }
};
using PskIdentities = ListView<PskIdentityCodec>;
using PskBinders = ListView<PskBinderCodec>;

}  // namespace

ServerName ServerNameCodec::read(Reader& reader) {
  const std::uint8_t type = reader.u8();
  return {type, reader.vector16(type == ServerName::host_name ? 1 : 0)};
}

void ServerNameCodec::write(Writer& out, const ServerName& name) {
  out.u8(name.type);
  out.vector16(name.bytes);
}

bool has_two_of_a_type(const ServerNames& names) {
  std::bitset<256> seen;
  for (const ServerName& name : names) {
    if (seen.test(name.type)) return true;
    seen.set(name.type);
  }
  return false;
}

ByteView SelectedProtocol::read(Reader& reader) {
  Reader list(reader.vector16(2));
  const ByteView name = list.vector8(1);
  reader.require(list.done());
  return name;
}

void SelectedProtocol::write(Writer& out, ByteView name) {
  out.with_length(2, [&] { out.vector8(name); });
}

KeyShareEntry KeyShareCodec::read(Reader& reader) {
  const auto group = read_code<NamedGroup>(reader);
  return {group, reader.vector16(1)};
}

void KeyShareCodec::write(Writer& out, const KeyShareEntry& entry) {
  write_code(out, entry.group);
  out.vector16(entry.key_exchange);
}

PreSharedKeys OfferedPsks::read(Reader& reader) {
  PreSharedKeys keys;
  keys.identities = read_list<PskIdentities>(reader, reader.vector16(7)).wire();
  keys.binders = read_list<PskBinders>(reader, reader.vector16(33)).wire();
  return keys;
}

void OfferedPsks::write(Writer& out, const PreSharedKeys& keys) {
  out.vector16(keys.identities);
  out.vector16(keys.binders);
}

bool has_a_binder_for_each_identity(const PreSharedKeys& keys) {
  const PskIdentities identities(keys.identities);
  const PskBinders binders(keys.binders);
  return std::distance(identities.begin(), identities.end()) == std::distance(binders.begin(), binders.end());
}

}  // namespace tocsin::wire
