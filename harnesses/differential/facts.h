#pragma once
// What a predicate of the ledger may look at.
#include <optional>

#include "core/base/types.h"
#include "harnesses/differential/alerts.h"
#include "harnesses/differential/flight.h"
#include "harnesses/differential/ledger.h"

namespace tocsin::differential {

/// What both were fed. Of the verdicts it depends only on whether both retried.
struct InputFacts {
  explicit InputFacts(const Case& compared);
  InputFacts(const InputFacts&) = delete;  // the hellos look into the flight
  InputFacts& operator=(const InputFacts&) = delete;

  Flight flight;
  std::optional<HelloSeen> first_hello;  // if both retried
  std::optional<HelloSeen> hello;        // of the client or of the server; that the verdicts are about
  Alerts faults;                         // of hello
  Alerts faults_for_openssl_only;        // likewise, of extensions that tocsin does not know; of a ClientHello
};

struct Facts {
  Facts(const Case& compared, const InputFacts& input);

  const Case& compared;
  const Verdict &tocsin, &openssl;
  const Flight& flight;
  const std::optional<HelloSeen>&first_hello, &hello;
  const Alerts &faults, &faults_for_openssl_only;

  bool tocsin_rejects(Reason why) const { return tocsin.why == why; }
  bool openssl_rejects(AlertDescription description) const;
  /// Whether both rejected with an alert, and not with the same one.
  bool alerts_differ() const;
  /// One took the hello, or a retry, that the other refused, whatever came of what follows.
  bool openssl_went_on() const;
  bool tocsin_went_on() const;
  /// Neither has sent anything but an alert.
  bool is_before_any_answer() const;
  const ExtensionSeen* extension(std::uint16_t type) const { return hello ? hello->find(type) : nullptr; }
  bool has_record(ContentType type) const;
  /// The two bytes of an alert, in a record of its own.
  bool has_alert(AlertDescription description) const;
  /// A server has answered so, or the server's hello that both clients got is one.
  bool is_tls12() const;
};

/// The predicates.
namespace divergences {
#define X(id, peer, role, about, ruling, clause, corpus_file, sentence) bool id(const Facts& facts);
TOCSIN_DIVERGENCES(X)
#undef X
}  // namespace divergences

}  // namespace tocsin::differential
