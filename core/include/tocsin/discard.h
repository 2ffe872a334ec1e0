#pragma once
/// @file
/// Why a part of a datagram was discarded. A discard is silent and counted, and never an error of the connection (RFC
/// 6347 4.1.2.7). One row per DiscardReason: name, clause, one sentence for people.
#include <cstddef>
#include <cstdint>
#include <string_view>

// clang-format off
#define TOCSIN_DISCARD_REASONS(X) \
  /* datagrams and records; what cannot be parsed takes the rest of its datagram with it */ \
  X(datagram_empty,                    "RFC 6347 4.1.1",   "The datagram is empty.") \
  X(record_truncated,                  "RFC 6347 4.1.1",   "The datagram ends inside a record; a record never spans two datagrams.") \
  X(record_type_unknown,               "RFC 6347 4.1",     "DTLS 1.2 does not define the record's content type.") \
  X(record_version_wrong,              "RFC 6347 4.1",     "The record's version is not that of DTLS here.") \
  X(record_too_long,                   "RFC 6347 4.1",     "The record, or what it holds, is longer than the protocol or the agreed record_size_limit allows.") \
  X(record_empty,                      "RFC 5246 6.2.1",   "An empty alert, handshake or change_cipher_spec record.") \
  X(epoch_unknown,                     "RFC 6347 4.1",     "No keys are held for the record's epoch.") \
  X(record_replayed,                   "RFC 6347 4.1.2.6", "A record with this number was received before.") \
  X(record_too_old,                    "RFC 6347 4.1.2.6", "The record's number lies before the replay window.") \
  X(connection_id_unprotected,         "RFC 9146 4",       "A record with a connection id in epoch 0, where nothing is protected.") \
  X(connection_id_unknown,             "RFC 9146 3",       "A record whose connection id belongs to no association here: it is gone, or never existed.") \
  X(connection_id_missing,             "RFC 9146 3",       "A protected record without the connection id that its association asked for.") \
  X(record_bad_mac,                    "RFC 6347 4.1.2.7", "The record does not authenticate under the keys of its epoch.") \
  X(inner_type_missing,                "RFC 9146 4",       "A record with a connection id that holds only zeros, and no content type.") \
  X(inner_type_wrong,                  "RFC 9146 4",       "A record with a connection id holds a content type that DTLS 1.2 does not define.") \
  X(alert_unauthenticated,             "RFC 6347 4.1.2.7", "An alert that anyone could have forged.") \
  X(alert_malformed,                   "RFC 5246 7.2",     "The record does not hold exactly one alert.") \
  X(change_cipher_spec_malformed,      "RFC 5246 7.1",     "A change_cipher_spec that is not the single byte 1.") \
  X(change_cipher_spec_unexpected,     "RFC 6347 4.1",     "A change_cipher_spec where none is due: repeated, early or forged.") \
  X(application_data_unprotected,      "RFC 6347 4.1",     "Application data without protection.") \
  /* in the listen state, where no association exists and none is made */ \
  X(listening_for_plaintext,           "RFC 6347 4.1",     "A protected record in the listen state: its association is gone, or never existed.") \
  X(listening_not_for_alert,           "RFC 6347 4.2.1",   "A plaintext alert in the listen state.") \
  X(listening_not_for_application_data, "RFC 6347 4.2.1",  "Plaintext application data in the listen state.") \
  X(listening_not_for_change_cipher_spec, "RFC 6347 4.2.1", "A change_cipher_spec in the listen state.") \
  X(listening_not_for_message,         "RFC 6347 4.2.1",   "A handshake message other than a ClientHello in the listen state.") \
  X(hello_malformed,                   "RFC 6347 4.2.1",   "A ClientHello that cannot be decoded in the listen state.") \
  X(hello_fragmented,                  "RFC 6347 4.2.1",   "A fragmented ClientHello in the listen state, which keeps no fragments.") \
  X(hello_repeated,                    "RFC 6347 4.2.1",   "A second ClientHello in a datagram of which one was answered: a datagram gets at most one cookie, flight or refusal.") \
  X(associations_too_many,             "RFC 6347 4.2.1",   "A ClientHello with a valid cookie, when the limit on associations is reached.") \
  X(cookie_spent,                      "RFC 6347 4.2.1",   "A ClientHello with a valid cookie that has begun a handshake already: it begins no other, whatever has become of that.") \
  X(cookie_invalid,                    "RFC 6347 4.2.1",   "The ClientHello's cookie is not ours for this address and these parameters, or is too old.") \
  /* fragments of handshake messages */ \
  X(fragment_malformed,                "RFC 6347 4.2.2",   "A handshake fragment that its record does not hold whole.") \
  X(fragment_beyond_message,           "RFC 6347 4.2.2",   "A fragment that reaches beyond the length of its message.") \
  X(fragment_empty,                    "RFC 6347 4.2.3",   "An empty fragment of a message that is not empty.") \
  X(fragment_inconsistent,             "RFC 6347 4.2.3",   "A fragment whose type, length or epoch is not that of an earlier fragment of its message.") \
  X(fragment_conflicting,              "RFC 6347 4.2.3",   "A fragment that overlaps an earlier one with other bytes.") \
  X(message_from_the_past,             "RFC 6347 4.2.2",   "A fragment of a message that was received before: the peer sends its last flight again.") \
  X(message_too_far_ahead,             "RFC 6347 4.2.2",   "A fragment of a message further ahead than the limit allows.") \
  X(reassembly_full,                   "RFC 6347 4.2.3",   "A fragment for which the limit on unfinished messages leaves no room.") \
  /* after an association was closed */ \
  X(association_closed,                "RFC 6347 4.1",     "An authentic record of an association that is closed.") \
  X(close_notify_late,                 "RFC 5246 7.2.1",   "The close_notify that an association was still owed when it was closed here.") \
  /* ours */ \
  X(called_from_callback,              "RFC 6347 4.1.2.7", "A datagram that a callback of the Listener has given to it.")
// clang-format on

namespace tocsin {

/// Why a part of a datagram was discarded.
enum class DiscardReason : std::uint8_t {
#define X(name, clause, sentence) name,
  TOCSIN_DISCARD_REASONS(X)
#undef X
};

#define X(name, clause, sentence) +1
/// The number of DiscardReasons, for an array of counters.
constexpr std::size_t number_of_discard_reasons = 0 TOCSIN_DISCARD_REASONS(X);
#undef X

/// A part of a datagram that is discarded: silently, without any change, and counted by its reason.
struct Discarded {
  DiscardReason why;  ///< see there
  friend bool operator==(const Discarded&, const Discarded&) = default;
};

/// A discarded record, or the rest of a datagram, as counters and logs see it.
struct DiscardSeen {
  DiscardReason why;              ///< see there
  std::size_t size_bytes = 0;     ///< of the record, or of the rest of the datagram if that is no record
  std::uint8_t content_type = 0;  ///< from the record's header, if there is one
  std::uint16_t epoch = 0;        ///< likewise
  std::uint64_t sequence = 0;     ///< likewise
};

/// The reason's identifier, as in the source: "record_replayed".
std::string_view name_of(DiscardReason why);
/// The clause on which it stands: "RFC 6347 4.1.2.6".
std::string_view clause_of(DiscardReason why);
/// One sentence for people.
std::string_view sentence_of(DiscardReason why);

}  // namespace tocsin
