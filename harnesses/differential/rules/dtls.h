#pragma once
// What a datagram breaks that comes to a listener of DTLS 1.2. It shares no table and no decoder with core/.
#include <optional>
#include <vector>

#include "harnesses/differential/rules/judge.h"

namespace tocsin::rules {

/// How it stands with the address that a datagram comes from. Nothing is known of it, and no cookie in the datagram is one of
/// the listener's; or a handshake has begun with the message of number 1, asks for no client certificate, and waits for the
/// next.
enum class Situation : std::uint8_t { listening, waits_for_key_exchange };

/// connection_id_bytes: how long those are that the listener gives; 0: it gives none. Nothing if nobody can tell what is due.
std::optional<Reading> read_datagram(ByteView datagram, std::size_t connection_id_bytes,
                                     Situation situation = Situation::listening);

/// What a listener that tells of each record did with one.
struct RecordConduct {
  std::optional<DiscardReason> discarded;
  bool is_answered = false;
};
/// Of the records in their order. Those that it does not tell of are taken for discarded, without a word why.
std::optional<Deviation> judge_records(const Reading& reading, const std::vector<RecordConduct>& records,
                                       std::string_view stack);

/// The same only of what it calls discards, of whichever records.
std::optional<Deviation> judge_names(const Reading& reading, const std::vector<RecordConduct>& records, std::string_view stack);

/// What is wrong with a datagram that a listener sent in answer to this one (RFC 6347 4.2.1); nothing if it is as it should be:
/// one HelloVerifyRequest, under the number of the ClientHello's record, and no longer than what came.
std::optional<std::string> fault_of_answer(ByteView answer, ByteView datagram);

}  // namespace tocsin::rules
