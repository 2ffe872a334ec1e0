// Steps as lines. Everything that a line says is in the step's JSON, too.
#include "harnesses/tool/read/trace_reader.h"

namespace tocsin::tool {
namespace {

std::string string_in(const Json& step, const char* member) { return step.value(member, std::string()); }

std::string bytes_text(std::size_t bytes) { return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes"); }
std::size_t bytes_in(const Json& step, const char* member) { return string_in(step, member).size() / 2; }  // it is hex

std::string joined(const Json& strings) {
  std::string text;
  for (const Json& one : strings) text += (text.empty() ? "" : ", ") + one.get<std::string>();
  return text;
}

std::string alert_in(const Json& alert) {
  return alert["name"].get<std::string>() + " (" + std::to_string(alert["description"].get<unsigned>()) + ")";
}

std::string input(const Json& step) {
  std::string text;
  for (const Json& option : step["options"])
    text += "option " + string_in(option, "name") + " = " + std::to_string(option["value"].get<unsigned>()) + "  (" +
            string_in(option, "meaning") + ")\n";
  return text + "body of " + bytes_text(step["body_bytes"].get<std::size_t>()) + "\n";
}

std::string call(const Json& step) {
  std::string text = string_in(step, "end") + ": " + string_in(step, "call");
  if (bytes_in(step, "input") != 0) text += ", " + bytes_text(bytes_in(step, "input"));
  text += "\n";
  for (const Json& record : step.value("records", Json::array())) text += "    gets  " + record.get<std::string>() + "\n";
  return text;
}

std::string returned(const Json& step) {
  std::string text;
  for (const Json& record : step["records"]) text += "    sends " + record.get<std::string>() + "\n";
  if (bytes_in(step, "delivered") != 0)
    text += "    gives " + bytes_text(bytes_in(step, "delivered")) + " of application data\n";
  for (const Json& event : step["events"]) text += "    event " + event.get<std::string>() + "\n";
  if (step.contains("alert_received")) text += "    is sent the alert " + alert_in(step["alert_received"]) + "\n";
  if (step.contains("alert_sent")) text += "    sends the alert " + alert_in(step["alert_sent"]) + "\n";
  if (step.contains("failure"))
    text += "    error " + string_in(step, "failure") + "\n";
  else if (!step["ok"].get<bool>())
    text += "    does not\n";
  return text;
}

std::string payload(const Json& step) {
  std::string text = string_in(step, "direction") == "sent" ? "    wrote " : "    read  ";
  text += step["protected"].get<bool>() ? "protected " : "plaintext ";
  text += string_in(step, "type") + " of " + bytes_text(bytes_in(step, "payload"));
  if (step.contains("messages") && !step["messages"].empty()) text += ": " + joined(step["messages"]);
  if (step.contains("alert")) text += ": " + alert_in(step["alert"]);
  return text + "\n";
}

std::string comparison(const Json& step) {
  std::string text = "compared: " + string_in(step, "result") + "\n";
  text += "    tocsin:  " + string_in(step, "tocsin") + "\n    OpenSSL: " + string_in(step, "openssl") + "\n";
  for (const Json& row : step["ledger"])
    text += "    ledger: " + string_in(row, "id") + " (" + string_in(row, "ruling") + ", " + string_in(row, "clause") +
            "): " + string_in(row, "sentence") + "\n";
  return text;
}

std::string text_of(const Json& step) {
  const std::string kind = string_in(step, "step");
  if (kind == "input") return input(step);
  if (kind == "chunk") return "-- " + string_in(step, "what") + "\n";
  if (kind == "call") return call(step);
  if (kind == "return") return returned(step);
  if (kind == "payload") return payload(step);
  if (kind == "note") return string_in(step, "who") + ": " + string_in(step, "what") + "\n";
  return comparison(step);
}

}  // namespace

std::string TraceText::read(const Json& step) {
  const std::string kind = string_in(step, "step"), text = text_of(step);
  if (kind == "call") {
    call_ = text;
    is_held_back_ = text == repeated_;
    return is_held_back_ ? "" : end() + text;
  }
  if (kind == "return" && text.empty()) {
    if (std::exchange(is_held_back_, false)) ++more_calls_;
    repeated_ = call_;
    return "";
  }
  std::string line = end();
  if (std::exchange(is_held_back_, false)) line += call_;
  // The payload of another end than the called one needs that end's name.
  if (kind == "payload" && !call_.starts_with(string_in(step, "end") + ":")) line += string_in(step, "end") + ":\n";
  return line + text;
}

std::string TraceText::end() {
  repeated_.clear();
  const std::size_t calls = std::exchange(more_calls_, 0);
  if (calls == 0) return "";
  return calls == 1 ? "    and once more\n" : "    and " + std::to_string(calls) + " times more\n";
}

}  // namespace tocsin::tool
