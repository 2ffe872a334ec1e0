#include "harnesses/differential/ledger.h"

#include <gtest/gtest.h>

#include <set>

#include "harnesses/scenarios/first_flight.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

using differential::Comparison;
using differential::Divergence;

Comparison replay(std::string_view name) {
  const Bytes bytes = corpus_file(std::string(name));
  const Input input(bytes);
  return name.starts_with("client_first_flight/") ? client_first_flight(input) : server_first_flight(input);
}

TEST(ledger, every_row_is_shown_by_its_corpus_file_and_that_by_no_other_row) {
  for (const Divergence& row : differential::ledger()) {
    const Comparison comparison = replay(row.corpus_file);
    EXPECT_EQ(comparison.divergences, std::vector{row.id}) << row.corpus_file << ": " << comparison.text;
  }
}

TEST(ledger, names_each_divergence_once) {
  std::set<std::string_view> ids;
  for (const Divergence& row : differential::ledger()) EXPECT_TRUE(ids.insert(row.id).second) << row.id;
}

TEST(ledger, has_no_row_for_stacks_that_agree) {
  EXPECT_EQ(replay("server_first_flight/13-ok").kind, Comparison::Kind::equal);
  EXPECT_EQ(replay("client_first_flight/accept").kind, Comparison::Kind::equal);
}

}  // namespace
}  // namespace tocsin::harness
