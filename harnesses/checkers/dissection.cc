#include "harnesses/checkers/dissection.h"

#include <algorithm>

#include "core/wire/extensions.h"
#include "harnesses/checkers/core_verdict.h"
#include "harnesses/dissect/extensions.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using dissect::Node;

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

// Where the leaves that begin at this offset end.
std::size_t covered_to(const std::vector<Node>& nodes, std::size_t at) {
  for (const Node& node : nodes) {
    if (!is_printable(text_of(node))) finding("the value of " + std::string(node.name) + " is not printable");
    if (node.offset != at) finding(std::string(node.name) + " leaves out bytes, or covers some again");
    at = node.is_leaf() ? node.end() : covered_to(node.fields, at);
    if (node.end() != at) finding(std::string(node.name) + " is not as long as its fields");
  }
  return at;
}

bool is_known(std::uint64_t extension_type) {
  return wire::name_of(static_cast<wire::ExtensionType>(extension_type)) != "unknown";
}

// Faults in the data of extensions that the core does not look at do not count, nor where those stand that it does not know.
bool has_fault(const Node& node, bool is_of_tls12) {
  const bool is_extension = node.name == "Extension" && node.fields[0].number;
  const bool is_passed_over = is_extension && (is_of_tls12 || !is_known(*node.fields[0].number));
  const auto end = is_passed_over && node.fields.size() > 2 ? node.fields.begin() + 2 : node.fields.end();
  const auto is_faulty = [&](const Node& field) { return has_fault(field, is_of_tls12); };
  const bool counts = !node.fault.empty() && !(is_passed_over && node.fault == dissect::misplaced);
  return counts || std::any_of(node.fields.begin(), end, is_faulty);
}

void compare_with_core(const dissect::Message& message) {
  const auto decoded = dissect::decode(message.type, message.body);
  if (!message.is_whole || !message.is_read || !decoded) return;
  ++stats().oracle_comparisons;
  const bool is_faulty = has_fault(message.node, message.node.value == "ServerHello of TLS 1.2 or older");
  emit([&] {
    return NoteEvent{
        "core's decoder",
        message.node.value + (*decoded ? ": decodes" : ": refuses with " + std::string(name_of(decoded->error().why)))};
  });
  const auto is_refused_with = [&](auto... reasons) { return !*decoded && (... || (decoded->error().why == reasons)); };
  if (*decoded && is_faulty) finding("a fault in a message that the core decodes: " + message.node.value);
  if (!is_faulty && is_refused_with(Reason::message_malformed, Reason::extension_malformed, Reason::extension_duplicate,
                                    Reason::extension_misplaced, Reason::pre_shared_key_not_last))
    finding("no fault in a message that the core refuses: " + message.node.value);
}

}  // namespace

void check_dissection(const dissect::Document& document, ByteView input) {
  ++stats().other_checks;
  for (const dissect::Fault& fault : trace_sink != nullptr ? faults_of(document.nodes) : std::vector<dissect::Fault>())
    emit([&] {
      return NoteEvent{"dissector",
                       "fault at byte " + std::to_string(fault.node->offset) + ", " + fault.path + ": " + fault.node->fault};
    });
  if (covered_to(document.nodes, 0) != input.size()) finding("the last bytes are left out");
  std::for_each(document.messages.begin(), document.messages.end(), compare_with_core);
}

}  // namespace tocsin::harness
