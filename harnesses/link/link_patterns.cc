// Runs handshakes over links with every pattern of faults, or shows what happens under one of them.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "harnesses/link/stack_pairs.h"

namespace tocsin::tool {
namespace {

struct Options {
  std::string endpoints = "openssl-openssl";
  std::size_t first = 5;
  std::uint64_t part = 1, parts = 1;
  std::string show;
  stacks::PeerConfig config;
  bool without_cookies = false;
  link::Moves moves;
};

struct Tally {
  std::uint64_t patterns = 0, failed = 0;
  std::size_t datagrams_most = 0;
  link::Time took_most{0};

  void add(const link::Pattern& pattern, const link::PatternRun& run) {
    ++patterns;
    datagrams_most = std::max(datagrams_most, run.datagrams);
    took_most = std::max(took_most, run.took);
    if (run.complaint.empty()) return;
    ++failed;
    std::printf("%s: %s\n", link::letters_of(pattern).c_str(), run.complaint.c_str());
  }
};

int show(const Options& options, const link::MakeEndpoints& make_endpoints) {
  const auto pattern = link::parse_pattern(options.show);
  if (!pattern) return std::fprintf(stderr, "link_patterns: a pattern is made of the letters d, l, r and s\n"), 2;
  const link::PatternRun run = link::run_pattern(*pattern, make_endpoints(), options.moves);
  std::printf("%s%s\n", run.diagram.text().c_str(), run.complaint.empty() ? "all is well" : run.complaint.c_str());
  return run.complaint.empty() ? 0 : 1;
}

int run_all(const Options& options, const link::MakeEndpoints& make_endpoints) {
  Tally tally;
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t number = options.part - 1; number < link::number_of_patterns(options.first); number += options.parts) {
    const link::Pattern pattern = link::pattern_of(number, options.first);
    tally.add(pattern, link::run_pattern(pattern, make_endpoints(), options.moves));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%s: %llu patterns in %.1f s (%.0f/s), %llu failed; at most %zu datagrams and %.3f s of the link's time\n",
              options.endpoints.c_str(), static_cast<unsigned long long>(tally.patterns), took.count(),
              static_cast<double>(tally.patterns) / took.count(), static_cast<unsigned long long>(tally.failed),
              tally.datagrams_most, std::chrono::duration<double>(tally.took_most).count());
  return tally.failed == 0 ? 0 : 1;
}

int run(const Options& options) {
  for (const link::StackPair& pair : link::all_pairs) {
    if (pair.name != options.endpoints) continue;
    const link::MakeEndpoints make_endpoints = [&] { return pair.make(options.config); };
    return options.show.empty() ? run_all(options, make_endpoints) : show(options, make_endpoints);
  }
  std::fprintf(stderr, "link_patterns: no such pair; there are:");
  for (const link::StackPair& pair : link::all_pairs) std::fprintf(stderr, " %s", std::string(pair.name).c_str());
  return std::fprintf(stderr, "\n"), 2;
}

}  // namespace
}  // namespace tocsin::tool

int main(int argc, char** argv) {
  tocsin::tool::Options options;
  CLI::App app("Every pattern of deliver, lose, repeat and swap over the first datagrams of a DTLS handshake.");
  app.add_option("--ends", options.endpoints, "client-server; " + options.endpoints + " if not given");
  app.add_option("--first", options.first, "over how many datagrams; 5 if not given")->check(CLI::Range(0, 12));
  app.add_option("--part", options.part, "of --parts: this one, from 1")->check(CLI::Range(1, 1000));
  app.add_option("--parts", options.parts, "how many processes share the patterns")->check(CLI::Range(1, 1000));
  app.add_option("--mtu", options.config.mtu_bytes, "of both endpoints, in bytes; 1200 if not given")
      ->check(CLI::Range(228, 1500));
  app.add_flag("--without-cookies", options.without_cookies, "the server asks for none");
  app.add_option("--server-cid", options.config.server_connection_id_bytes, "of how many bytes the server's connection id is");
  app.add_option("--client-cid", options.config.client_connection_id_bytes, "of how many bytes the client's is");
  app.add_flag("--move-early", options.moves.once_server_completed,
               "the client's address changes once the server has completed");
  app.add_flag("--move", options.moves.once_both_completed, "it changes once both have");
  app.add_option("--show", options.show, "one pattern, and its diagram: dlrs for deliver, lose, repeat, swap");
  CLI11_PARSE(app, argc, argv);
  options.config.cookie_exchange = !options.without_cookies;
  return tocsin::tool::run(options);
}
