#include "harnesses/trace/finding.h"

#include <gtest/gtest.h>

namespace tocsin::harness {
namespace {

TEST(finding, has_a_signature_without_what_varies) {
  const CallSite site{"../harnesses/trace/some.cc", 7};
  EXPECT_EQ(signature_of("12 records of 'one' kind\nand more", site), "N records of one kind [some.cc]");
}

TEST(finding, says_it_in_a_line_of_its_own_that_parsers_of_stack_traces_know) {
  EXPECT_DEATH(finding("3 of 4 \"bytes\" left", CallSite{"some/where.cc", 7}),
               "FINDING: 3 of 4 \"bytes\" left\nsome/where.cc:7: Assertion 'N of N bytes left .where.cc.' failed.\n");
  EXPECT_DEATH(finding("what one input shows", "all of them"),
               "\n[^ \n]*: Assertion 'all of them .finding_test.cc.' failed.\n");
}

TEST(finding, names_the_place_of_the_check_that_failed) {
  EXPECT_DEATH(check(Invariant::nonce_used_once, false, "twice"),
               "finding_test.cc:[0-9]+: Assertion 'nonce_used_once: twice .finding_test.cc.' failed.\n");
  EXPECT_DEATH(broken(Invariant::nonce_used_once, "twice"),
               "finding_test.cc:[0-9]+: Assertion 'nonce_used_once: twice .finding_test.cc.' failed.\n");
}

}  // namespace
}  // namespace tocsin::harness
