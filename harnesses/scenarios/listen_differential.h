#pragma once
// The same strays to tocsin's Listener and to OpenSSL's listeners, an honest client afterwards, and what the ledger of
// listeners says of the differences.
#include <functional>

#include "harnesses/differential/compare.h"
#include "harnesses/differential/listen_ledger.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/listen_script.h"

namespace tocsin::harness {

/// The body is a list of strays (listen_script.h), of which the first few count, all from one address. Option peer, modulo 4: 0
/// each way of OpenSSL's to listen in turn, n the nth alone. That tocsin is none the worse for the strays is checked.
differential::Comparison listen_differential(const Input& input);

/// A stray with which the two did the same, in one way of OpenSSL's to listen.
struct ListenAgreement {
  differential::ListenCase both;  // in what they differ it does not say
  bool is_answered;
  bool lets_through;  // OpenSSL's object then let an honest client through at once
};
/// Shows each of them, while it lasts.
using AgreementObserver = std::function<void(const ListenAgreement&)>;
void see_agreements(const Input& input, const AgreementObserver& see);

}  // namespace tocsin::harness
