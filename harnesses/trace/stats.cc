#include "harnesses/trace/stats.h"

#include <cinttypes>
#include <cstdio>

#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

// libFuzzer and the replaying main both end by exit, which runs destructors.
struct PrintedAtExit {
  Stats stats;
  ~PrintedAtExit() {
    if (trace_sink == nullptr) print_stats();
  }
};

}  // namespace

Stats& stats() {
  static PrintedAtExit printed;
  return printed.stats;
}

void note_refusal(const Error& error) {
  if (error.fatal() != nullptr) stats().reasons.set(static_cast<std::size_t>(error.fatal()->why));
}

void print_stats() {
  const Stats& now = stats();
  std::fprintf(stderr,
               "tocsin-stats: invariant_checks=%" PRIu64 " oracle_comparisons=%" PRIu64 " known_divergences=%" PRIu64
               " unknown_divergences=%" PRIu64 "\n",
               now.invariant_checks(), now.oracle_comparisons, now.known_divergences, now.unknown_divergences);
}

}  // namespace tocsin::harness
