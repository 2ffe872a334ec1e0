// What comes in: records in any order, fragments, messages, alerts. What is of no use is discarded, and never an error.
#include "core/dtls/association.h"

namespace tocsin {

using namespace handshake;

namespace {

Outcome discard(DiscardReason why, const record::DtlsRecord& record, auto& step) {
  step.discarded.emplace_back(seen_of(why, record));
  return Done{};
}

}  // namespace

Outcome Association::receive(ByteView datagram, Now now, DatagramOutput& out) {
  if (failure_) return *failure_;
  record::DatagramReader reader(datagram, record::DtlsVersions::initial, connection_id().size());
  std::size_t at = 0;
  while (const auto next = reader.next()) {
    if (!*next) {
      out.discarded.push_back({next->error().why, datagram.size() - at});
      break;
    }
    at += (*next)->size_bytes();
    RecordOutcome taken;
    TOCSIN_TRY(receive_record(**next, now, out, taken));
  }
  return end_datagram(now, out);
}

Outcome Association::receive_record(const record::DtlsRecord& record, Now now, DatagramOutput& out, RecordOutcome& taken) {
  // RFC 6347 4.1: the epoch says which keys a record is under; so a lost change_cipher_spec is not waited for.
  if (record.header.epoch == read_.current().epoch() + 1 && expects_change_cipher_spec(state_))
    TOCSIN_TRY(run(now, out, [&](Step& step) { return switch_read_keys(step); }));
  TOCSIN_TRY(run(now, out, [&](StepOfTransport& step) { return take_record(record, step, taken); }));
  return take_messages(now, out);
}

Outcome Association::end_datagram(Now now, DatagramOutput& out) {
  if (failure_) return *failure_;
  // RFC 6347 4.2.4: the peer repeats its flight because ours was lost.
  //= RFC 6347 4.2.4 //# MUST respond to a retransmit of the peer's last flight with a retransmit of the last
  if (!std::exchange(peer_repeats_, false) || flight_.empty()) return Done{};
  return run(now, out, [&](StepOfTransport& step) -> Outcome {
    step.sends_flight_again = true;
    return Done{};
  });
}

Outcome Association::take_record(const record::DtlsRecord& record, StepOfTransport& step, RecordOutcome& taken) {
  record::DtlsOpener* opener = read_.of(record.header.epoch);
  //= RFC 6347 4.1 //# In general, implementations SHOULD discard packets from earlier epochs, but if packet
  //= RFC 6347 4.1 //# Implementations MAY either buffer or discard such packets, though when DTLS is used
  if (opener == nullptr) return discard(DiscardReason::epoch_unknown, record, step);
  const auto opened = opener->open(record, received_inner_bytes_max_ - 1, step.room.lend(opener->content_bytes_of(record)));
  //= RFC 6347 4.1.2.7 //# In general, invalid records SHOULD be silently discarded, thus preserving the
  if (!opened) return discard(opened.error().why, record, step);
  if (record.header.epoch != 0) heard_ = step.now.instant;
  taken.is_newest = opened->is_newest && record.header.epoch == read_.current().epoch();
  return lingers_ ? take_lingering(record, *opened, step, taken) : take_content(record, *opened, step, taken);
}

Outcome Association::take_lingering(const record::DtlsRecord& record, const record::DtlsOpened& opened, StepOfTransport& step,
                                    RecordOutcome& taken) {
  const Result<wire::Alert> alert = wire::decode_alert(opened.content);
  const bool is_close_notify = opened.type == ContentType::alert && alert && wire::is_level(alert->level) &&
                               alert->description == AlertDescription::close_notify;
  taken.is_of_use = record.header.epoch != 0;
  const bool is_owed = taken.is_of_use && is_close_notify && !closed_by_peer_;
  closed_by_peer_ = closed_by_peer_ || is_owed;
  return discard(is_owed ? DiscardReason::close_notify_late : DiscardReason::association_closed, record, step);
}

Outcome Association::take_content(const record::DtlsRecord& record, const record::DtlsOpened& opened, StepOfTransport& step,
                                  RecordOutcome& taken) {
  const auto& [type, content, is_newest] = opened;
  const bool is_protected = record.header.epoch != 0;
  switch (type) {
    case ContentType::handshake:
      return take_fragments(record, content, step, taken);
    case ContentType::change_cipher_spec:
      if (content.size() != 1 || content[0] != 1) return discard(DiscardReason::change_cipher_spec_malformed, record, step);
      if (is_protected || !expects_change_cipher_spec(state_))
        return discard(DiscardReason::change_cipher_spec_unexpected, record, step);
      taken.is_of_use = true;
      return switch_read_keys(step);
    case ContentType::alert:
      if (!is_protected) {
        note_refusal(content);
        return discard(DiscardReason::alert_unauthenticated, record, step);
      }
      if (content.size() != 2) return discard(DiscardReason::alert_malformed, record, step);
      taken.is_of_use = true;
      return take_alert(content, step.effects);
    case ContentType::application_data:
      break;
  }
  if (!is_protected) return discard(DiscardReason::application_data_unprotected, record, step);
  // Under the right keys, but ahead of the Finished that it must follow: reordered, and not kept.
  //= RFC 6347 4.2.4 //# Implementations MUST either discard or buffer all application data packets for the new
  if (established() == nullptr) return discard(DiscardReason::message_too_far_ahead, record, step);
  if (closed_by_peer_) return discard(DiscardReason::association_closed, record, step);
  taken.is_of_use = true;
  deliver(content.size(), step.effects);
  return Done{};
}

Outcome Association::take_fragments(const record::DtlsRecord& record, ByteView content, StepOfTransport& step,
                                    RecordOutcome& taken) {
  for (Reader reader(content); !reader.empty();) {
    const auto fragment = wire::read_fragment(reader);
    if (!fragment) return discard(fragment.error().why, record, step);
    if (const auto added = reassembly_.add(*fragment, record.header.epoch); !added) {
      if (added.error().why == DiscardReason::message_from_the_past) note_repetition(fragment->header, record.header.epoch);
      (void)discard(added.error().why, record, step);
      continue;
    }
    taken.is_of_use = true;
    // A server that keeps nothing asks for cookies as often as it refuses.
    if (fragment->header.type != HandshakeType::hello_verify_request) timer_.forget_refusals();
  }
  return Done{};
}

/// An alert that could be forged ends nothing: the peer may yet complete the handshake.
void Association::note_refusal(ByteView alert) {
  const auto decoded = wire::decode_alert(alert);
  if (decoded && decoded->level == AlertLevel::fatal) timer_.note_refusal(decoded->description);
}

/// The end of the flight that ours answers: the peer sends it again, as it has not seen ours.
void Association::note_repetition(const wire::FragmentHeader& header, std::uint16_t epoch) {
  const bool is_end = header.message_seq + 1u == answered_message_seq_ &&
                      header.fragment_offset_bytes + header.fragment_length_bytes == header.length_bytes;
  // Once there are keys, anybody can send what stands before them.
  if (!is_end || peer_repeats_ || epoch != read_.current().epoch()) return;
  // A record that authenticates is the peer's own and new to the replay window, so it is answered however many came before it.
  // Plaintext can be forged: what it can have sent again is limited.
  if (epoch == 0 && plaintext_repetitions_answered_ == limits_.retransmissions_max) return;
  if (epoch == 0) ++plaintext_repetitions_answered_;
  peer_repeats_ = true;
}

Outcome Association::take_messages(Now now, DatagramOutput& out) {
  while (const std::optional<dtls::Reassembled> whole = reassembly_.whole()) {
    // What must be under later keys cannot be taken from earlier ones, where anybody can forge it.
    if (whole->epoch != read_.current().epoch()) return Done{};
    TOCSIN_TRY(run(now, out, [&](Step& step) { return take_message(*whole, step); }));
  }
  return Done{};
}

Outcome Association::take_message(const dtls::Reassembled& whole, Step& step) {
  TOCSIN_TRY(admit(static_cast<HandshakeType>(whole.message[0]), whole.body().size()));
  if (!std::exchange(flight_is_answered_, true)) {
    if (timer_.retransmissions() == 0) round_trip_ = step.now.instant - flight_sent_;
    timer_.await_rest(step.now.instant);
  }
  TOCSIN_TRY_SET(state_, handle({whole.message, whole.message_seq}, step));
  reassembly_.take();
  return Done{};
}

Outcome Association::switch_read_keys(Step& step) {
  TOCSIN_TRY_SET(state_, dispatch_change_cipher_spec(std::move(state_), context(step.now), step.effects));
  return Done{};
}

}  // namespace tocsin
