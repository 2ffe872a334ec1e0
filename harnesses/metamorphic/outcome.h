#pragma once
// Whether two verdicts are the same outcome, of a message and of what it was transformed into.
#include "harnesses/differential/rules/fault.h"
#include "harnesses/differential/verdict.h"

namespace tocsin::metamorphic {

/// How it ended, with which alert, and what was negotiated.
bool is_same_outcome(const differential::Verdict& one, const differential::Verdict& other);

/// Both refuse a message with several faults, each for one of them: who reads in another order may find another first.
bool is_refused_for_other_fault(const rules::Reading& one_reading, const differential::Verdict& one,
                                const rules::Reading& other_reading, const differential::Verdict& other);

}  // namespace tocsin::metamorphic
