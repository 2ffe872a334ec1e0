// Whether the ledger excuses what nobody should: on the seeds of the differential targets on which both stacks agree.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "harnesses/differential/facts.h"
#include "harnesses/differential/mutation_score_testing.h"
#include "harnesses/scenarios/first_flight.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

using differential::Case;
using differential::Divergence;
using differential::MutationScore;

std::vector<std::string> seeds_of(const std::string& target) {
  std::vector<std::string> names;
  for (const std::string& folder : {target, "regressions/" + target}) {
    if (!std::filesystem::is_directory("corpus/" + folder)) continue;
    for (const auto& file : std::filesystem::recursive_directory_iterator("corpus/" + folder))
      if (file.is_regular_file()) names.push_back(std::filesystem::relative(file.path(), "corpus").string());
  }
  std::ranges::sort(names);
  return names;
}

void expect_zero(const std::string& target, void (*see)(const Input&, const CaseObserver&), std::size_t at_least_cases) {
  MutationScore score;
  const CaseObserver add = [&](const Case& agreed) { add_mutants_of(agreed, differential::ledger(), score); };
  for (const std::string& name : seeds_of(target)) {
    const Bytes bytes = corpus_file(name);
    see(Input(bytes), add);
  }
  std::printf("%s", score.text().c_str());
  EXPECT_GT(score.cases, at_least_cases);
  EXPECT_GT(score.mutants, 1000 * at_least_cases);
  EXPECT_EQ(score.excused, 0u) << score.text();
}

// A test for each target, since these take longest of all and run side by side.
TEST(mutation_score, of_the_ledger_is_zero_on_flights_of_clients) {
  expect_zero("server_first_flight", see_server_first_flight, 200);
}

TEST(mutation_score, of_the_ledger_is_zero_on_flights_of_servers) {
  expect_zero("client_first_flight", see_client_first_flight, 100);
}

/// Of these rows alone, on a seed that both stacks accept and one that both refuse.
MutationScore score_on_two_seeds(std::span<const Divergence> rows) {
  MutationScore score;
  for (const char* name : {"server_first_flight/13-ok", "server_first_flight/13-no-key-share"}) {
    const Bytes bytes = corpus_file(name);
    see_server_first_flight(Input(bytes), [&](const Case& agreed) { add_mutants_of(agreed, rows, score); });
  }
  return score;
}

Divergence planted(bool (*holds)(const differential::Facts&)) {
  return {"planted",
          "openssl",
          differential::Played::either,
          differential::Difference::outcome,
          differential::Ruling::both_allowed,
          "",
          "",
          "",
          holds};
}

TEST(mutation_score, rises_with_a_row_that_is_too_broad) {
  using differential::Facts;
  const Divergence skeleton_key = planted([](const Facts&) { return true; });
  const Divergence one_sided = planted([](const Facts& facts) { return facts.tocsin_rejects(Reason::extension_malformed); });
  const Divergence other_sided =
      planted([](const Facts& facts) { return facts.openssl_rejects(AlertDescription::decode_error); });
  const Divergence narrow = planted([](const Facts& facts) {
    return facts.tocsin_rejects(Reason::record_empty) && facts.openssl_took_hello() &&
           std::ranges::any_of(facts.flight.records, [](const auto& record) { return record.fragment.empty(); });
  });
  const MutationScore none = score_on_two_seeds({});
  EXPECT_EQ(none.cases, 2u);
  EXPECT_EQ(none.excused, 0u);
  EXPECT_GT(score_on_two_seeds({&skeleton_key, 1}).excused, none.mutants / 2);  // it is not about parameters
  EXPECT_GT(score_on_two_seeds({&one_sided, 1}).excused, none.excused);
  EXPECT_GT(score_on_two_seeds({&other_sided, 1}).excused, none.excused);
  EXPECT_EQ(score_on_two_seeds({&narrow, 1}).excused, none.excused);
}

}  // namespace
}  // namespace tocsin::harness
