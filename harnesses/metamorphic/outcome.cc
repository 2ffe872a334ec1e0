#include "harnesses/metamorphic/outcome.h"

#include <algorithm>
#include <tuple>

#include "harnesses/differential/rules/judge.h"

namespace tocsin::metamorphic {
namespace {

using differential::Verdict;

bool is_permitted_refusal(const rules::Reading& reading, const Verdict& verdict) {
  return verdict.end == differential::End::rejected && !rules::judge(reading, verdict, {});
}

bool has_several_faults(const rules::Reading& reading) {
  return std::ranges::any_of(reading.faults, [&](const rules::Fault& fault) { return fault.rule != reading.faults[0].rule; });
}

}  // namespace

bool is_same_outcome(const Verdict& one, const Verdict& other) {
  const auto tied = [](const Verdict& verdict) {
    return std::tie(verdict.end, verdict.retried, verdict.answered, verdict.version, verdict.cipher_suite, verdict.group,
                    verdict.application_protocol, verdict.alert);
  };
  return tied(one) == tied(other);
}

bool is_refused_for_other_fault(const rules::Reading& one_reading, const Verdict& one, const rules::Reading& other_reading,
                                const Verdict& other) {
  return has_several_faults(one_reading) && is_permitted_refusal(one_reading, one) &&
         is_permitted_refusal(other_reading, other) && one.retried == other.retried && one.answered == other.answered;
}

}  // namespace tocsin::metamorphic
