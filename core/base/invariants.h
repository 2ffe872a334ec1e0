#pragma once
// The catalogue of invariants: what must be true whatever the peer sends. Each is checked inside the core (INVARIANT), in every
// build, and by an outside checker that sees only bytes and events (harnesses/checkers); each has a planted defect in
// fuzz/defects that breaks it. INVARIANTS.md is generated from these rows by ci/generate.
#include <cstddef>
#include <string_view>

#include "tocsin/error.h"

// clang-format off
// id, statement, source, where it is checked: `both` sides, or `outside` only, where it compares runs or ends
#define TOCSIN_INVARIANTS(X) \
  X(fatal_queues_one_alert,      "Every fatal error queues exactly one fatal alert, and nothing follows it.", "RFC 9846 6.2; rustls #1792", both) \
  X(entry_points_agree,               "A server gives the same bytes and the same error, whether it starts directly or by Acceptor.", "rustls #1792", outside) \
  X(stream_writes_first,         "A Stream has written what a call queued, an alert above all, before the call reports anything.", "rustls #1792", outside) \
  X(errors_are_sticky,           "After an error every call gives the same error, and nothing more is sent or delivered.", "RFC 9846 6.2", both) \
  X(peer_alert_is_not_answered,  "A received fatal alert is never answered with an alert.", "RFC 9846 6.2", both) \
  X(no_data_before_finished,     "No application data is delivered before the peer's Finished is verified.", "RFC 9846 4.5.3", both) \
  X(nonce_used_once,             "No nonce is used twice under one key.", "RFC 9846 5.3", both) \
  X(segmentation_is_invisible,   "How the input is cut into calls changes neither output, events nor errors.", "RFC 9846 5.1", outside) \
  X(both_ends_agree,             "Both ends of a completed handshake agree on version, suite, group, ALPN, exporter and data.", "RFC 9846 7.5", outside) \
  X(tampering_is_noticed,        "A handshake in which any proof or key was changed never completes with both ends in agreement.", "RFC 9846 4.5", outside) \
  X(completion_needs_proof,      "No handshake completes before the peer has sent all that RFC 9846 demands, in its order, under the right keys, unedited.", "RFC 9846 4.5, Appendix A", outside) \
  X(key_updates_in_turn,         "A KeyUpdate asks for another only if none is due, and one that the peer asked for comes once, before the next application data.", "RFC 9846 4.7.3", outside) \
  X(records_are_well_formed,     "Everything sent is a sequence of whole records within the size limits.", "RFC 9846 5.1; RFC 8449 4", both) \
  X(memory_is_bounded,           "What an unfinished input makes us hold stays within the named limits.", "RFC 9846 C.3", both) \
  X(same_input_same_output,      "The same calls, time and randomness give the same output.", "design", outside) \
  X(strays_change_nothing,       "A stray in the listen state is discarded: output, events and state are those of a run without it.", "RFC 6347 4.1.2.7; Mbed TLS #9652", outside) \
  X(address_changes_by_proof,    "A peer's address changes only by an authentic record under its connection id that is newer than all before.", "RFC 9146 6", outside) \
  X(sent_messages_break_no_rule, "What a connection sends breaks no rule for which whoever gets it must refuse it.", "RFC 9846 4, RFC 5246 7.4", outside) \
  X(calls_suit_the_state,        "To write, to update keys and to export keying material is a Misuse before the handshake is complete, and to write is one after close.", "RFC 9846 2, 6.1", outside) \
  X(callbacks_are_contained,     "A callback that calls the object that it is called by is refused; that it destroys or moves that object, or throws, harms nothing else.", "design", outside) \
  X(unverified_peer_costs_nothing, "Until a peer has shown a cookie nothing is kept for it, and it gets at most a datagram for a datagram, and no longer one.", "RFC 6347 4.2.1", outside)
// clang-format on

namespace tocsin {

enum class Invariant : std::uint8_t {
#define X(id, statement, source, checked) id,
  TOCSIN_INVARIANTS(X)
#undef X
};

#define X(id, statement, source, checked) +1
constexpr std::size_t number_of_invariants = 0 TOCSIN_INVARIANTS(X);
#undef X

std::string_view name_of(Invariant invariant);
std::string_view statement_of(Invariant invariant);

}  // namespace tocsin

// In a function that gives a Result: leaves it with the broken invariant, which closes the connection through the funnel.
#define INVARIANT(id, ...)                                                                                   \
  do {                                                                                                       \
    if (!(__VA_ARGS__)) return ::tocsin::Fatal{::tocsin::Reason::invariant_broken, ::tocsin::Invariant::id}; \
  } while (false)
