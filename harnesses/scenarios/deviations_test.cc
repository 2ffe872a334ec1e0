// Each row of the known deviations: its seed shows exactly that, in a version that the row names.
#include "harnesses/differential/rules/deviations.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harnesses/checkers/linked_stacks.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

TEST(deviations, each_is_shown_by_its_seed) {
  for (const rules::KnownDeviation& row : rules::known_deviations()) {
    stacks::Stack* const stack = linked_stack(row.stack);
    const std::string version = stack == nullptr ? "" : stack->version();
    if (row.first_version != version && row.last_version != version) continue;  // the row is of another version than is here
    const Bytes seed = corpus_file(std::string(row.seed));
    const auto judged = judged_for(*stack, row.seed.substr(0, row.seed.find('/')), Input(seed));
    ASSERT_TRUE(judged && judged->reading) << row.seed;
    EXPECT_TRUE(judge(*judged->reading, judged->verdict, row.stack)) << row.seed << ": it is permitted";
    EXPECT_EQ(rules::conduct_of(*judged->reading, judged->verdict), row.conduct) << row.seed;
    EXPECT_EQ(std::ranges::count(judged->reading->faults, row.rule, &rules::Fault::rule), 1) << row.seed;
    EXPECT_NE(rules::known_deviation(row.stack, *judged->reading, row.conduct), nullptr)
        << row.seed << ": another rule is broken, too";
  }
}

// Another conduct, and another rule, is no row's.
TEST(deviations, each_holds_for_its_rule_and_conduct_alone) {
  for (const rules::KnownDeviation& row : rules::known_deviations()) {
    rules::Reading reading{{{row.rule, "", 0}}, ProtocolVersion::tls13};
    EXPECT_EQ(rules::known_deviation(row.stack, reading, row.conduct), &row) << row.seed << ": the row stands twice";
    EXPECT_EQ(rules::known_deviation(row.stack, reading, "does something else"), nullptr) << row.seed;
    EXPECT_EQ(rules::known_deviation("another", reading, row.conduct), nullptr) << row.seed;
    EXPECT_EQ(rules::known_deviation(row.stack, {{}, ProtocolVersion::tls13}, row.conduct), nullptr) << row.seed;
  }
}

// Whoever goes on has passed over each rule that was broken.
TEST(deviations, one_excuses_nobody_for_another_rule) {
  const rules::Reading both{{{rules::Rule::extension_unsolicited, "", 0}, {rules::Rule::finished_wrong, "", 0}},
                            ProtocolVersion::tls13};
  EXPECT_EQ(rules::known_deviation("openssl", both, "goes on"), nullptr);
}

}  // namespace
}  // namespace tocsin::harness
