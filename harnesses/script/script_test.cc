#include "harnesses/script/script.h"

#include <gtest/gtest.h>

#include "harnesses/script/testing.h"

namespace tocsin::script {
namespace {

/// A step in each way that the binary form knows.
Script every_form_of(What what) {
  Script steps(1, Step{what});
  const auto add = [&]() -> Step& { return steps.emplace_back(Step{what}); };
  for (const Keys keys : {Keys::plaintext, Keys::handshake, Keys::application}) add().keys = keys;
  add().shares_record = true;
  add().twice = true;
  for (const unsigned argument : {1u, 255u}) add().argument = static_cast<std::uint8_t>(argument);
  for (const std::size_t bytes : {1u, 7u, 256u}) add().fragment_bytes = bytes;
  for (const std::size_t bytes : {0u, 3u, 255u}) add().body = Bytes(bytes, 0x83);
  for (unsigned how = 0; how < Edit::number_of_hows; ++how) add().edits = {{1, static_cast<Edit::How>(how), 2}};
  Step& all = add();
  all = {
      what, Keys::application, true, true, 0, 2, {{0, Edit::How::set, 1}, {1, Edit::How::cut, 0}, {2, Edit::How::flip, 255}}};
  all.body = Bytes{1, 2, 3};
  return steps;
}

TEST(Script, every_form_of_every_step_is_parsed_again) {
  for (std::size_t i = 0; i < number_of_whats; ++i)
    for (const Step& step : every_form_of(static_cast<What>(i))) {
      // Between others, so that a field which takes too much or too little shows.
      const Script script{{What::alert, Keys::plaintext, false, false, 9}, step, {What::key_update}};
      EXPECT_EQ(parse(to_binary(script)), script) << to_text(script);
    }
}

TEST(Script, honest_ends_are_parsed_again) {
  for (const Script& script : {honest_server(), honest_client(), honest_client_with_certificate()})
    EXPECT_EQ(parse(to_binary(script)), script);
}

TEST(Script, a_body_that_is_cut_short_ends_with_the_input) {
  Bytes binary = to_binary({{.what = What::finished, .body = Bytes{1, 2, 3}}});
  binary.pop_back();
  EXPECT_EQ(parse(binary), (Script{{.what = What::finished, .body = Bytes{1, 2}}}));
}

}  // namespace
}  // namespace tocsin::script
