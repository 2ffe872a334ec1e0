// Each rule's seeds: the rule is broken in all of them but one, alone, and tocsin does what is permitted.
#include <gtest/gtest.h>

#include <filesystem>

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

std::string folder_of(const Row& row) { return std::string(row.target) + "/rule/" + std::string(row.id); }
Bytes seed_of(const Row& row, std::string_view which) { return corpus_file(folder_of(row) + "/" + std::string(which)); }
Judged replay(const Row& row, std::string_view which) {
  const Bytes seed = seed_of(row, which);
  return judged_for_tocsin(row.target, Input(seed));
}

// Also with the other targets that have a pair of seeds for it.
template <class Do>
void each_rule(Do&& do_it) {
  for (const Row& row : rules::all_rows()) {
    for (const std::string_view target : {"server_first_flight", "client_first_flight", "client_script", "server_script"}) {
      Row there = row;
      there.target = target;
      if (target == row.target || std::filesystem::exists("corpus/" + folder_of(there))) do_it(there);
    }
  }
}

/// `broken` of each rule, and its other forms.
template <class Do>
void each_broken(Do&& do_it) {
  each_rule([&](const Row& row) {
    for (const auto& entry : std::filesystem::directory_iterator("corpus/" + folder_of(row)))
      if (const std::string which = entry.path().filename(); which != "repaired")
        do_it(row, std::string(row.id) + "/" + which, replay(row, which));
  });
}

TEST(Rules, one_is_broken_by_its_seed_alone) {
  each_broken([](const Row& row, const std::string& seed, const Judged& broken) {
    ASSERT_TRUE(broken.reading) << seed;
    ASSERT_FALSE(broken.reading->faults.empty()) << seed;
    for (const rules::Fault& fault : broken.reading->faults)
      EXPECT_EQ(fault.rule, row.rule) << seed << ":\n" << describe(*broken.reading);
    if (row.versions == Versions::tls12) {
      EXPECT_EQ(broken.reading->version, ProtocolVersion::tls12) << seed;
    } else if (row.versions == Versions::tls13) {
      EXPECT_EQ(broken.reading->version, ProtocolVersion::tls13) << seed;
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
  each_broken([](const Row&, const std::string& seed, const Judged& broken) {
    const auto deviation = judge(*broken.reading, broken.verdict, "tocsin");
    EXPECT_FALSE(deviation) << seed << ": " << deviation->text;
  });
}

// Whatever a stack does instead of what a rule permits is seen, in the tier that it belongs to.
TEST(Rules, every_other_conduct_is_a_deviation) {
  using differential::End;
  using differential::Verdict;
  each_rule([](const Row& row) {
    const Reading reading = *replay(row, "broken").reading;
    const rules::Fault& fault = reading.faults.back();
    const auto at = [](const rules::Progress& progress, End end) {
      Verdict verdict;
      verdict.retried = progress.retried;
      verdict.answered = progress.answered;
      verdict.end = end;
      return verdict;
    };
    for (unsigned code = 0; code < 256; ++code) {
      Verdict refusing = at(fault.at, End::rejected);
      refusing.alert = stacks::AlertSeen{2, static_cast<std::uint8_t>(code), true};
      EXPECT_EQ(judge(reading, refusing, "it").has_value(),
                reading.is_all_read && !row.alerts.has(static_cast<std::uint8_t>(code)))
          << row.id << code;
    }
    EXPECT_TRUE(judge(reading, at(fault.at, End::rejected), "it")) << row.id << ", silent";
    EXPECT_TRUE(judge(reading, at(fault.at, End::harmed), "it")) << row.id << ", harmed";
    const bool ends = row.level == Level::must_end || row.level == Level::may_end;
    if (reading.is_all_read) {
      EXPECT_EQ(judge(reading, at(fault.at, End::told), "it").has_value(), !ends) << row.id << ", told";
    }
    const bool must_not_go_on =
        row.level == Level::must_refuse || row.level == Level::must_end || row.level == Level::must_discard;
    const bool is_datagram = row.level == Level::must_discard || row.level == Level::may_discard;
    const bool goes_on_by_waiting = reading.reached == rules::Progress{} && !must_not_go_on;
    const bool may_wait = (is_datagram && reading.records == 1) || goes_on_by_waiting;
    EXPECT_EQ(judge(reading, Verdict{}, "it").has_value(), !may_wait) << row.id << ", waiting";
    rules::Progress further = reading.reached.value_or(rules::Progress{.answered = true});
    EXPECT_EQ(judge(reading, at(further, End::waiting), "it").has_value(), must_not_go_on) << row.id << ", going on";
    further.answered = true;
    const auto deviation = judge(reading, at(further, End::waiting), "it");
    if (must_not_go_on) {
      EXPECT_EQ(deviation ? deviation->tier : Tier::stuck, Tier::safety) << row.id;
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
