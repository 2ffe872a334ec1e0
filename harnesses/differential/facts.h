#pragma once
// What a predicate of the ledger may look at.
#include <algorithm>
#include <optional>

#include "core/base/types.h"
#include "harnesses/differential/faults.h"
#include "harnesses/differential/flight.h"
#include "harnesses/differential/ledger.h"

namespace tocsin::differential {

/// What both were fed. Of the verdicts it depends only on whether both retried.
struct InputFacts {
  explicit InputFacts(const Case& compared);
  InputFacts(const InputFacts&) = delete;  // the hellos look into the flight
  InputFacts& operator=(const InputFacts&) = delete;

  Flight flight;
  std::optional<HelloSeen> first_hello;    // if both retried
  std::optional<HelloSeen> hello;          // of the client or of the server; that the verdicts are about
  std::size_t hello_record = 0;            // the number of the record in which it ends
  bool is_more_behind_hello = false;       // a message, a part of one, or another record
  std::optional<ProtocolVersion> version;  // that hello comes to
  Faults faults;                           // of hello: to be refused
  Faults faults_that_may_pass;             // which a server may refuse
  Faults faults_for_openssl_only;          // which OpenSSL refuses otherwise, or alone
};

struct Facts {
  Facts(const Case& compared, const InputFacts& input);

  const Case& compared;
  const InputFacts& input;
  const Verdict &tocsin, &openssl;
  const Flight& flight;
  const std::optional<HelloSeen>&first_hello, &hello;
  const Faults& faults;

  /// With the alert of this Reason. Silence, or another alert, is excused by nothing.
  bool tocsin_rejects(Reason why) const { return tocsin.end == End::rejected && tocsin.why == why; }
  bool openssl_rejects(AlertDescription description) const;
  /// Both rejected with an alert, and had come as far; it is not the same.
  bool alerts_differ() const;
  bool has_come_as_far() const { return tocsin.answered == openssl.answered && tocsin.retried == openssl.retried; }
  /// One took the hello that the other refused, whatever came of what follows.
  bool openssl_took_hello() const;
  bool tocsin_took_hello() const;
  /// What tocsin does with the hello is what its faults ask for; or something that stands before it ended tocsin.
  bool is_tocsin_right() const;
  /// Neither has sent anything but an alert.
  bool is_before_any_answer() const;
  const ExtensionSeen* extension(std::uint16_t type) const { return hello ? hello->find(type) : nullptr; }
  /// A record behind the hello that both took.
  template <class Is>
  bool any_record_behind_hello(Is&& is) const;
  /// The first alert in a record of its own that is not user_canceled.
  std::optional<dissect::RecordView> first_alert() const;
  /// The hello is of TLS 1.2; a server has answered it so.
  bool is_tls12() const;
  /// Whole records, in the handshake, with one hello after the other: then no other rule can be broken than the hellos'.
  bool holds_nothing_but_hellos() const;
};

template <class Is>
bool Facts::any_record_behind_hello(Is&& is) const {
  if (!hello) return false;
  const auto& records = flight.records;
  const auto behind = static_cast<std::ptrdiff_t>(std::min(input.hello_record + 1, records.size()));
  return std::any_of(records.begin() + behind, records.end(), is);
}

/// In plaintext, an alert in a record of its own.
bool holds_alert(const dissect::RecordView& record, AlertDescription description);
/// tocsin refuses the hello for this fault, which OpenSSL does not see. type: of the extension that it is in.
bool is_taken_by_openssl(const Facts& facts, Reason why, FaultKind kind);
bool is_taken_by_openssl(const Facts& facts, Reason why, FaultKind kind, wire::ExtensionType type);
/// Both refuse the hello for this fault, OpenSSL with an alert of its own.
bool is_refused_by_both(const Facts& facts, Reason why, FaultKind kind, AlertDescription alert);

/// Whether tocsin sent the alert of its Reason, if it refused.
bool is_sound(const Verdict& tocsin);

/// The predicates.
namespace divergences {
#define X(id, peer, role, about, ruling, clause, corpus_file, sentence) bool id(const Facts& facts);
TOCSIN_DIVERGENCES(X)
#undef X
}  // namespace divergences

}  // namespace tocsin::differential
