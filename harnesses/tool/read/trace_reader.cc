#include "harnesses/tool/read/trace_reader.h"

#include "core/base/types.h"
#include "harnesses/differential/ledger.h"
#include "harnesses/dissect/registries.h"
#include "harnesses/dissect/text.h"
#include "harnesses/stacks/records.h"

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

// How many whole records the bytes begin with.
std::size_t whole_records_bytes(ByteView bytes) {
  std::size_t whole_bytes = 0;
  for (ByteView rest = bytes; stacks::take_record(rest);) whole_bytes = bytes.size() - rest.size();
  return whole_bytes;
}

}  // namespace

Json TraceReader::read(const harness::TraceEvent& event) {
  return std::visit([this](const auto& one) { return step(one); }, event);
}

Json TraceReader::step(const harness::InputEvent& given) {
  return {{"step", "given"}, {"options", to_json(given.options)}, {"body_bytes", given.body.size()}};
}

Json TraceReader::step(const harness::ChunkEvent& part) {
  taken_.clear();
  unfinished_.clear();
  return {{"step", "part"}, {"what", part.what}};
}

Json TraceReader::step(const harness::CallEvent& called) {
  Json row{{"step", "called"}, {"end", called.end}, {"call", called.call}, {"input", hex(called.input)}};
  if (called.call == "receive") row["records"] = records_taken(called.end, called.input);
  return row;
}

Json TraceReader::step(const harness::ReturnEvent& returned) {
  Json row{{"step", "returned"}, {"end", returned.end}, {"ok", returned.is_ok}};
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

Json TraceReader::step(const harness::PayloadEvent& content) {
  Json row{{"step", "content"},
           {"end", content.end},
           {"direction", content.direction == harness::PayloadEvent::Direction::sent ? "sent" : "received"},
           {"protected", content.is_protected},
           {"type", dissect::content_types.find(content.type)},
           {"content", hex(content.content)}};
  if (content.type == static_cast<std::uint8_t>(ContentType::handshake)) row["messages"] = messages_in(content);
  if (content.type == static_cast<std::uint8_t>(ContentType::alert) && content.content.size() == 2)
    row["alert"] = alert_to_json(content.content[1]);
  return row;
}

Json TraceReader::step(const harness::NoteEvent& note) { return {{"step", "note"}, {"who", note.who}, {"what", note.what}}; }

Json TraceReader::step(const harness::ComparisonEvent& compared) {
  Json rows = Json::array();
  for (const std::string_view divergence : compared.comparison->divergences) rows.push_back(row_of(divergence));
  return {{"step", "compared"},
          {"tocsin", compared.tocsin},
          {"openssl", compared.openssl},
          {"result", name_of(compared.comparison->kind)},
          {"ledger", std::move(rows)}};
}

Json TraceReader::records_taken(std::string_view end, ByteView input) {
  Bytestream& stream = taken_[std::string(end)];
  append(stream.bytes, input);
  const auto whole = ByteView(stream.bytes).first(whole_records_bytes(stream.bytes));
  Json lines = Json::array();
  if (whole.empty()) return lines;
  const auto outline = dissect::outline(whole);
  for (; stream.records_told < outline.size(); ++stream.records_told) lines.push_back(outline[stream.records_told]);
  return lines;
}

Json TraceReader::messages_in(const harness::PayloadEvent& content) {
  const bool is_sent = content.direction == harness::PayloadEvent::Direction::sent;
  Bytes& unfinished = unfinished_[std::string(content.end) + (is_sent ? " sent" : " received")];
  append(unfinished, content.content);
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
