#include <gtest/gtest.h>

#include "harnesses/checkers/message_round_trip.h"
#include "harnesses/scenarios/scenarios.h"

namespace tocsin::harness {
namespace {

TEST(wire_messages, takes_nothing_for_a_message_that_no_header_can_announce) {
  constexpr std::uint8_t finished = 6;  // the target's choice of the decoder: the body is all that there is
  Bytes input(1 + message_body_bytes_max + 1);
  input[0] = finished;
  scenarios::wire_messages(input);  // ends the program if there is a finding
  input.pop_back();
  scenarios::wire_messages(input);
}

}  // namespace
}  // namespace tocsin::harness
