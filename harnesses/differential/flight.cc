#include "harnesses/differential/flight.h"

#include <algorithm>
#include <set>

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

void note_header(ByteView header, bool is_first, bool is_whole, Flight& flight) {
  if (flight.faulty_header) return;
  constexpr std::size_t fragment_bytes_max = 1u << 14;
  const std::size_t fragment_bytes = static_cast<std::size_t>(header[3] << 8 | header[4]);
  const FaultyHeader faults{header[0], header[0] < 20 || header[0] > 23, header[1]<3, fragment_bytes> fragment_bytes_max,
                            is_first, is_whole};
  if (faults.is_unknown_type || faults.is_foreign_version || faults.is_too_long) flight.faulty_header = faults;
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
  std::set<std::size_t> record_ends;  // in flight.handshake
  for (ByteView rest = input; const auto record = stacks::take_record(rest); input = rest) {
    note_header(input, flight.records.empty(), true, flight);
    flight.records.push_back(*record);
    if (record->type == static_cast<std::uint8_t>(ContentType::handshake)) append(flight.handshake, record->fragment);
    record_ends.insert(flight.handshake.size());
  }
  constexpr std::size_t header_bytes = 5;
  if (input.size() >= header_bytes) note_header(input, flight.records.empty(), false, flight);
  flight.unfinished_record = input;
  flight.unfinished_message = flight.handshake;
  for (Reader reader(flight.handshake);;) {
    const std::uint8_t type = reader.u8();
    const ByteView body = reader.vector24();
    if (reader.failed()) return flight;
    const MessageSeen message{type, body, record_ends.count(flight.handshake.size() - reader.size()) != 0};
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
