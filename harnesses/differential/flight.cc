#include "harnesses/differential/flight.h"

#include <algorithm>
#include <set>

#include "core/base/reader.h"
#include "core/base/types.h"

namespace tocsin::differential {
namespace {

void read_extensions(Reader& reader, HelloSeen& hello) {
  hello.has_all_fields = !reader.failed();
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

void note_header(const dissect::RecordHeader& header, Flight& flight) {
  if (flight.faulty_header) return;
  constexpr std::size_t fragment_bytes_max = 1u << 14;
  const bool is_unknown = header.type < ContentType::change_cipher_spec || header.type > ContentType::application_data;
  const bool is_older_than_ssl3 = header.version < 0x0300;
  const bool is_too_long = header.length_bytes > fragment_bytes_max;
  const FaultyHeader faults{header.type, is_unknown, is_older_than_ssl3, is_too_long, flight.records.size()};
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
  std::vector<std::size_t> record_ends;  // in flight.handshake
  while (const auto record = dissect::take_record(input)) {
    note_header(*record, flight);
    flight.records.push_back(*record);
    if (record->type == ContentType::handshake) append(flight.handshake, record->fragment);
    record_ends.push_back(flight.handshake.size());
  }
  if (const auto header = dissect::read_record_header(input)) note_header(*header, flight);
  flight.unfinished_record = input;
  flight.unfinished_message = flight.handshake;
  std::set<std::size_t> message_ends{0};
  while (const auto message = dissect::take_message(flight.unfinished_message)) {
    const std::size_t end = flight.handshake.size() - flight.unfinished_message.size();
    message_ends.insert(end);
    const auto record = std::ranges::lower_bound(record_ends, end);
    flight.messages.push_back({*message, *record == end, static_cast<std::size_t>(record - record_ends.begin())});
  }
  for (std::size_t i = 0; i < flight.records.size() && !flight.interruption; ++i)
    if (flight.records[i].type != ContentType::handshake && message_ends.count(record_ends[i]) == 0)
      flight.interruption = Interruption{flight.records[i].type, i};
  return flight;
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
