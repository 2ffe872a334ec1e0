#pragma once
// How a target says that something is wrong, and the checks that say it.
#include <string>
#include <string_view>

#include "core/base/invariants.h"
#include "harnesses/trace/stats.h"

namespace tocsin::harness {

/// Ends the process as failed: prints "FINDING: <what>" and the counters to standard error, then aborts; a TraceSink, if there
/// is one, gets it instead.
[[noreturn]] void finding(const std::string& what);

/// A finding that names the invariant and says what it states.
[[noreturn]] void broken(Invariant invariant, std::string_view details);

/// One check of an invariant from outside.
inline void check(Invariant invariant, bool holds, std::string_view details) {
  ++stats().checks[static_cast<std::size_t>(invariant)];
  if (!holds) broken(invariant, details);
}

}  // namespace tocsin::harness
