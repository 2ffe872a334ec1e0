// What each listener does with the strays of corpus/dtls_listen_openssl, with which real peers were tried: tocsin's by the
// table of what the RFC and its own rules ask for, OpenSSL's by the ledger.
#include "harnesses/differential/listen_ledger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "harnesses/scenarios/listen_differential.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

using differential::Comparison;
using differential::ListenDivergence;

/// A row of corpus/expected/dtls_listen.tsv.
struct ExpectedDiscards {
  std::string seed, outcome, rfc, openssl;
};

constexpr std::string_view head = "seed\texpected\trfc\topenssl deviates";

std::vector<ExpectedDiscards> table() {
  std::istringstream lines(std::string(text_of(corpus_file("expected/dtls_listen.tsv"))));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, head);
  std::vector<ExpectedDiscards> rows;
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    ExpectedDiscards& row = rows.emplace_back();
    for (std::string* cell : {&row.seed, &row.outcome, &row.rfc, &row.openssl}) std::getline(cells, *cell, '\t');
  }
  return rows;
}

Bytes seed_of(const std::string& name) { return corpus_file("dtls_listen_openssl/" + name); }

std::string joined(const std::vector<std::string_view>& ids) {
  std::string text;
  for (const std::string_view id : ids) text.append(text.empty() ? "" : " ").append(id);
  return text;
}

TEST(listen_expectations, there_is_one_for_each_seed_with_its_clause) {
  std::set<std::string> seeds, rows;
  for (const auto& file : std::filesystem::directory_iterator("corpus/dtls_listen_openssl"))
    if (file.is_regular_file()) seeds.insert(file.path().filename().string());
  for (const ExpectedDiscards& row : table()) {
    EXPECT_TRUE(rows.insert(row.seed).second) << row.seed;
    EXPECT_TRUE(row.rfc.starts_with("RFC ") || row.rfc.starts_with("issue")) << row.seed;
  }
  EXPECT_EQ(rows, seeds);
  EXPECT_GE(rows.size(), 70u);
}

TEST(listen_expectations, tocsin_does_what_is_expected_of_it_and_an_honest_client_gets_through_afterwards) {
  for (const ExpectedDiscards& row : table()) {
    const Bytes seed = seed_of(row.seed);
    EXPECT_EQ(listen_outcome(Input(seed)), row.outcome) << row.seed;
  }
}

TEST(listen_expectations, openssl_does_the_same_in_each_way_of_listening_but_for_the_rows_of_the_ledger_that_are_named) {
  std::size_t deviations = 0;
  for (const ExpectedDiscards& row : table()) {
    const Bytes seed = seed_of(row.seed);
    const Comparison comparison = listen_differential(Input(seed));
    EXPECT_NE(comparison.kind, Comparison::Kind::unknown) << row.seed << ": " << comparison.text;
    EXPECT_EQ(joined(comparison.divergences), row.openssl) << row.seed << ": " << comparison.text;
    if (!row.openssl.empty()) ++deviations;
  }
  EXPECT_GT(deviations, 30u);  // or nothing was compared
}

TEST(listen_ledger, every_row_is_shown_by_its_corpus_file) {
  for (const ListenDivergence& row : differential::listen_ledger()) {
    ASSERT_TRUE(row.corpus_file.starts_with("dtls_listen_openssl/"));
    const Bytes seed = seed_of(std::string(row.corpus_file.substr(row.corpus_file.find('/') + 1)));
    const Comparison comparison = listen_differential(Input(seed));
    EXPECT_TRUE(std::ranges::count(comparison.divergences, row.id) == 1) << row.id << ": " << comparison.text;
  }
}

TEST(listen_ledger, names_each_divergence_once) {
  std::set<std::string_view> ids;
  for (const ListenDivergence& row : differential::listen_ledger()) EXPECT_TRUE(ids.insert(row.id).second) << row.id;
}

TEST(listen_ledger, a_difference_that_no_row_explains_is_unknown) {
  const Bytes alert{21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40};
  using differential::ListenDifference;
  using differential::ListenMode;
  const auto rows = [&](ListenMode mode, ListenDifference what) {
    return differential::listen_entries_for({mode, what, alert, {}});
  };
  EXPECT_EQ(rows(ListenMode::accept, ListenDifference::failed), std::vector<std::string_view>{"plaintext_alert_heeded"});
  EXPECT_TRUE(rows(ListenMode::listen, ListenDifference::failed).empty());
  EXPECT_TRUE(rows(ListenMode::accept, ListenDifference::openssl_answers).empty());
  EXPECT_TRUE(rows(ListenMode::listen, ListenDifference::openssl_answers).empty());
  EXPECT_TRUE(rows(ListenMode::listen, ListenDifference::unusable).empty());
}

}  // namespace
}  // namespace tocsin::harness
