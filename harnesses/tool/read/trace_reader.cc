#include "harnesses/tool/read/trace_reader.h"

#include "core/base/types.h"
#include "harnesses/differential/ledger.h"
#include "harnesses/dissect/records.h"
#include "harnesses/dissect/registries.h"
#include "harnesses/dissect/text.h"

namespace tocsin::tool {
namespace {

using dissect::hex;

std::string_view name_of(Event event) {
  switch (event) {
    case Event::handshake_complete:
      return "handshake_complete";
    case Event::peer_closed:
      return "peer_closed";
    case Event::peer_updated_keys:
      return "peer_updated_keys";
    case Event::session_ticket:
      return "session_ticket";
  }
  __builtin_unreachable();
}

std::string_view name_of(differential::Comparison::Kind kind) {
  switch (kind) {
    case differential::Comparison::Kind::equal:
      return "equal";
    case differential::Comparison::Kind::known:
      return "known";
    case differential::Comparison::Kind::unknown:
      return "unknown";
  }
  __builtin_unreachable();
}

std::string_view name_of(differential::Ruling ruling) {
  switch (ruling) {
    case differential::Ruling::peer_deviates:
      return "peer_deviates";
    case differential::Ruling::both_allowed:
      return "both_allowed";
    case differential::Ruling::we_are_stricter:
      return "we_are_stricter";
  }
  __builtin_unreachable();
}

Json row_of(std::string_view divergence) {
  for (const differential::Divergence& row : differential::ledger())
    if (row.id == divergence)
      return {{"id", row.id}, {"ruling", name_of(row.ruling)}, {"clause", row.clause}, {"sentence", row.sentence}};
  return {{"id", divergence}};
}

// The whole records that the bytes begin with.
ByteView whole_records(ByteView bytes) {
  ByteView rest = bytes;
  while (dissect::take_record(rest)) continue;
  return bytes.first(bytes.size() - rest.size());
}

}  // namespace

Json TraceReader::read(const harness::TraceEvent& event) {
  return std::visit([this](const auto& one) { return step(one); }, event);
}

Json TraceReader::step(const harness::InputEvent& input) {
  return {{"step", "input"}, {"options", to_json(input.options)}, {"body_bytes", input.body.size()}};
}

Json TraceReader::step(const harness::ChunkEvent& chunk) {
  taken_.clear();
  unfinished_.clear();
  return {{"step", "chunk"}, {"what", chunk.what}};
}

Json TraceReader::step(const harness::CallEvent& call) {
  Json row{{"step", "call"}, {"end", call.end}, {"call", call.call}, {"input", hex(call.input)}};
  if (call.call == "receive") row["records"] = records_taken(call.end, call.input);
  return row;
}

Json TraceReader::step(const harness::ReturnEvent& returned) {
  Json row{{"step", "return"}, {"end", returned.end}, {"ok", returned.is_ok}};
  row["sent"] = hex(returned.sent);
  row["records"] = dissect::outline(returned.sent);
  row["delivered"] = hex(returned.delivered);
  row["events"] = Json::array();
  for (const Event event : returned.events) row["events"].push_back(name_of(event));
  if (returned.error) row["error"] = to_json(*returned.error);
  if (!returned.failure.empty()) row["failure"] = returned.failure;
  if (returned.alert_sent) row["alert_sent"] = alert_to_json(returned.alert_sent->description);
  if (returned.alert_received) row["alert_received"] = alert_to_json(returned.alert_received->description);
  return row;
}

Json TraceReader::step(const harness::PayloadEvent& payload) {
  Json row{{"step", "payload"},
           {"end", payload.end},
           {"direction", payload.direction == harness::PayloadEvent::Direction::sent ? "sent" : "received"},
           {"protected", payload.is_protected},
           {"type", dissect::content_types.find(payload.type)},
           {"payload", hex(payload.content)}};
  if (payload.type == static_cast<std::uint8_t>(ContentType::handshake)) row["messages"] = messages_in(payload);
  if (payload.type == static_cast<std::uint8_t>(ContentType::alert) && payload.content.size() == 2)
    row["alert"] = alert_to_json(payload.content[1]);
  return row;
}

Json TraceReader::step(const harness::NoteEvent& note) { return {{"step", "note"}, {"who", note.who}, {"what", note.what}}; }

Json TraceReader::step(const harness::ComparisonEvent& compared) {
  Json rows = Json::array();
  for (const std::string_view divergence : compared.comparison->divergences) rows.push_back(row_of(divergence));
  return {{"step", "comparison"},
          {"tocsin", compared.tocsin},
          {"openssl", compared.openssl},
          {"result", name_of(compared.comparison->kind)},
          {"ledger", std::move(rows)}};
}

Json TraceReader::records_taken(std::string_view end, ByteView input) {
  Bytestream& stream = taken_[std::string(end)];
  append(stream.bytes, input);
  const ByteView whole = whole_records(stream.bytes);
  Json lines = Json::array();
  if (whole.empty()) return lines;
  const auto outline = dissect::outline(whole);
  for (; stream.records_named < outline.size(); ++stream.records_named) lines.push_back(outline[stream.records_named]);
  return lines;
}

Json TraceReader::messages_in(const harness::PayloadEvent& payload) {
  const bool is_sent = payload.direction == harness::PayloadEvent::Direction::sent;
  Bytes& unfinished = unfinished_[std::string(payload.end) + (is_sent ? " sent" : " received")];
  append(unfinished, payload.content);
  Json names = Json::array();
  std::size_t whole_bytes = 0;
  for (const dissect::Message& message : dissect::read_messages(unfinished)) {
    if (!message.is_whole) break;
    whole_bytes = message.node.end();
    names.push_back(message.node.value);
  }
  unfinished.erase(unfinished.begin(), unfinished.begin() + static_cast<std::ptrdiff_t>(whole_bytes));
  return names;
}

}  // namespace tocsin::tool
