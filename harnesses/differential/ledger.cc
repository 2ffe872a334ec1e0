#include "harnesses/differential/ledger.h"

#include "harnesses/differential/facts.h"

namespace tocsin::differential {

namespace {

bool is_played_by(Played played, stacks::Role role) {
  switch (played) {
    case Played::client:
      return role == stacks::Role::client;
    case Played::server:
      return role == stacks::Role::server;
    case Played::either:
      return true;
  }
  __builtin_unreachable();
}

}  // namespace

const std::vector<Divergence>& ledger() {
  using enum Ruling;
  using enum Played;
  static const std::vector<Divergence> rows{
#define X(id, peer, role, about, ruling, clause, corpus_file, sentence) \
  {#id, #peer, role, Difference::about, ruling, clause, corpus_file, sentence, divergences::id},
      TOCSIN_DIVERGENCES(X)
#undef X
  };
  return rows;
}

std::vector<const Divergence*> entries_for(const Facts& facts, Difference difference, std::span<const Divergence> rows) {
  std::vector<const Divergence*> entries;
  if (!is_sound(facts.tocsin)) return entries;
  for (const Divergence& row : rows)
    if (row.about == difference && is_played_by(row.role, facts.compared.role) && row.holds(facts)) entries.push_back(&row);
  return entries;
}

}  // namespace tocsin::differential
