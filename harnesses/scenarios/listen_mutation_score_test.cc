// Whether the ledger of listeners excuses what nobody should: on the seeds on which tocsin and one way of OpenSSL's to listen
// agree, what one of them did is replaced by everything else.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "harnesses/scenarios/listen_testing.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

using differential::ListenCase;
using differential::ListenDifference;
using differential::ListenDivergence;
using differential::ListenMode;

std::vector<std::string> all_seeds() {
  std::vector<std::string> names;
  for (const std::string folder : {"dtls_listen_openssl", "regressions/dtls_listen_openssl"}) {
    if (!std::filesystem::is_directory("corpus/" + folder)) continue;
    for (const auto& file : std::filesystem::recursive_directory_iterator("corpus/" + folder))
      if (file.is_regular_file()) names.push_back(std::filesystem::relative(file.path(), "corpus").string());
  }
  std::ranges::sort(names);
  return names;
}

struct Score {
  std::size_t agreements = 0, mutants = 0, excused = 0;
  std::set<std::string> excuses;  // "row: seed, way to listen: what was planted"

  std::string text() const {
    std::string lines = std::to_string(excused) + " of " + std::to_string(mutants) + " mutants of " +
                        std::to_string(agreements) + " agreements are excused\n";
    for (const std::string& excuse : excuses) lines += excuse + '\n';
    return lines;
  }
};

void judge(const ListenCase& mutant, std::span<const ListenDivergence> rows, const std::string& seed, Score& score) {
  ++score.mutants;
  const auto ids = differential::listen_entries_for(mutant, rows);
  if (!ids.empty()) ++score.excused;
  for (const std::string_view id : ids)
    score.excuses.insert(std::string(id) + ": " + seed + ", " + std::string(name_of(mutant.mode)) + ": " +
                         std::string(name_of(mutant.what)));
}

/// One of the two does anything else.
std::vector<ListenDifference> others_than(const ListenAgreement& agreed) {
  using enum ListenDifference;
  std::vector<ListenDifference> others{openssl_answers, tocsin_answers, failed, complained};
  // Without cookies the alert that refuses a ClientHello is an answer, too.
  if (!agreed.is_answered || agreed.both.mode != ListenMode::accept_without_cookie) others.push_back(alert_sent);
  if (agreed.lets_through) others.insert(others.end(), {delays, unusable});
  return others;
}

void add_mutants_of(const ListenAgreement& agreed, std::span<const ListenDivergence> rows, const std::string& seed,
                    Score& score) {
  ++score.agreements;
  ListenCase mutant = agreed.both;
  for (const ListenDifference other : others_than(agreed)) {
    mutant.what = other;
    judge(mutant, rows, seed, score);
  }
}

Score score_of(std::span<const ListenDivergence> rows, const std::vector<std::string>& seeds) {
  Score score;
  for (const std::string& name : seeds) {
    const Bytes seed = corpus_file(name);
    see_agreements(Input(seed), [&](const ListenAgreement& agreed) { add_mutants_of(agreed, rows, name, score); });
  }
  return score;
}

TEST(mutation_score, of_the_ledger_of_listeners_is_zero) {
  const Score score = score_of(differential::listen_ledger(), all_seeds());
  std::printf("%s", score.text().c_str());
  EXPECT_GT(score.agreements, 200u);
  EXPECT_GT(score.mutants, 2'000u);
  EXPECT_EQ(score.excused, 0u) << score.text();
}

TEST(mutation_score, of_listeners_rises_with_a_row_that_is_too_broad) {
  const auto score = [](bool (*holds)(const ListenCase&)) {
    ListenDivergence planted = differential::listen_ledger().front();
    planted.modes = differential::ListenModes::any;
    planted.holds = holds;
    return score_of({&planted, 1}, {"dtls_listen_openssl/baseline-ch-nocookie", "dtls_listen_openssl/garbage-aa-13"});
  };
  const Score any = score([](const ListenCase&) { return true; });
  EXPECT_EQ(any.excused, any.mutants);
  EXPECT_GT(score([](const ListenCase& seen) { return seen.what == ListenDifference::unusable; }).excused, 0u);
  EXPECT_GT(score([](const ListenCase& seen) { return seen.mode == ListenMode::listen; }).excused, 0u);
  EXPECT_EQ(score([](const ListenCase& seen) { return seen.stray.empty(); }).excused, 0u);
}

}  // namespace
}  // namespace tocsin::harness
