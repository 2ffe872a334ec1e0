#include "harnesses/differential/flight.h"

#include <algorithm>

#include "core/base/reader.h"
#include "core/base/types.h"

namespace tocsin::differential {
namespace {

void read_extensions(Reader& reader, HelloSeen& hello) {
  if (reader.empty()) {
    hello.is_well_framed = !reader.failed();
    return;
  }
  hello.extension_block = reader.vector16();
  Reader block(hello.extension_block);
  while (!block.empty()) {
    const std::uint16_t type = block.u16();
    const ByteView body = block.vector16();
    if (!block.failed()) hello.extensions.push_back({type, body});
  }
  hello.is_well_framed = reader.done() && block.done();
}

}  // namespace

const ExtensionSeen* HelloSeen::find(std::uint16_t type) const {
  const auto found = std::find_if(extensions.begin(), extensions.end(), [&](const auto& one) { return one.type == type; });
  return found == extensions.end() ? nullptr : &*found;
}

std::size_t HelloSeen::count(std::uint16_t type) const {
  return static_cast<std::size_t>(
      std::count_if(extensions.begin(), extensions.end(), [&](const auto& one) { return one.type == type; }));
}

Flight read_flight(ByteView input) {
  Flight flight;
  while (const auto record = peers::take_record(input)) {
    flight.records.push_back(*record);
    if (record->type == static_cast<std::uint8_t>(ContentType::handshake)) append(flight.handshake, record->fragment);
  }
  flight.unfinished_record = input;
  flight.unfinished_message = flight.handshake;
  for (Reader reader(flight.handshake);;) {
    const MessageSeen message{reader.u8(), reader.vector24()};
    if (reader.failed()) return flight;
    flight.messages.push_back(message);
    flight.unfinished_message = ByteView(flight.handshake).last(reader.size());
  }
}

HelloSeen read_client_hello(ByteView body) {
  Reader reader(body);
  HelloSeen hello;
  hello.legacy_version = reader.u16();
  hello.random = reader.take(32);
  hello.session_id = reader.vector8();
  hello.cipher_suites = reader.vector16();
  hello.compression = reader.vector8();
  read_extensions(reader, hello);
  return hello;
}

HelloSeen read_server_hello(ByteView body) {
  Reader reader(body);
  HelloSeen hello;
  hello.legacy_version = reader.u16();
  hello.random = reader.take(32);
  hello.session_id = reader.vector8();
  hello.cipher_suites = reader.take(2);
  hello.compression = reader.take(1);
  read_extensions(reader, hello);
  return hello;
}

}  // namespace tocsin::differential
