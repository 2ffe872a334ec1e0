#include "harnesses/metamorphic/flight.h"

#include <algorithm>
#include <utility>

#include "core/record/header.h"
#include "harnesses/differential/rules/codes.h"
#include "harnesses/metamorphic/hello.h"

namespace tocsin::metamorphic {
namespace {

constexpr std::size_t max_fragment_length_least = 1u << 9;  // RFC 6066 4

bool is_change_cipher_spec(const dissect::RecordView& record) {
  return record.type == ContentType::change_cipher_spec && record.fragment.size() == 1 && record.fragment[0] == 1;
}

// Behind it a change_cipher_spec changes no keys.
bool is_hello_without_keys(const Run& run) {
  const auto ends = message_ends(run.content);
  if (ends.size() != 1 || ends[0] != run.content.size()) return false;
  if (run.content[0] == static_cast<std::uint8_t>(HandshakeType::client_hello)) return true;
  const auto hello = read_hello(run.content);
  return hello && hello->find(rules::supported_versions) != nullptr;
}

// The length of records may be limited, and one is longer than the least limit.
bool may_be_too_long(const Flight& flight) {
  const auto hello = flight.runs.empty() ? std::nullopt : hello_of(flight.runs[0]);
  if (hello && hello->find(rules::max_fragment_length) == nullptr) return false;
  for (const Run& run : flight.runs) {
    const auto messages = message_ends(run.content);
    std::size_t begin = 0;
    for (const std::size_t end : run.ends) {
      const bool is_behind_hello = &run != &flight.runs[0] || messages.empty() || end > messages[0];
      if (is_behind_hello && end - begin > max_fragment_length_least) return true;
      begin = end;
    }
  }
  return false;
}

void refragment(Run& run, MessageEnds message_ends_may, Draw& draw) {
  std::size_t longest = 0, last_end = 0;
  for (const std::size_t end : run.ends) longest = std::max(longest, end - std::exchange(last_end, end));
  const auto messages = message_ends(run.content);
  const auto is_in = [](const std::vector<std::size_t>& places, std::size_t place) {
    return std::ranges::binary_search(places, place);
  };
  std::vector<std::size_t> ends;
  for (std::size_t begin = 0; begin < run.content.size();) {
    constexpr std::size_t few = 4;
    std::size_t end = begin + 1 + draw.below(draw.below(2) == 0 ? std::min(few, longest) : longest);
    end = std::min(end, run.content.size());
    if (message_ends_may == MessageEnds::stay) {
      const auto kept = [&](std::size_t place) { return place > begin && is_in(run.ends, place); };
      if (const auto next = std::ranges::find_if(messages, kept); next != messages.end()) end = std::min(end, *next);
      // Messages have four bytes or more, so no other one ends beside this.
      if (is_in(messages, end) && !is_in(run.ends, end)) end = end - begin > 1 ? end - 1 : end + 1;
    }
    ends.push_back(end);
    begin = end;
  }
  run.ends = std::move(ends);
}

}  // namespace

std::vector<std::size_t> message_ends(ByteView content) {
  std::vector<std::size_t> ends;
  std::size_t end = 0;
  while (const auto message = dissect::take_message(content)) ends.push_back(end += message->bytes.size());
  return ends;
}

Flight read_flight(ByteView records) {
  Flight flight;
  Bytes before;
  bool is_open = false;  // the last run may go on
  for (ByteView rest = records; const auto record = dissect::take_record(rest);) {
    if (is_change_cipher_spec(*record) && !is_open) {
      append(before, record->bytes);
      continue;
    }
    const std::size_t size_bytes = record->fragment.size();
    const bool is_plain = record->type == ContentType::handshake && size_bytes != 0 && size_bytes <= record::plaintext_bytes_max;
    if (!is_plain || (is_open && record->version != flight.runs.back().version)) break;
    if (!is_open) flight.runs.push_back({std::exchange(before, {}), record->version, {}, {}});
    Run& run = flight.runs.back();
    append(run.content, record->fragment);
    run.ends.push_back(run.content.size());
    is_open = !is_hello_without_keys(run);
    records = rest;
  }
  flight.rest.assign(records.begin(), records.end());
  return flight;
}

Bytes bytes_of(const Flight& flight) {
  Bytes records;
  for (const Run& run : flight.runs) {
    append(records, run.before);
    std::size_t begin = 0;
    for (const std::size_t end : run.ends) {
      append(records, record::make_header(ContentType::handshake, run.version, end - begin));
      append(records, ByteView(run.content).subspan(begin, end - begin));
      begin = end;
    }
  }
  append(records, flight.rest);
  return records;
}

MessageEnds message_ends_of(const Flight& flight) {
  const auto hello = flight.runs.empty() ? std::nullopt : hello_of(flight.runs[0]);
  const bool is_of_tls12 =
      hello && hello->type == HandshakeType::server_hello && hello->find(rules::supported_versions) == nullptr;
  return is_of_tls12 ? MessageEnds::move : MessageEnds::stay;
}

bool refragment(Flight& flight, Draw& draw) {
  if (may_be_too_long(flight)) return false;
  const MessageEnds message_ends_may = message_ends_of(flight);
  for (Run& run : flight.runs) refragment(run, message_ends_may, draw);
  return !flight.runs.empty();
}

}  // namespace tocsin::metamorphic
