#include "harnesses/differential/client_hello_extensions.h"

#include <algorithm>

#include "core/base/reader.h"
#include "core/wire/extensions.h"

namespace tocsin::differential {
namespace {

using wire::ExtensionType;

bool are_well_formed_keys(ByteView body) {
  Reader reader(body);
  Reader identities(reader.vector16(7)), binders(reader.vector16(33));
  while (!identities.empty()) {
    identities.vector16(1);
    identities.u32();
  }
  while (!binders.empty()) binders.vector8(32);
  return reader.done() && identities.done() && binders.done();
}

template <class ReadItem>
bool is_list(Reader& reader, ByteView list, ReadItem&& read_item) {
  Reader items(list);
  while (!items.empty()) read_item(items);
  return reader.done() && items.done();
}

}  // namespace

std::vector<ServerNameSeen> server_names_of(const HelloSeen& hello) {
  std::vector<ServerNameSeen> names;
  const ExtensionSeen* extension = hello.find(static_cast<std::uint16_t>(ExtensionType::server_name));
  if (extension == nullptr || !is_well_formed_in_client_hello(*extension)) return names;
  for (Reader reader(extension->body.subspan(2)); !reader.empty();) {
    const std::uint8_t type = reader.u8();
    names.push_back({type, reader.vector16()});
  }
  return names;
}

bool is_well_formed_in_client_hello(const ExtensionSeen& extension) {
  Reader reader(extension.body);
  const auto u16_item = [](Reader& items) { items.u16(); };
  switch (static_cast<ExtensionType>(extension.type)) {
    case ExtensionType::server_name:
      return is_list(reader, reader.vector16(1), [](Reader& items) { items.vector16(items.u8() == 0 ? 1 : 0); });
    case ExtensionType::supported_groups:
    case ExtensionType::signature_algorithms:
    case ExtensionType::signature_algorithms_cert:
      return is_list(reader, reader.vector16(2), u16_item);
    case ExtensionType::supported_versions:
      return is_list(reader, reader.vector8(2, 254), u16_item);
    case ExtensionType::application_layer_protocol_negotiation:
      return is_list(reader, reader.vector16(2), [](Reader& items) { items.vector8(1); });
    case ExtensionType::key_share:
      return is_list(reader, reader.vector16(), [](Reader& items) {
        items.u16();
        items.vector16(1);
      });
    case ExtensionType::max_fragment_length:
      return extension.body.size() == 1;
    case ExtensionType::record_size_limit:
      return extension.body.size() == 2;
    case ExtensionType::early_data:
      return extension.body.empty();
    case ExtensionType::cookie:
      return is_list(reader, reader.vector16(1), [](Reader& items) { items.take(items.size()); });
    case ExtensionType::psk_key_exchange_modes:
      return is_list(reader, reader.vector8(1), [](Reader& items) { items.take(items.size()); });
    case ExtensionType::pre_shared_key:
      return are_well_formed_keys(extension.body);
    case ExtensionType::ec_point_formats:
      return is_list(reader, reader.vector8(1), [](Reader& items) { items.u8(); });
    case ExtensionType::extended_master_secret:
      return extension.body.empty();
    case ExtensionType::renegotiation_info:
      return is_list(reader, reader.vector8(), [](Reader& items) { items.u8(); });
    case ExtensionType::session_ticket:
    case ExtensionType::connection_id:  // of DTLS: over a stream it means nothing
    case ExtensionType::padding:
      return true;
  }
  return true;
}

bool is_known_here(std::uint16_t extension_type) {
  return wire::standing_of(static_cast<ExtensionType>(extension_type), wire::Carrier::client_hello) != wire::Standing::unknown;
}

bool is_known_to_openssl(std::uint16_t extension_type) {
  constexpr std::uint16_t types[] = {0,  1,  5,  10, 11, 12, 13, 14, 16, 18, 21,    22,   23,
                                     35, 41, 42, 43, 44, 45, 47, 49, 50, 51, 13172, 65281};
  return std::ranges::find(types, extension_type) != std::end(types);
}

}  // namespace tocsin::differential
