// Prints corpus/expected/rules.tsv, what each stack does where one rule is broken, or compares it with that file. The column of
// a foreign stack is compared only if it is linked, and the column was written with the same version. usage: rules_table [FILE]
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "harnesses/checkers/linked_stacks.h"
#include "harnesses/differential/rules/judge.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

using Column = std::vector<std::string>;  // its head first

std::string conduct(const Judged& judged) {
  return rules::conduct_of(*judged.reading, judged.verdict) + (judge(*judged.reading, judged.verdict, "") ? " (not permitted)" : "");
}

// Not where the stack cannot be set up so that the seed breaks it.
bool breaks(const Judged& judged, rules::Rule rule) {
  return judged.reading &&
         std::ranges::any_of(judged.reading->faults, [&](const rules::Fault& one) { return one.rule == rule; });
}

// cell(row, input): of one rule.
template <class Cell>
Column column(std::string head, Cell&& cell) {
  Column cells{std::move(head)};
  for (const rules::Row& row : rules::all_rows()) {
    const Bytes seed = corpus_file(std::string(row.target) + "/rule/" + std::string(row.id) + "/broken");
    cells.push_back(cell(row, Input(seed)));
  }
  return cells;
}

std::vector<Column> table() {
  std::vector<Column> columns;
  columns.push_back(column("rule", [](const rules::Row& row, const Input&) { return std::string(row.id); }));
  columns.push_back(column(
      "tocsin", [](const rules::Row& row, const Input& input) { return conduct(judged_for_tocsin(row.target, input)); }));
  for (const LinkedStack& linked : linked_stacks()) {
    if (linked.stack == nullptr) continue;
    columns.push_back(
        column(linked.stack->name() + " " + linked.stack->version(), [&](const rules::Row& row, const Input& input) {
          const auto judged = linked.name == "openssl" ? judged_for_openssl(row.target, input)  // of datagrams, too
                                                       : judged_for(*linked.stack, row.target, input);
          return judged && breaks(*judged, row.rule) ? conduct(*judged) : std::string();
        }));
  }
  return columns;
}

std::vector<Column> read(std::istream& lines) {
  std::vector<Column> columns;
  for (std::string line; std::getline(lines, line);) {
    std::stringstream cells(line + "\t");
    std::size_t at = 0;
    for (std::string cell; std::getline(cells, cell, '\t'); ++at) {
      if (at == columns.size()) columns.emplace_back();
      columns[at].push_back(cell);
    }
  }
  return columns;
}

void print(const std::vector<Column>& columns) {
  for (std::size_t line = 0; line < columns[0].size(); ++line)
    for (std::size_t at = 0; at < columns.size(); ++at)
      std::cout << columns[at][line] << (at + 1 < columns.size() ? '\t' : '\n');
}

}  // namespace
}  // namespace tocsin::harness

int main(int count, char** arguments) {
  using namespace tocsin::harness;
  const auto columns = table();
  if (count < 2) {
    print(columns);
    return std::cout.flush() ? 0 : 1;
  }
  std::ifstream file(arguments[1]);
  const auto there = read(file);
  for (std::size_t at = 0; at < columns.size(); ++at) {
    const std::string& head = columns[at][0];
    const auto found = std::ranges::find_if(there, [&](const auto& one) { return one[0] == head; });
    if (found != there.end() && *found == columns[at]) continue;
    if (found == there.end() && at > 1) {
      std::printf("%s has no column of %s, which is not looked at\n", arguments[1], head.c_str());
      continue;
    }
    std::fprintf(stderr, "%s is out of date; run: %s > %s\n", arguments[1], arguments[0], arguments[1]);
    return 1;
  }
  return 0;
}
