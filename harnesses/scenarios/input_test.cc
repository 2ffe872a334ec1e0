#include "harnesses/scenarios/input.h"

#include <gtest/gtest.h>

#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

Bytes body_of(const Input& input) { return {input.body().begin(), input.body().end()}; }

TEST(FuzzInput, what_make_input_makes_is_read_back) {
  const Bytes bytes = make_input({{Tag::seed, 7}, {Tag::padding_bytes, 200}}, Bytes{1, 2, 3});
  const Input input(bytes);
  EXPECT_EQ(input.option(Tag::seed, 0), 7);
  EXPECT_EQ(input.option(Tag::padding_bytes, 0), 200);
  EXPECT_EQ(body_of(input), (Bytes{1, 2, 3}));
}

TEST(FuzzInput, an_option_that_is_not_there_has_its_default) {
  const Bytes bytes = make_input({}, Bytes{9});
  const Input input(bytes);
  EXPECT_EQ(input.option(Tag::seed, 42), 42);
  EXPECT_EQ(body_of(input), (Bytes{9}));
}

TEST(FuzzInput, the_last_of_two_options_counts) {
  const Bytes bytes = make_input({{Tag::seed, 1}, {Tag::seed, 2}}, {});
  EXPECT_EQ(Input(bytes).option(Tag::seed, 0), 2);
}

TEST(FuzzInput, an_unknown_tag_is_ignored) {
  const Bytes bytes{2, 255, 1, 0, 5, 77};
  const Input input(bytes);
  EXPECT_EQ(input.option(Tag::seed, 0), 5);
  EXPECT_EQ(body_of(input), (Bytes{77}));
}

TEST(FuzzInput, the_high_bits_of_the_count_mean_nothing) {
  const Bytes bytes{0xe1, 0, 5, 77};
  const Input input(bytes);
  EXPECT_EQ(input.option(Tag::seed, 0), 5);
  EXPECT_EQ(body_of(input), (Bytes{77}));
}

TEST(FuzzInput, tells_the_options_that_it_gives_by_name) {
  const Bytes bytes = make_input({{Tag::peer, 1}, {Tag::seed, 7}}, {});
  const auto options = options_of(Input(bytes));
  ASSERT_EQ(options.size(), 2u);
  EXPECT_EQ(options[0].name, "seed");
  EXPECT_EQ(options[0].value, 7);
  EXPECT_EQ(options[0].meaning, "of all randomness");
  EXPECT_EQ(options[1].name, "peer");
}

TEST(FuzzInput, any_bytes_are_an_input) {
  for (const Bytes& bytes : {Bytes{}, Bytes{31}, Bytes{31, 0}, Bytes{3, 0, 1, 2}}) {
    const Input input(bytes);
    EXPECT_LE(input.body().size(), 1u);
  }
}

}  // namespace
}  // namespace tocsin::harness
