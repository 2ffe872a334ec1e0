#include "fuzz/lib/finding.h"

#include <cstdio>
#include <cstdlib>

#include "fuzz/lib/story.h"

namespace tocsin::fuzz {

void finding(const std::string& what) {
  if (listener != nullptr) listener->hear_finding(what);
  std::fprintf(stderr, "FINDING: %s\n", what.c_str());
  print_stats();
  std::abort();
}

void broken(Invariant invariant, std::string_view details) {
  finding(std::string(name_of(invariant)) + ": " + std::string(details) + " (" + std::string(statement_of(invariant)) + ")");
}

}  // namespace tocsin::fuzz
