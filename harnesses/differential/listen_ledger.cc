#include "harnesses/differential/listen_ledger.h"

#include <algorithm>
#include <set>

#include "harnesses/differential/stray.h"

namespace tocsin::differential {
namespace {

using enum ListenDifference;

using dissect::FragmentView;

bool is_fatal(const ListenCase& seen) { return seen.what == alert_sent || seen.what == failed; }

/// A ClientHello that tocsin does not look at; SSL_accept may also refuse it for what it holds.
bool takes_hello(const ListenCase& seen) {
  return seen.what == openssl_answers || (seen.what == alert_sent && seen.mode != ListenMode::listen);
}

template <class Is>
bool any_record(const ListenCase& seen, Is&& is) {
  return std::ranges::any_of(records_of(seen.stray), is);
}
template <class Is>
bool any_earlier_record(const ListenCase& seen, Is&& is) {
  return std::ranges::any_of(seen.earlier, [&](const Bytes& stray) { return std::ranges::any_of(records_of(stray), is); });
}
/// Of all that the object was given.
template <class Is>
bool any_record_so_far(const ListenCase& seen, Is&& is) {
  return any_record(seen, is) || any_earlier_record(seen, is);
}
/// Of handshake records in plaintext.
template <class Is>
bool has_fragment(const StrayRecord& record, Is&& is) {
  return record.is_plaintext() && std::ranges::any_of(fragments_of(record), is);
}
template <class Is>
bool any_fragment(const ListenCase& seen, Is&& is) {
  return any_record(seen, [&](const StrayRecord& record) { return has_fragment(record, is); });
}

bool is_hello(const FragmentView& fragment) { return fragment.is_header_whole && fragment.type == HandshakeType::client_hello; }
bool is_part_of_hello(const FragmentView& fragment) { return is_hello(fragment) && !fragment.is_whole_message(); }
bool is_malformed(const FragmentView& fragment) {
  return is_hello(fragment) && fragment.is_whole_message() && is_malformed_hello(fragment.body);
}
/// Of no message, or of one that is too long for OpenSSL.
bool is_beyond_any_message(const FragmentView& fragment) {
  constexpr std::size_t message_bytes_max = 1u << 14;
  return fragment.length_bytes > message_bytes_max || fragment.offset_bytes + fragment.fragment_bytes > fragment.length_bytes;
}
/// What DTLSv1_listen could answer.
bool begins_with_hello(const StrayRecord& record) {
  const auto fragments = fragments_of(record);
  return record.is_plaintext() && !fragments.empty() && is_hello(fragments[0]) && fragments[0].is_whole_message() &&
         !is_malformed(fragments[0]);
}

/// A message with a higher number is kept for later.
std::size_t hellos_so_far(const ListenCase& seen) {
  std::size_t hellos = 0;
  (void)any_record_so_far(seen, [&](const StrayRecord& record) {
    if (record.is_plaintext()) hellos += static_cast<std::size_t>(std::ranges::count_if(fragments_of(record), is_hello));
    return false;
  });
  return hellos;
}

/// What tocsin could answer.
bool is_sound_hello(const StrayRecord& record) {
  constexpr std::size_t plaintext_bytes_max = 1u << 14;
  return (record.version == 0xfefd || record.version == 0xfeff) && record.length_bytes <= plaintext_bytes_max &&
         begins_with_hello(record);
}
bool tocsin_alone_answers(const ListenCase& seen) { return seen.what == tocsin_answers && any_record(seen, is_sound_hello); }

/// Whether a ClientHello in it has a number that stands in this relation to one of before.
template <class Stands>
bool any_hello_behind(const ListenCase& seen, Stands&& stands) {
  std::vector<std::uint64_t> before;
  const auto note = [&](const StrayRecord& record) {
    if (record.is_plaintext()) before.push_back(record.sequence);
  };
  for (const Bytes& stray : seen.earlier) std::ranges::for_each(records_of(stray), note);
  return any_record(seen, [&](const StrayRecord& record) {
    const auto is_behind = [&](std::uint64_t other) { return stands(record.sequence, other); };
    const bool found = begins_with_hello(record) && std::ranges::any_of(before, is_behind);
    note(record);
    return found;
  });
}

/// Of a long one OpenSSL takes as much as the header of a message has.
bool has_rest_behind_change_cipher_spec(ByteView stray) {
  constexpr std::size_t taken_bytes_max = 12;
  const auto records = records_of(stray);
  const auto found = std::ranges::find_if(records, [](const StrayRecord& record) {
    return record.type == ContentType::change_cipher_spec && record.is_plaintext();
  });
  return found != records.end() && (found + 1 != records.end() || found->length_bytes > taken_bytes_max);
}

bool is_about(ListenModes modes, ListenMode mode) {
  switch (modes) {
    case ListenModes::any:
      return true;
    case ListenModes::listen:
      return mode == ListenMode::listen;
    case ListenModes::accept:
      return mode == ListenMode::accept;
    case ListenModes::without_cookie:
      return mode == ListenMode::accept_without_cookie;
    case ListenModes::accepts:
      return mode != ListenMode::listen;
  }
  __builtin_unreachable();
}

}  // namespace

namespace listen_divergences {

bool empty_datagram_an_error(const ListenCase& seen) { return seen.what == complained && seen.stray.empty(); }

bool later_records_unread(const ListenCase& seen) {
  const auto records = records_of(seen.stray);
  const auto hello = std::ranges::find_if(records, is_sound_hello);
  // Behind a header that says nothing neither looks.
  return tocsin_alone_answers(seen) && hello != records.begin() && !begins_with_hello(records[0]) &&
         std::none_of(records.begin(), hello, [](const StrayRecord& record) { return record.has_discarded_header(); });
}

bool record_version_minor_any(const ListenCase& seen) {
  return takes_hello(seen) && any_record(seen, [](const StrayRecord& record) {
           return record.version != 0xfeff && record.version != 0xfefd && has_fragment(record, is_hello);
         });
}

bool rest_behind_next_epoch_lost(const ListenCase& seen) {
  const auto records = records_of(seen.stray);
  return tocsin_alone_answers(seen) && std::ranges::any_of(records, [&](const StrayRecord& record) {
           return record.epoch == 1 && (record.type == ContentType::alert || record.type == ContentType::handshake) &&
                  &record != &records.back();
         });
}

bool rest_of_datagram_waits(const ListenCase& seen) {
  const bool is_answer_late = tocsin_alone_answers(seen) || seen.what == delays || seen.what == unusable;
  return (is_answer_late && has_rest_behind_change_cipher_spec(seen.stray)) ||
         std::ranges::any_of(seen.earlier, has_rest_behind_change_cipher_spec);
}

bool read_on_behind_bad_header(const ListenCase& seen) {
  const auto records = records_of(seen.stray);
  const auto bad = std::ranges::find_if(records, &StrayRecord::has_discarded_header);
  return takes_hello(seen) &&
         std::any_of(bad, records.end(), [](const StrayRecord& record) { return has_fragment(record, is_hello); });
}

bool plaintext_alert_heeded(const ListenCase& seen) {
  const auto is_alert = [](const StrayRecord& record) { return record.type == ContentType::alert && record.is_plaintext(); };
  if (seen.what == unusable) return any_record_so_far(seen, is_alert);
  // Without cookies an association begins with the ClientHello.
  const bool is_any_heeded = is_fatal(seen) && seen.mode == ListenMode::accept;
  const auto records = records_of(seen.stray);
  const auto end = is_any_heeded ? records.end() : std::ranges::find_if(records, is_sound_hello);
  return (is_fatal(seen) || tocsin_alone_answers(seen)) &&
         (any_earlier_record(seen, is_alert) || std::any_of(records.begin(), end, is_alert));
}

bool unexpected_record_fatal(const ListenCase& seen) {
  return seen.what == alert_sent && any_record(seen, [](const StrayRecord& record) {
           return record.is_plaintext() && record.type != ContentType::change_cipher_spec &&
                  record.type != ContentType::alert && record.type != ContentType::handshake;
         });
}

bool change_cipher_spec_judged(const ListenCase& seen) {
  return seen.what == alert_sent && any_record(seen, [](const StrayRecord& record) {
           return record.is_plaintext() && record.type == ContentType::change_cipher_spec && record.fragment[0] != 1;
         });
}

bool other_message_fatal(const ListenCase& seen) {
  return seen.what == alert_sent && any_fragment(seen, [&](const FragmentView& fragment) {
           const bool is_cut = !fragment.is_header_whole || !fragment.is_whole();
           return !is_hello(fragment) && (is_cut || fragment.message_seq <= hellos_so_far(seen));
         });
}

bool fragment_judged(const ListenCase& seen) {
  return seen.what == alert_sent && any_fragment(seen, [](const FragmentView& fragment) {
           return is_part_of_hello(fragment) &&
                  (fragment.fragment_bytes == 0 || !fragment.is_whole() || is_beyond_any_message(fragment));
         });
}

bool fragment_an_error(const ListenCase& seen) {
  const auto is_beyond = [](const StrayRecord& record) { return has_fragment(record, is_beyond_any_message); };
  if (is_fatal(seen) || seen.what == openssl_answers) return any_earlier_record(seen, is_beyond);
  const bool is_answer_late = seen.what == tocsin_answers || seen.what == delays || seen.what == unusable;
  return (seen.what == complained || is_answer_late) && any_record_so_far(seen, is_beyond);
}

bool long_record_fatal(const ListenCase& seen) {
  constexpr std::size_t plaintext_bytes_max = 1u << 14;
  return seen.what == alert_sent && any_record(seen, [](const StrayRecord& record) {
           return record.is_plaintext() && record.length_bytes > plaintext_bytes_max;
         });
}

bool malformed_hello_taken(const ListenCase& seen) {
  return seen.what == openssl_answers && any_fragment(seen, [](const FragmentView& fragment) {
           return is_malformed(fragment) && fragment.message_seq == 0;
         });
}

bool invalid_cookie_fatal(const ListenCase& seen) {
  return seen.what == alert_sent && any_fragment(seen, [&](const FragmentView& fragment) {
           return is_hello(fragment) && fragment.is_whole_message() && has_cookie(fragment.body) &&
                  fragment.message_seq < hellos_so_far(seen);
         });
}

bool plaintext_number_used_up(const ListenCase& seen) {
  constexpr std::uint64_t sent_by_a_client = 4;
  if (seen.what == delays)
    return any_record_so_far(
        seen, [](const StrayRecord& record) { return record.is_plaintext() && record.sequence < sent_by_a_client; });
  return seen.what == tocsin_answers &&
         any_hello_behind(seen, [](std::uint64_t hello, std::uint64_t other) { return hello == other; });
}

bool replay_window_moved(const ListenCase& seen) {
  constexpr std::uint64_t window_records = 64;
  if (seen.what == tocsin_answers)
    return any_hello_behind(seen, [](std::uint64_t hello, std::uint64_t other) { return other >= hello + window_records; });
  return (seen.what == delays || seen.what == unusable) && any_record_so_far(seen, [](const StrayRecord& record) {
           return record.is_plaintext() && record.sequence >= window_records;
         });
}

bool message_ahead_kept(const ListenCase& seen) {
  const auto is_kept = [](const StrayRecord& record) {
    return has_fragment(record, [](const FragmentView& fragment) {
      return fragment.is_header_whole && (fragment.message_seq != 0 || !fragment.is_whole_message()) &&
             !is_beyond_any_message(fragment);
    });
  };
  if (seen.what == unusable) return any_record_so_far(seen, is_kept);
  // Of one that is kept another length was said.
  const auto is_of_another_length = [&](const FragmentView& fragment) {
    return any_earlier_record(seen, [&](const StrayRecord& record) {
      return has_fragment(record, [&](const FragmentView& other) {
        return other.message_seq == fragment.message_seq && other.length_bytes != fragment.length_bytes;
      });
    });
  };
  // What is behind the header of such a one waits, and is read as a message next, whatever comes.
  const bool is_rest_read = seen.what == alert_sent && any_earlier_record(seen, [&](const StrayRecord& record) {
                              return has_fragment(record, is_of_another_length);
                            });
  const bool has_effect = (seen.what == openssl_answers && any_fragment(seen, is_part_of_hello)) || seen.what == alert_sent ||
                          (seen.what == complained && any_fragment(seen, is_of_another_length));
  // A record whose number was used up is not read.
  const bool is_read = any_record(seen, [&](const StrayRecord& record) {
    return record.is_plaintext() && !any_earlier_record(seen, [&](const StrayRecord& other) {
             return other.is_plaintext() && other.sequence == record.sequence;
           });
  });
  return has_effect && (is_read || is_rest_read) && any_earlier_record(seen, is_kept);
}

bool short_record_of_next_epoch_kept(const ListenCase& seen) {
  constexpr std::size_t nonce_and_tag_bytes = 8 + 16;
  std::set<std::uint64_t> kept;  // the first of a number is
  const auto is_too_short = [&](const StrayRecord& record) {
    if (record.version >> 8 != 0xfe || record.epoch != 1 || !record.is_whole() || record.length_bytes == 0) return false;
    return kept.insert(record.sequence).second && record.sequence != 0 && record.length_bytes < nonce_and_tag_bytes;
  };
  return seen.what == unusable && (any_earlier_record(seen, is_too_short) || any_record(seen, is_too_short));
}

}  // namespace listen_divergences

std::string_view name_of(ListenMode mode) {
  switch (mode) {
    case ListenMode::listen:
      return "listen";
    case ListenMode::accept:
      return "accept";
    case ListenMode::accept_without_cookie:
      return "accept_without_cookie";
  }
  __builtin_unreachable();
}

std::string_view name_of(ListenDifference difference) {
  switch (difference) {
    case openssl_answers:
      return "OpenSSL alone answers";
    case tocsin_answers:
      return "tocsin alone answers";
    case alert_sent:
      return "OpenSSL sends an alert";
    case failed:
      return "OpenSSL fails silently";
    case complained:
      return "OpenSSL reports an error and goes on";
    case delays:
      return "afterwards an honest client has to send again";
    case unusable:
      return "afterwards no honest client gets through";
  }
  __builtin_unreachable();
}

const std::vector<ListenDivergence>& listen_ledger() {
  using enum Ruling;
  static const std::vector<ListenDivergence> rows{
#define X(id, modes, ruling, clause, corpus_file, sentence) \
  {#id, ListenModes::modes, ruling, clause, corpus_file, sentence, listen_divergences::id},
      TOCSIN_LISTEN_DIVERGENCES(X)
#undef X
  };
  return rows;
}

std::vector<std::string_view> listen_entries_for(const ListenCase& seen, std::span<const ListenDivergence> rows) {
  std::vector<std::string_view> ids;
  for (const ListenDivergence& row : rows)
    if (is_about(row.modes, seen.mode) && row.holds(seen)) ids.push_back(row.id);
  return ids;
}

}  // namespace tocsin::differential
