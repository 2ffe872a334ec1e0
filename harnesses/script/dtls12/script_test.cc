#include "harnesses/script/dtls12/script.h"

#include <gtest/gtest.h>

#include "harnesses/script/dtls12/testing.h"

namespace tocsin::script::dtls12 {
namespace {

/// A step in each way that the binary form knows.
Script every_form_of(What what) {
  Script steps(1, Step{what});
  const auto add = [&]() -> Step& { return steps.emplace_back(Step{what}); };
  for (const unsigned argument : {1u, 255u}) add().argument = static_cast<std::uint8_t>(argument);
  for (unsigned under = 1; under < number_of_unders; ++under) add().under = static_cast<Under>(under);
  for (unsigned number = 1; number < number_of_numbers; ++number) add().number = static_cast<Number>(number);
  for (unsigned number = 1; number < 4; ++number) add().message_number = static_cast<MessageNumber>(number);
  for (unsigned fragments = 1; fragments < 8; ++fragments) {
    Step& step = add();
    step.fragments = static_cast<Fragments>(fragments);
    step.fragment_bytes = 32 * fragments;
  }
  add().shares_datagram = true;
  add().twice = true;
  for (const std::size_t bytes : {0u, 3u, 255u}) add().body = Bytes(bytes, 0x83);
  for (unsigned how = 0; how < Edit::number_of_hows; ++how) add().edits = {{1, static_cast<Edit::How>(how), 2}};
  Step& all = add();
  all = {what, 7, Under::keys, Number::old, MessageNumber::ahead, Fragments::reversed, 256, true, true, {}, Bytes{1, 2, 3}};
  all.edits = {{0, Edit::How::set, 1}, {1, Edit::How::cut, 0}, {2, Edit::How::flip, 255}};
  return steps;
}

TEST(DtlsScript, every_form_of_every_step_is_parsed_again) {
  for (std::size_t i = 0; i < number_of_whats; ++i)
    for (const Step& step : every_form_of(static_cast<What>(i))) {
      EXPECT_EQ(parse(to_binary({step})), Script{step}) << to_text({step});
      EXPECT_EQ(parse(to_binary({step, step})), (Script{step, step})) << to_text({step});
    }
}

TEST(DtlsScript, any_bytes_are_some_script) {
  for (unsigned byte = 0; byte < 256; ++byte)
    for (std::size_t size = 0; size < 20; ++size)
      EXPECT_LE(parse(Bytes(size, static_cast<std::uint8_t>(byte))).size(), size / 4 + 1);
  EXPECT_EQ(parse(Bytes(4 * (steps_max + 1))).size(), steps_max);
}

TEST(DtlsScript, reads_as_text) {
  Script script{{What::hello, 3}, {What::finished}, {What::flight_again}};
  script[0].shares_datagram = true;
  script[1].edits = {{3, Edit::How::flip, 1}};
  script[1].under = Under::plaintext;
  script[1].number = Number::again;
  script[1].message_number = MessageNumber::before;
  script[2].fragments = Fragments::reversed;
  script[2].fragment_bytes = 40;
  script[2].twice = true;
  EXPECT_EQ(
      to_text(script),
      "hello 3 +; finished [flip 3 1] under plaintext, number again, message number before; flight_again in fragments of 40, "
      "reversed, twice");
}

}  // namespace
}  // namespace tocsin::script::dtls12
