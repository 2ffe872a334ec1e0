#include "harnesses/checkers/key_update_turns.h"

#include "harnesses/trace/finding.h"

namespace tocsin::harness {
namespace {

void check_turn(bool holds, std::string_view details) { check(Invariant::key_updates_in_turn, holds, details); }

}  // namespace

void KeyUpdateTurns::note_received(KeyUpdateAsks asks) {
  awaits_answer_ = false;
  if (asks == KeyUpdateAsks::no) return;
  owes_answer_ = true;
  ++answers_left_;
}

void KeyUpdateTurns::note_sent(KeyUpdateAsks asks) {
  if (is_receiving_) {
    check_turn(answers_left_ > 0, "a KeyUpdate was sent that nobody asked for");
    --answers_left_;
    check_turn(asks == KeyUpdateAsks::no, "the answer to a KeyUpdate asks for another");
  }
  check_turn(asks == KeyUpdateAsks::no || !awaits_answer_, "a KeyUpdate asks for one while another is still due");
  check_turn(asks == KeyUpdateAsks::yes || !must_ask_, "a KeyUpdate was to ask for one, and does not");
  must_ask_ = false;
  awaits_answer_ = awaits_answer_ || asks == KeyUpdateAsks::yes;
  owes_answer_ = false;
}

void KeyUpdateTurns::note_sent_application_data() const {
  check_turn(!owes_answer_, "application data was sent before the KeyUpdate that the other end asked for");
}

}  // namespace tocsin::harness
