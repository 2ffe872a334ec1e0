#pragma once
// The known divergences. One row each: id, the other peer, the role that both played, ruling, the clause it stands on, the
// corpus file that shows it, one sentence. A row holds where its predicate (ledger.cc, a function of the same name) does.
// DIVERGENCES.md is generated from these rows by ci/generate; ledger_test.cc replays every file and fails for a row that it
// does not hit.
#include <string_view>
#include <vector>

#include "harnesses/differential/compare.h"

// clang-format off
#define TOCSIN_DIVERGENCES(X) \
  X(foreign_record_version,  openssl, server, peer_deviates, "RFC 8446 6.2", "server_first_flight/http-request", "OpenSSL closes without an alert if the first record's version does not begin with 3.")
// clang-format on

namespace tocsin::differential {

enum class Ruling : std::uint8_t { peer_deviates, both_allowed, we_are_stricter };

struct Divergence {
  std::string_view id, peer;
  peers::Role role;
  Ruling ruling;
  std::string_view clause, corpus_file, sentence;
  bool (*holds)(const Case&);
};

const std::vector<Divergence>& ledger();

/// The rows that hold for this case.
std::vector<const Divergence*> entries_for(const Case& compared);

}  // namespace tocsin::differential
