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

// A row for one difference excuses no other.
TEST(ledger, judges_each_difference_of_a_run) {
  const Bytes bytes = corpus_file("server_first_flight/accept-with-two-shares");
  see_server_first_flight(Input(bytes), [](const differential::Case& seen) {
    EXPECT_EQ(compare(seen).kind, Comparison::Kind::known);
    differential::Case also = seen;
    also.openssl.application_protocol = "another";
    const Comparison comparison = compare(also);
    EXPECT_EQ(comparison.kind, Comparison::Kind::unknown);
    EXPECT_EQ(comparison.divergences, std::vector<std::string_view>{"group_preference"});
    EXPECT_TRUE(comparison.text.starts_with("the group differs, as is known\nthe application protocol differs\n"))
        << comparison.text;
  });
}

}  // namespace
}  // namespace tocsin::harness
