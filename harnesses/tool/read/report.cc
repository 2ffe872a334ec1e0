#include "harnesses/tool/read/report.h"

#include <iostream>

#include "harnesses/differential/ledger.h"
#include "harnesses/differential/rules/judge.h"
#include "harnesses/scenarios/first_flight.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/script/script.h"
#include "harnesses/stacks/openssl/context.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/read/input_bytes.h"

namespace tocsin::tool {
namespace {

struct Subject {
  std::string sentence, clause, seed;  // below the corpus
  std::string target() const { return seed.substr(0, seed.find('/')); }
};

Subject subject_of(const std::string& id) {
  for (const rules::Row& row : rules::all_rows())
    if (row.id == id)
      return {std::string(row.sentence), std::string(row.clause), std::string(row.target) + "/rule/" + id + "/broken"};
  for (const differential::Divergence& row : differential::ledger())
    if (row.id == id) return {std::string(row.sentence), std::string(row.clause), std::string(row.corpus_file)};
  throw UsageError("no rule and no row of the ledger is named '" + id +
                   "'; RULES.md, DEVIATIONS.md and DIVERGENCES.md below harnesses/differential list them");
}

std::string block(std::string_view language, const std::string& text) {
  return "```" + std::string(language) + "\n" + text + (text.ends_with('\n') ? "```\n" : "\n```\n");
}

std::string items_of(const std::string& lines) {
  std::string text;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    text += "- " + lines.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return text;
}

std::string reproduction(const Subject& subject, const std::string& path, const harness::Input& input) {
  if (const auto flight = harness::first_flight_for_openssl(subject.target(), input))
    return block("", stacks::commands_for(*flight)) + "\n`first_flight.c`:\n" + block("c", stacks::program_for(*flight));
  const bool is_script = subject.target().ends_with("_script");
  std::string text = "What was sent is protected by keys of the connection, or depends on what was received before. ";
  text += "In a checkout of tocsin:\n" +
          block("", "ci/build gcc\nbuild-gcc/harnesses/tool/tocsin replay " + subject.target() + (is_script ? "_openssl " : " ") + path);
  if (is_script) text += "The other end sends, step by step: `" + script::to_text(script::parse(input.body())) + "`\n";
  return text;
}

}  // namespace

int report(const ReportOptions& options) {
  const Subject subject = subject_of(options.row);
  const std::string path = options.corpus + "/" + subject.seed;
  const Bytes content = read_input(path);
  const harness::Input input(content);
  const std::string openssl = "OpenSSL " + std::string(stacks::openssl_version());
  const auto theirs = harness::judged_for_openssl(subject.target(), input);
  if (!theirs || !theirs->reading)
    throw UsageError("OpenSSL is not judged by " + path + ": there are no rules about it, or it does not speak this protocol");
  if (!rules::judge(*theirs->reading, theirs->verdict, openssl)) {
    std::cerr << "tocsin: " << openssl << " does what is permitted (" << path << "): there is nothing to report\n";
    return 1;
  }
  const harness::Judged ours = harness::judged_for_tocsin(subject.target(), input);
  const std::string conduct = rules::conduct_of(*theirs->reading, theirs->verdict);
  std::cout << "# " << openssl << ' ' << conduct << ". " << subject.clause << ": " << subject.sentence << "\n\n"
            << "| Stack | What it does |\n| --- | --- |\n| " << openssl << " | " << conduct << " |\n";
  if (ours.reading) std::cout << "| tocsin | " << rules::conduct_of(*ours.reading, ours.verdict) << " |\n";
  std::cout << "\n## What is due\n" << items_of(rules::describe(*theirs->reading)) << "\n## How to see it\n"
            << reproduction(subject, path, input) << std::flush;
  return status_of_output();
}

}  // namespace tocsin::tool
