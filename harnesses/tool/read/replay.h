#pragma once
// tocsin replay: one input of a fuzz target, and what each side did with it.
#include <string>
#include <vector>

namespace tocsin::tool {

struct ReplayOptions {
  std::string target;
  std::string path = "-";
  bool is_json = false;
};

std::vector<std::string> target_names();

/// Runs the input and writes its trace to standard output, step by step. The exit status: 0, or 1 for a finding. Throws
/// UsageError for an unknown target and for what cannot be read.
int replay(const ReplayOptions& options);

}  // namespace tocsin::tool
