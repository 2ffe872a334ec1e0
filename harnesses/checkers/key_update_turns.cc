#include "harnesses/checkers/key_update_turns.h"

#include "harnesses/trace/finding.h"

namespace tocsin::harness {
namespace {

void check_turn(bool holds, std::string_view details) { check(Invariant::key_updates_in_turn, holds, details); }

}  // namespace

void KeyUpdateTurns::note_received(KeyUpdateAsks asks) {
  awaits_answer_ = false;
  owes_answer_ = owes_answer_ || asks == KeyUpdateAsks::yes;
}

void KeyUpdateTurns::note_sent(KeyUpdateAsks asks) {
  check_turn(!is_receiving_ || owes_answer_, "a KeyUpdate was sent that nobody asked for");
  check_turn(asks == KeyUpdateAsks::no || !awaits_answer_, "a KeyUpdate asks for one while another is still due");
  check_turn(asks == KeyUpdateAsks::no || must_ask_, "a KeyUpdate asks for one that the caller did not ask for");
  check_turn(asks == KeyUpdateAsks::yes || !must_ask_, "a KeyUpdate was to ask for one, and does not");
  must_ask_ = false;
  awaits_answer_ = awaits_answer_ || asks == KeyUpdateAsks::yes;
  owes_answer_ = false;
}

void KeyUpdateTurns::note_sent_application_data() const {
  check_turn(!owes_answer_, "application data was sent before the KeyUpdate that the other end asked for");
}

}  // namespace tocsin::harness
