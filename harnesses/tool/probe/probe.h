#pragma once
// tocsin probe: which of the rules a stack breaks, be it behind a pipe, at an address, or linked.
#include <chrono>
#include <string>

#include "harnesses/tool/probe/live_server.h"

namespace tocsin::tool {

struct ProbeOptions {
  // Which stack: one of the three.
  std::string command;  // of a shim
  LiveServerOptions server;
  std::string stack;  // as in linked_stacks: openssl, gnutls

  std::vector<std::string> rules;  // none: all
  std::string corpus = "corpus";
  std::string json_path;  // none: no JSON
  int answer_timeout_ms = 5000;
};

/// Plays the rules' seeds, and writes a line for each rule and a summary to standard output. The exit status: 0, or 1 if the
/// stack does what a rule does not permit. Throws UsageError for what cannot be used, a shim that breaks the protocol among it,
/// and NetworkError if the server cannot be reached.
int probe(const ProbeOptions& options);

}  // namespace tocsin::tool
