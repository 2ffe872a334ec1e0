#include "harnesses/tool/read/explain.h"

#include <cstdio>
#include <iostream>

#include "harnesses/checkers/core_verdict.h"
#include "harnesses/dissect/text.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/read/json.h"

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
};

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

Explained read(ByteView content, const ExplainOptions& options) {
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
    char offset[32];
    std::snprintf(offset, sizeof offset, "fault at %06zx: ", fault.node->offset);
    text += offset + fault.path + ": " + fault.node->fault + "\n";
  }
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
  document["core"] = std::move(core);
  return document.dump(2) + "\n";
}

}  // namespace

std::string explain(ByteView content, const ExplainOptions& options) {
  const Explained explained = read(content, options);
  return options.is_json ? as_json(explained, options) : as_text(explained, options.form);
}

int explain(const ExplainOptions& options) {
  std::cout << explain(read_input(options.path), options) << std::flush;
  return status_of_output();
}

}  // namespace tocsin::tool
