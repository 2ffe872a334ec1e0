#include "harnesses/differential/compare.h"

#include "harnesses/differential/facts.h"
#include "harnesses/differential/ledger.h"

namespace tocsin::differential {

namespace {

bool is_outcome_same(const Verdict& tocsin, const Verdict& openssl) {
  if (tocsin.end != openssl.end || tocsin.retried != openssl.retried || tocsin.answered != openssl.answered) return false;
  if (tocsin.alert.has_value() != openssl.alert.has_value()) return false;
  return !tocsin.alert || tocsin.alert->description == openssl.alert->description;
}

}  // namespace

std::string_view name_of(Difference difference) {
  switch (difference) {
    case Difference::outcome:
      return "the outcome";
    case Difference::version:
      return "the version";
    case Difference::cipher_suite:
      return "the cipher suite";
    case Difference::group:
      return "the group";
    case Difference::application_protocol:
      return "the application protocol";
  }
  __builtin_unreachable();
}

std::vector<Difference> differences_between(const Verdict& tocsin, const Verdict& openssl) {
  std::vector<Difference> differences;
  const auto add_if = [&](bool differs, Difference difference) {
    if (differs) differences.push_back(difference);
  };
  add_if(!is_outcome_same(tocsin, openssl), Difference::outcome);
  const bool are_answered = tocsin.answered && openssl.answered, are_retried = tocsin.retried && openssl.retried;
  if (are_answered || (are_retried && tocsin.answered == openssl.answered)) {
    add_if(tocsin.cipher_suite != openssl.cipher_suite, Difference::cipher_suite);
    add_if(tocsin.group != openssl.group, Difference::group);
  }
  if (are_answered) {
    add_if(tocsin.version != openssl.version, Difference::version);
    add_if(tocsin.application_protocol != openssl.application_protocol, Difference::application_protocol);
  }
  return differences;
}

Comparison compare(const Case& compared) {
  const auto differences = differences_between(compared.tocsin, compared.openssl);
  if (differences.empty()) return {};
  Comparison comparison;
  comparison.kind = Comparison::Kind::known;
  const InputFacts input(compared);
  const Facts facts(compared, input);
  for (const Difference difference : differences) {
    const auto entries = entries_for(facts, difference, ledger());
    if (entries.empty() && difference == Difference::outcome && compared.is_outcome_open) {
      comparison.text.append(name_of(difference)).append(" differs, which the rules of the RFCs explain\n");
      continue;
    }
    for (const Divergence* row : entries) comparison.divergences.push_back(row->id);
    if (entries.empty()) comparison.kind = Comparison::Kind::unknown;
    if (entries.empty()) comparison.signature.append(name_of(difference)).append(", ");
    comparison.text.append(name_of(difference)).append(entries.empty() ? " differs\n" : " differs, as is known\n");
  }
  if (comparison.kind == Comparison::Kind::unknown)
    comparison.signature += "tocsin " + describe_outcome(compared.tocsin) + "; OpenSSL " + describe_outcome(compared.openssl);
  comparison.text += "  tocsin:  " + describe(compared.tocsin) + "\n  OpenSSL: " + describe(compared.openssl);
  return comparison;
}

}  // namespace tocsin::differential
