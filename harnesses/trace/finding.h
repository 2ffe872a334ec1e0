#pragma once
// How a target says that something is wrong, and the checks that say it.
#include <string>
#include <string_view>

#include "core/base/invariants.h"
#include "harnesses/trace/stats.h"

namespace tocsin::harness {

/// Where a check stands: the caller's place, by default.
struct CallSite {
  const char* file;
  int line;
  static CallSite here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { return {file, line}; }
};

/// Ends the process as failed: prints "FINDING: <what>", a line "FILE:LINE: Assertion 'SIGNATURE' failed." and the counters to
/// standard error, then aborts; a TraceSink, if there is one, gets `what` instead. By the signature ClusterFuzz and its like
/// tell findings apart.
[[noreturn]] void finding(const std::string& what, CallSite site = CallSite::here());
/// signature: what is the same for all inputs that show the same fault.
[[noreturn]] void finding(const std::string& what, std::string_view signature, CallSite site = CallSite::here());

/// What a finding is told apart by: one line without digits or quotes, and the name of the file that found it.
std::string signature_of(std::string_view what, const CallSite& site);

/// A finding that names the invariant and says what it states.
[[noreturn]] void broken(Invariant invariant, std::string_view details, CallSite site = CallSite::here());

/// One check of an invariant from outside.
inline void check(Invariant invariant, bool holds, std::string_view details, CallSite site = CallSite::here()) {
  ++stats().checks[static_cast<std::size_t>(invariant)];
  if (!holds) broken(invariant, details, site);
}

}  // namespace tocsin::harness
