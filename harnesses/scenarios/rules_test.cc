// Each rule's pair of seeds: the rule is broken in one of them, alone, and tocsin does what is permitted.
#include <gtest/gtest.h>

#include "harnesses/differential/rules/judge.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

using rules::conduct_of;
using rules::Level;
using rules::Reading;
using rules::Row;
using rules::Rule;
using rules::Tier;
using rules::Versions;

Bytes seed_of(const Row& row, std::string_view which) {
  return corpus_file(std::string(row.target) + "/rule/" + std::string(row.id) + "/" + std::string(which));
}
Judged replay(const Row& row, std::string_view which) {
  const Bytes seed = seed_of(row, which);
  return judged_for_tocsin(row.target, Input(seed));
}

template <class Do>
void each_rule(Do&& do_it) {
  for (std::size_t i = 0; i < rules::rule_count; ++i) do_it(row_of(static_cast<Rule>(i)));
}

TEST(Rules, one_is_broken_by_its_seed_alone) {
  each_rule([](const Row& row) {
    const Judged broken = replay(row, "broken");
    ASSERT_TRUE(broken.reading) << row.id;
    ASSERT_EQ(broken.reading->faults.size(), 1u) << row.id << ":\n" << describe(*broken.reading);
    EXPECT_EQ(broken.reading->faults[0].rule, row.rule) << row.id << ":\n" << describe(*broken.reading);
    if (row.versions == Versions::tls12) {
      EXPECT_EQ(broken.reading->version, ProtocolVersion::tls12) << row.id;
    } else if (row.versions == Versions::tls13) {
      EXPECT_EQ(broken.reading->version, ProtocolVersion::tls13) << row.id;
    }
  });
}

TEST(Rules, none_is_broken_by_a_repaired_seed_and_both_stacks_take_it) {
  each_rule([](const Row& row) {
    const Judged repaired = replay(row, "repaired");
    ASSERT_TRUE(repaired.reading) << row.id;
    EXPECT_TRUE(repaired.reading->faults.empty()) << row.id << ":\n" << describe(*repaired.reading);
    EXPECT_EQ(conduct_of(*repaired.reading, repaired.verdict), "goes on") << row.id;
    const Bytes seed = seed_of(row, "repaired");
    const auto openssl = judged_for_openssl(row.target, Input(seed));
    if (openssl) {
      EXPECT_EQ(conduct_of(*openssl->reading, openssl->verdict), "goes on") << row.id << ", OpenSSL";
    }
  });
}

TEST(Rules, tocsin_does_what_is_permitted) {
  each_rule([](const Row& row) {
    const Judged broken = replay(row, "broken");
    const auto deviation = judge(*broken.reading, broken.verdict, "tocsin");
    EXPECT_FALSE(deviation) << row.id << ": " << deviation->text;
  });
}

// Whatever a stack does instead of what a rule permits is seen, in the tier that it belongs to.
TEST(Rules, every_other_conduct_is_a_deviation) {
  using differential::End;
  using differential::Verdict;
  each_rule([](const Row& row) {
    const Reading reading = *replay(row, "broken").reading;
    differential::Alerts permitted;
    for (const rules::Fault& fault : reading.faults) permitted.add(row_of(fault.rule).alerts);
    for (unsigned code = 0; code < 256; ++code) {
      Verdict refusing;
      refusing.end = End::rejected;
      refusing.alert = stacks::AlertSeen{2, static_cast<std::uint8_t>(code), true};
      EXPECT_EQ(judge(reading, refusing, "it").has_value(), !permitted.has(static_cast<std::uint8_t>(code))) << row.id << code;
    }
    Verdict silent, going_on, stuck, harmed;
    silent.end = End::rejected;
    going_on.answered = reading.progress != rules::Progress::nothing;
    going_on.retried = reading.progress == rules::Progress::second_hello;
    if (reading.progress == rules::Progress::nothing) stuck.end = End::told;
    EXPECT_TRUE(judge(reading, silent, "it")) << row.id;
    harmed.end = End::harmed;
    EXPECT_TRUE(judge(reading, harmed, "it")) << row.id;
    // To wait is to have discarded what came, if that is all that came.
    const bool may_be_silent = row.level == Level::must_discard || row.level == Level::may_discard;
    EXPECT_EQ(judge(reading, stuck, "it").has_value(), !may_be_silent || reading.records > 1) << row.id;
    Verdict told;
    told.end = End::told;
    EXPECT_EQ(judge(reading, told, "it").has_value(), row.level != Level::must_end) << row.id;
    const bool may_go_on =
        row.level == Level::may_refuse || row.level == Level::must_ignore || row.level == Level::may_discard;
    EXPECT_EQ(judge(reading, going_on, "it").has_value(), !may_go_on) << row.id;
    if (!may_go_on) {
      EXPECT_EQ(judge(reading, going_on, "it")->tier, Tier::safety) << row.id;
    }
  });
}

TEST(Rules, a_refusal_where_none_is_broken_is_a_deviation) {
  const Reading sound = *replay(row_of(Rule::server_name_empty), "repaired").reading;
  differential::Verdict refusing;
  refusing.end = differential::End::rejected;
  refusing.alert = stacks::AlertSeen{2, 40, true};
  EXPECT_EQ(judge(sound, refusing, "it")->tier, Tier::none);
  EXPECT_EQ(judge(sound, refusing, "it")->text, "it refuses with handshake_failure; no rule is broken");
}

}  // namespace
}  // namespace tocsin::harness
