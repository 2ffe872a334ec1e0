// The seeds of server_first_flight that come with what the RFCs ask for, replayed.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harnesses/checkers/checked_peer.h"
#include "harnesses/differential/rfc_column_testing.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/first_flight.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/pump.h"

namespace tocsin::harness {
namespace {

using namespace differential;

std::vector<ExpectedOutcomes> table() { return read_expected(text_of(corpus_file("expected/server_first_flight.tsv"))); }
Bytes seed_of(const ExpectedOutcomes& row) { return corpus_file("server_first_flight/" + row.seed); }

std::string feed(stacks::Peer& peer, ByteView bytes, std::size_t chunk_bytes) {
  Bytes sent;
  stacks::each_piece(bytes, chunk_bytes, [&](ByteView piece) {
    peer.receive(piece);
    append(sent, peer.take_output());
    return true;
  });
  return outcome_of(verdict_of(peer, stacks::Role::server, sent));
}

std::string tocsins_outcome(const Input& input, EntryPoint entry_point, std::size_t chunk_bytes) {
  return feed(*checked_server(server_options(input), 0, entry_point), input.body(), chunk_bytes);
}

TEST(rfc_column, has_every_row_of_the_facts) {
  const std::string text{text_of(corpus_file("expected/server_first_flight.tsv"))};
  EXPECT_EQ(text.substr(0, text.find('\n')), "seed\texpected\trfc\truling");
  EXPECT_EQ(table().size(), static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 1);
  EXPECT_GE(table().size(), 120u);
}

TEST(rfc_column, tocsin_does_what_the_rfc_asks_or_what_a_ruling_allows_by_each_way_in) {
  for (const ExpectedOutcomes& row : table()) {
    const Bytes seed = seed_of(row);
    const Input input(seed);
    for (const std::size_t chunk_bytes : {SIZE_MAX, std::size_t{1}}) {
      EXPECT_EQ(problem_with(row, tocsins_outcome(input, EntryPoint::direct, chunk_bytes)), "");
      EXPECT_EQ(problem_with(row, tocsins_outcome(input, EntryPoint::acceptor, chunk_bytes)), "") << "by Acceptor";
    }
  }
}

TEST(rfc_column, every_ruling_is_needed) {
  std::set<std::string_view> needed;
  const std::vector<ExpectedOutcomes> rows = table();
  for (const ExpectedOutcomes& row : rows) needed.insert(row.ruling);
  for (const RfcRuling& ruling : rulings()) EXPECT_EQ(needed.count(ruling.id), 1u) << ruling.id;
}

// OpenSSL, too: what it does otherwise it does for tocsin's reason, or it is a row of the ledger.
TEST(rfc_column, openssl_does_what_the_rfc_asks_or_what_tocsin_does_or_what_the_ledger_knows) {
  std::size_t deviations = 0;
  for (const ExpectedOutcomes& row : table()) {
    const Bytes seed = seed_of(row);
    const Input input(seed);
    stacks::OpenSslPeer openssl(stacks::Role::server, server_options(input), 0);
    const std::string outcome = feed(openssl, input.body(), SIZE_MAX);
    if (is_expected(row, outcome)) continue;
    ++deviations;
    const Comparison comparison = server_first_flight(input);
    const bool is_ruled = !row.ruling.empty() && problem_with(row, outcome).empty();
    EXPECT_TRUE(is_ruled || comparison.kind == Comparison::Kind::known)
        << row.seed << ": OpenSSL comes to " << outcome << "; " << comparison.text;
  }
  EXPECT_GT(deviations, 20u);  // or nothing was compared
}

TEST(rfc_column, a_deviation_needs_a_ruling_that_allows_it_and_a_ruling_a_deviation) {
  const auto row = [](const char* expected, const char* ruling) {
    return read_expected(std::string("seed\texpected\trfc\truling\nx\t") + expected + "\t8446 6\t" + ruling + "\n").at(0);
  };
  EXPECT_EQ(problem_with(row("50", ""), "50"), "");
  EXPECT_EQ(problem_with(row("50|47", ""), "47"), "");
  EXPECT_EQ(problem_with(row("error", ""), "47"), "");
  EXPECT_EQ(problem_with(row("47", "sslv2_is_no_record"), "10"), "");
  EXPECT_EQ(problem_with(row("50|47", ""), "70"), "x: 70 where RFC 8446 6 wants 50 or 47, without a ruling");
  EXPECT_NE(problem_with(row("5", ""), "50"), "");
  EXPECT_NE(problem_with(row("error", ""), "silent"), "");
  EXPECT_NE(problem_with(row("accept", ""), "waits"), "");
  EXPECT_NE(problem_with(row("47", "sslv2_is_no_record"), "40"), "");
  EXPECT_NE(problem_with(row("47", "sslv2_is_no_record"), "47"), "");
  EXPECT_NE(problem_with(row("accept", "no_such_ruling"), "accept"), "");
}

TEST(rfc_column, an_outcome_is_an_alert_or_says_what_there_was_instead) {
  Verdict verdict;
  EXPECT_EQ(outcome_of(verdict), "waits");
  verdict.retried = true;
  EXPECT_EQ(outcome_of(verdict), "retry");
  verdict.answered = true;
  EXPECT_EQ(outcome_of(verdict), "accept");
  verdict.end = End::rejected;
  EXPECT_EQ(outcome_of(verdict), "silent");
  verdict.end = End::told;
  EXPECT_EQ(outcome_of(verdict), "told");
  verdict.alert = stacks::AlertSeen{2, 50, false};
  EXPECT_EQ(outcome_of(verdict), "50");
}

}  // namespace
}  // namespace tocsin::harness
