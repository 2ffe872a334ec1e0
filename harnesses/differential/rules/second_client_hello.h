#pragma once
// In what the ClientHello that answers a HelloRetryRequest differs from the first (RFC 9846 4.2.2).
#include <vector>

#include "harnesses/differential/rules/rules.h"
#include "harnesses/dissect/messages.h"
#include "tocsin/algorithms.h"

namespace tocsin::rules {

struct Change {
  Rule rule;
  const dissect::Node* where;  // in the second; null: it is missing there
};

/// asked: the group that the HelloRetryRequest asks for.
std::vector<Change> changes_between(const dissect::Message& first, const dissect::Message& second, NamedGroup asked);

}  // namespace tocsin::rules
