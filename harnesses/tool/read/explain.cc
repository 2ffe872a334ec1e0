#include "harnesses/tool/read/explain.h"

#include <cstdio>
#include <iostream>

#include "harnesses/checkers/core_verdict.h"
#include "harnesses/dissect/read.h"
#include "harnesses/dissect/registries.h"
#include "harnesses/dissect/text.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/read/json.h"
#include "harnesses/tool/read/key_log_file.h"
#include "harnesses/tool/read/protected_records.h"

namespace tocsin::tool {
namespace {

using dissect::CoreVerdict;
using dissect::Document;

struct Explained {
  bool is_hex = false;
  std::vector<harness::TracedOption> options;
  Bytes bytes;
  Document document;
  Sender sender{};
  CoreVerdict verdict;
  std::optional<Opened> opened;  // with a key log
};

/// Of the ClientHello that stands first; empty if there is none.
ByteView client_random_of(const Document& document) {
  constexpr std::size_t random_at = 2, random_bytes = 32;
  const bool has_one = !document.messages.empty() && document.messages[0].type == 1 &&
                       document.messages[0].body.size() >= random_at + random_bytes;
  return has_one ? document.messages[0].body.subspan(random_at, random_bytes) : ByteView();
}

Sender sender_of(const Document& document, Sender said) {
  if (said != Sender::guessed) return said;
  if (document.messages.empty()) return Sender::client;
  constexpr std::uint8_t of_servers[] = {2, 4, 8, 11, 12, 13, 14};
  for (const std::uint8_t type : of_servers)
    if (document.messages[0].type == type) return Sender::server;
  return Sender::client;
}

CoreVerdict core_verdict_on(const Explained& explained, Form form) {
  if (form == Form::messages) return dissect::core_verdict_on_messages(explained.document.messages);
  return explained.sender == Sender::client ? dissect::core_verdict_on_client_flight(explained.bytes)
                                            : dissect::core_verdict_on_server_flight(explained.bytes);
}

Explained read(ByteView content, const ExplainOptions& options, std::optional<std::string_view> key_log) {
  Explained explained;
  explained.is_hex = options.encoding == Encoding::hex || (options.encoding == Encoding::guessed && looks_like_hex(content));
  explained.bytes = explained.is_hex ? from_hex(text_of(content)) : Bytes(content.begin(), content.end());
  if (options.is_corpus_input) {
    const Bytes whole = std::move(explained.bytes);
    const harness::Input input(whole);
    explained.options = harness::options_of(input);
    explained.bytes.assign(input.body().begin(), input.body().end());
  }
  explained.document =
      options.form == Form::records ? dissect::dissect_records(explained.bytes) : dissect::dissect_messages(explained.bytes);
  explained.sender = sender_of(explained.document, options.sender);
  explained.verdict = core_verdict_on(explained, options.form);
  if (key_log) {
    const auto secrets = read_key_log(*key_log, client_random_of(explained.document));
    const auto sender = explained.sender == Sender::client ? stacks::Role::client : stacks::Role::server;
    explained.opened = open_records(explained.bytes, sender, secrets);
  }
  return explained;
}

std::string_view name_of(Sender sender) { return sender == Sender::server ? "server" : "client"; }

// Two lines for bad news, one for others.
std::string conclusion_of(const CoreVerdict& verdict, std::string_view mark) {
  const std::string who = std::string(mark) + verdict.check + ", tocsin ";
  const std::string after = ", after " + std::to_string(verdict.taken_bytes) + " bytes:\n" + std::string(mark);
  switch (verdict.conclusion) {
    case CoreVerdict::Conclusion::refuses:
      return who + "refuses here" + after + verdict.error->describe() + "\n";
    case CoreVerdict::Conclusion::is_told:
      return who + "is told to end here" + after + verdict.error->describe() + "\n";
    case CoreVerdict::Conclusion::goes_on:
      return who + "takes this; what comes under the keys of its own session cannot be judged\n";
    case CoreVerdict::Conclusion::waits:
      return who + "refuses nothing and waits for more\n";
  }
  __builtin_unreachable();
}

/// As to_text shows offsets.
std::string hex_of(std::size_t offset) {
  char text[32];
  std::snprintf(text, sizeof text, "%06zx", offset);
  return text;
}

/// What the handshake records hold, one after another.
Bytes messages_in(const Opened& opened) {
  Bytes messages;
  for (const OpenedRecord& record : opened.records)
    if (record.type == ContentType::handshake) append(messages, record.content);
  return messages;
}

std::string text_of_opened(const Opened& opened) {
  std::string text = "opened with the key log:\n";
  for (const OpenedRecord& record : opened.records) {
    text += "record at " + hex_of(record.offset_bytes) + ": " +
            std::string(dissect::content_types.find(static_cast<std::uint8_t>(record.type))) + ", " +
            std::to_string(record.content.size()) + " bytes, under " + record.key + "\n";
    if (record.type == ContentType::alert && record.content.size() == 2)
      text += "  " + std::string(dissect::alert_descriptions.find(record.content[1])) + "\n";
    if (record.type == ContentType::application_data) text += "  " + dissect::quoted(record.content) + "\n";
  }
  const Bytes messages = messages_in(opened);
  if (!messages.empty()) text += "handshake messages in them:\n" + to_text(dissect::dissect_messages(messages).nodes, messages);
  if (!opened.stopped.empty()) text += "no more is opened: " + opened.stopped + "\n";
  return text;
}

Json json_of(const Opened& opened) {
  Json records = Json::array();
  for (const OpenedRecord& record : opened.records)
    records.push_back({{"offset", record.offset_bytes},
                       {"content_type", dissect::content_types.find(static_cast<std::uint8_t>(record.type))},
                       {"key", record.key},
                       {"hex", dissect::hex(record.content)}});
  const Bytes messages = messages_in(opened);
  Json document{{"records", std::move(records)}, {"fields", to_json(dissect::dissect_messages(messages).nodes, messages)}};
  if (!opened.stopped.empty()) document["stopped"] = opened.stopped;
  return document;
}

std::string as_text(const Explained& explained, Form form) {
  std::string text;
  for (const harness::TracedOption& option : explained.options)
    text += "option " + std::string(option.name) + " = " + std::to_string(option.value) + " (" + std::string(option.meaning) +
            ")\n";
  text += std::to_string(explained.bytes.size()) + (explained.is_hex ? " bytes, read as hex" : " bytes");
  text += form == Form::messages ? ": handshake messages\n"
                                 : ": records that a " + std::string(name_of(explained.sender)) + " sends\n";

  std::vector<dissect::Remark> remarks;
  if (explained.verdict.error) remarks.push_back({explained.verdict.taken_bytes, conclusion_of(explained.verdict, ">>>>>> ")});
  text += to_text(explained.document.nodes, explained.bytes, remarks);
  for (const dissect::Fault& fault : faults_of(explained.document.nodes)) {
    text += "fault at " + hex_of(fault.node->offset) + ": " + fault.path + ": " + fault.node->fault + "\n";
  }
  if (explained.opened) text += text_of_opened(*explained.opened);
  return text + conclusion_of(explained.verdict, "");
}

std::string as_json(const Explained& explained, const ExplainOptions& options) {
  const CoreVerdict& verdict = explained.verdict;
  Json core{{"check", verdict.check}, {"verdict", name_of(verdict.conclusion)}, {"taken_bytes", verdict.taken_bytes}};
  if (verdict.error) core["error"] = to_json(*verdict.error);
  Json document{{"bytes", explained.bytes.size()},
                {"encoding", explained.is_hex ? "hex" : "raw"},
                {"form", options.form == Form::records ? "records" : "messages"},
                {"sender", name_of(explained.sender)}};
  if (options.is_corpus_input) document["options"] = to_json(explained.options);
  document["fields"] = to_json(explained.document.nodes, explained.bytes);
  document["faults"] = to_json(faults_of(explained.document.nodes));
  if (explained.opened) document["protected"] = json_of(*explained.opened);
  document["core"] = std::move(core);
  return document.dump(2) + "\n";
}

}  // namespace

std::string explain(ByteView content, const ExplainOptions& options, std::optional<std::string_view> key_log) {
  const Explained explained = read(content, options, key_log);
  return options.is_json ? as_json(explained, options) : as_text(explained, options.form);
}

int explain(const ExplainOptions& options) {
  const Bytes content = read_input(options.path);
  std::optional<Bytes> key_log;
  if (!options.key_log_path.empty()) key_log = read_input(options.key_log_path);
  std::cout << explain(content, options, key_log ? std::optional(text_of(*key_log)) : std::nullopt) << std::flush;
  return status_of_output();
}

}  // namespace tocsin::tool
