#include "harnesses/differential/ledger.h"

#include "harnesses/differential/flight.h"

namespace tocsin::differential {
namespace {

bool foreign_record_version(const Case& seen) {
  return seen.tocsin.why == Reason::record_version_wrong && seen.openssl.end == End::rejected && !seen.openssl.alert;
}

}  // namespace

const std::vector<Divergence>& ledger() {
  using enum Ruling;
  using enum peers::Role;
  static const std::vector<Divergence> rows{
#define X(id, peer, role, ruling, clause, corpus_file, sentence) {#id, #peer, role, ruling, clause, corpus_file, sentence, id},
      TOCSIN_DIVERGENCES(X)
#undef X
  };
  return rows;
}

std::vector<const Divergence*> entries_for(const Case& compared) {
  std::vector<const Divergence*> entries;
  for (const Divergence& row : ledger())
    if (row.role == compared.role && row.holds(compared)) entries.push_back(&row);
  return entries;
}

}  // namespace tocsin::differential
