#pragma once
// Which of the rules a stack breaks: each rule's seeds, played to the stack alone.
#include <functional>
#include <string>
#include <vector>

#include "harnesses/differential/rules/rules.h"
#include "harnesses/stacks/stack.h"

namespace tocsin::harness {

enum class Finding : std::uint8_t { as_permitted, deviates, not_applicable };
std::string_view name_of(Finding finding);

/// One input of a rule.
struct Probed {
  Finding finding = Finding::not_applicable;
  std::string seed;     // below the corpus
  std::string conduct;  // "goes on", "refuses with decode_error"; empty: none was seen
  std::string why;      // of a deviation: what was due; else why it is not applicable
};

/// There is no such seed below the corpus.
struct CorpusMissing : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ProbedRule {
  rules::Row row;                             // target: that of these inputs
  Finding finding = Finding::not_applicable;  // the worst of its inputs
  std::string why;                            // if no input is applicable
  std::vector<Probed> inputs;                 // in which the rule is broken
};

using RuleFilter = std::function<bool(const rules::Row& row)>;
/// Gives each rule about streams that the filter takes, for each target that has seeds of it, in the order of RULES.md, as it
/// is done. corpus: the folder. Where the stack does not take a rule's repaired seed, the rule is not applicable. Throws
/// CorpusMissing, and what the stack throws, but for Unsupported; pipe::Broken with the seed.
void probe(stacks::Stack& stack, const std::string& corpus, const RuleFilter& takes,
           const std::function<void(const ProbedRule&)>& see);

}  // namespace tocsin::harness
