#pragma once
// The known divergences in the listen state: where one of OpenSSL's listeners does something else with a stray than tocsin's
// Listener. One row each: id, the ways of listening that it is about, ruling, the clause it stands on, the corpus file that
// shows it, one sentence. A row holds where its predicate does, a function of the same name in listen_ledger.cc.
// DIVERGENCES.md is generated from these rows, too; harnesses/scenarios/listen_ledger_test.cc replays every file.
#include <span>
#include <string_view>
#include <vector>

#include "harnesses/differential/ledger.h"

// clang-format off
#define TOCSIN_LISTEN_DIVERGENCES(X) \
  X(empty_datagram_an_error,    any,            peer_deviates, "RFC 6347 4.1.2.7", "dtls_listen_openssl/garbage-aa-0", "OpenSSL reports an error for an empty datagram: DTLSv1_listen returns -1, SSL_accept gives SSL_ERROR_SYSCALL. It can be called again.") \
  X(later_records_unread,       listen,         both_allowed,  "RFC 6347 4.1.1",   "dtls_listen_openssl/alert-then-ch-same-dgram", "DTLSv1_listen looks at the first record of a datagram alone.") \
  X(record_version_minor_any,   without_cookie, we_are_stricter, "RFC 5246 E.1",   "dtls_listen_openssl/rec-ver-fe00", "OpenSSL takes any minor version in the header of a first record; here it is that of DTLS 1.0 or 1.2.") \
  X(rest_of_datagram_waits,     accepts,        peer_deviates, "RFC 6347 4.1.1",   "dtls_listen_openssl/ccs-then-ch-same-dgram", "SSL_accept returns after a change_cipher_spec, and what is behind it in the datagram waits for the next one.") \
  X(rest_behind_next_epoch_lost, accepts,       both_allowed,  "RFC 6347 4.1.1",   "dtls_listen_openssl/epoch1-then-ch-same-dgram", "SSL_accept keeps a record of the next epoch together with what is behind it in the datagram, which is never read.") \
  X(read_on_behind_bad_header,  accepts,        peer_deviates, "RFC 6347 4.1.2.7",  "dtls_listen_openssl/bad-header-then-ch-same-dgram", "SSL_accept reads on behind a record header that it discards, as if the next record began there.") \
  X(plaintext_alert_heeded,     accepts,        peer_deviates, "RFC 6347 4.1.2.7", "dtls_listen_openssl/alert-fatal-close-notify", "SSL_accept fails, or is closed, by a plaintext alert that anybody could send.") \
  X(unexpected_record_fatal,    accepts,        peer_deviates, "RFC 6347 4.1.2.7", "dtls_listen_openssl/appdata-plain", "SSL_accept fails with unexpected_message for plaintext application data or a record of an unknown type.") \
  X(change_cipher_spec_judged,  accepts,        peer_deviates, "RFC 6347 4.1.2.7", "dtls_listen_openssl/ccs-02", "SSL_accept fails with unexpected_message for a change_cipher_spec that does not begin with 1.") \
  X(other_message_fatal,        accepts,        peer_deviates, "RFC 6347 4.2.1",   "dtls_listen_openssl/hs-finished", "SSL_accept fails with unexpected_message for another message than a ClientHello, or for less than the header of one.") \
  X(fragment_judged,            accepts,        peer_deviates, "RFC 6347 4.2.1",   "dtls_listen_openssl/ch-fraglen-ffffff", "SSL_accept fails for a ClientHello's fragment whose lengths do not fit, that is empty, or of too long a message.") \
  X(fragment_an_error,          accepts,        peer_deviates, "RFC 6347 4.2.1",   "dtls_listen_openssl/ch-len-ffffff", "SSL_accept gives SSL_ERROR_SYSCALL, without an error in the queue, for a fragment that reaches beyond its message or is of one too long, and reads what is left of its datagram later.") \
  X(long_record_fatal,          accepts,        peer_deviates, "RFC 6347 4.1.2.7", "dtls_listen_openssl/rec-len-2-14-1", "SSL_accept fails with record_overflow for a plaintext record of more than 2^14 bytes.") \
  X(malformed_hello_taken,      without_cookie, peer_deviates, "RFC 5246 7.4.1.4",  "dtls_listen_openssl/ch-unknown-extension-twice", "SSL_accept without cookies goes on from a ClientHello that breaks a rule it does not look for, an unknown extension that stands twice say.") \
  X(invalid_cookie_fatal,       accept,         peer_deviates, "RFC 6347 4.2.1",   "dtls_listen_openssl/ch-then-bad-cookie", "SSL_accept fails with handshake_failure for an invalid cookie, which is to be treated as none.") \
  X(plaintext_number_used_up,   accepts,        peer_deviates, "RFC 6347 4.1.2.6", "dtls_listen_openssl/ccs", "SSL_accept puts plaintext records into its replay window, though nobody has verified them: a ClientHello with such a number vanishes, and the client has to send it again.") \
  X(replay_window_moved,        accepts,        peer_deviates, "RFC 6347 4.1.2.6", "dtls_listen_openssl/ch-seq-max", "The same with a number far ahead: no client gets through any more.") \
  X(message_ahead_kept,         accepts,        peer_deviates, "RFC 6347 4.2.1",   "dtls_listen_openssl/ch-bad-cookie", "SSL_accept keeps a handshake message from ahead, or a part of one, before it has seen a cookie: it answers when all parts have come, or takes it later for the client's.") \
  X(short_record_of_next_epoch_kept, accepts,   peer_deviates, "RFC 6347 4.1.2.7", "dtls_listen_openssl/epoch1-type-25-of-12-bytes", "SSL_accept keeps a record of the next epoch, of whatever type, before it has seen a cookie. One too short for its tag fails the next handshake when the keys come, unless its number is that of the client's Finished.")
// clang-format on

namespace tocsin::differential {

/// How OpenSSL listens. The second and third by SSL_accept.
enum class ListenMode : std::uint8_t { listen, accept, accept_without_cookie };
inline constexpr ListenMode all_listen_modes[] = {ListenMode::listen, ListenMode::accept, ListenMode::accept_without_cookie};
std::string_view name_of(ListenMode mode);

/// The modes that a row is about.
enum class ListenModes : std::uint8_t { any, listen, accept, without_cookie, accepts };

/// What OpenSSL did otherwise, by tiers.
enum class ListenDifference : std::uint8_t {
  openssl_answers,  // alone
  tocsin_answers,
  alert_sent,  // by OpenSSL: a Listener sends none
  failed,      // OpenSSL's object, without an alert
  complained,  // an error that can be gone on from
  delays,      // an honest client afterwards gets through, but not at once
  unusable,    // it does not
};
std::string_view name_of(ListenDifference difference);

struct ListenCase {
  ListenMode mode;
  ListenDifference what;
  ByteView stray;                  // that made the difference
  std::span<const Bytes> earlier;  // what this object was given before it
};

struct ListenDivergence {
  std::string_view id;
  ListenModes modes;
  Ruling ruling;
  std::string_view clause, corpus_file, sentence;
  bool (*holds)(const ListenCase&);
};

const std::vector<ListenDivergence>& listen_ledger();

/// The rows that hold for this difference.
std::vector<std::string_view> listen_entries_for(const ListenCase& seen,
                                                 std::span<const ListenDivergence> rows = listen_ledger());

}  // namespace tocsin::differential
