#pragma once
// Where tocsin's Listener and OpenSSL's listeners do the same, for the mutation score of the ledger.
#include <functional>

#include "harnesses/differential/listen_ledger.h"
#include "harnesses/scenarios/input.h"

namespace tocsin::harness {

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
