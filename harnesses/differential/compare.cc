#include "harnesses/differential/compare.h"

#include <algorithm>
#include <array>

#include "harnesses/differential/facts.h"
#include "harnesses/differential/ledger.h"

namespace tocsin::differential {

bool is_alert_named(Reason why) {
  constexpr std::array unnamed{
      Reason::record_version_wrong,  // RFC 9846 E.5 wants it not accepted, and names no alert
      Reason::alert_malformed,       // nor is there one for an alert record that holds no alert
      Reason::message_too_long,      // the limits are ours
      Reason::change_cipher_spec_too_many,
      Reason::alert_warnings_too_many,
  };
  return std::find(unnamed.begin(), unnamed.end(), why) == unnamed.end();
}

std::string difference_between(const Verdict& tocsin, const Verdict& openssl) {
  if (tocsin.end != openssl.end || tocsin.retried != openssl.retried || tocsin.answered != openssl.answered)
    return "how it ended";
  if (tocsin.alert.has_value() != openssl.alert.has_value()) return "whether an alert was sent";
  if (tocsin.alert && tocsin.alert->description != openssl.alert->description && tocsin.why && is_alert_named(*tocsin.why))
    return "the alert";
  if (tocsin.version != openssl.version) return "the version";
  if (tocsin.cipher_suite != openssl.cipher_suite) return "the cipher suite";
  if (tocsin.group != openssl.group) return "the group";
  if (tocsin.application_protocol != openssl.application_protocol) return "the application protocol";
  return {};
}

Comparison compare(const Case& compared) {
  const std::string difference = difference_between(compared.tocsin, compared.openssl);
  if (difference.empty()) return {};
  Comparison comparison;
  comparison.text =
      difference + " differs\n  tocsin:  " + describe(compared.tocsin) + "\n  OpenSSL: " + describe(compared.openssl);
  const InputFacts input(compared);
  for (const Divergence* row : entries_for(Facts(compared, input), ledger())) comparison.divergences.push_back(row->id);
  comparison.kind = comparison.divergences.empty() ? Comparison::Kind::unknown : Comparison::Kind::known;
  return comparison;
}

}  // namespace tocsin::differential
