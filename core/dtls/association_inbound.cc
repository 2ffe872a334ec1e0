// What comes in: records in any order, fragments, messages, alerts. What is of no use is discarded, and never an error.
#include "core/dtls/association.h"
#include "core/wire/alert.h"

namespace tocsin {

using namespace handshake;

namespace {

void discard(DiscardReason why, const record::DtlsRecord& record, DatagramOutput& out) {
  out.discarded.push_back(seen_of(why, record));
}

}  // namespace

Outcome Association::receive(ByteView datagram, Instant now, DatagramOutput& out) {
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

Outcome Association::receive_record(const record::DtlsRecord& record, Instant now, DatagramOutput& out, RecordOutcome& taken) {
  if (failure_) return *failure_;
  // RFC 6347 4.1: the epoch says which keys a record is under; so a lost change_cipher_spec is not waited for.
  if (record.header.epoch == read_.current().epoch() + 1 && expects_change_cipher_spec(state_)) {
    TOCSIN_TRY(switch_read_keys(now, out));
  }
  record::DtlsOpener* opener = read_.of(record.header.epoch);
  if (opener == nullptr) {
    discard(DiscardReason::epoch_unknown, record, out);
    return Done{};
  }
  // It is opened where application data is delivered, so that this need not be copied.
  Bytes& room = out.application_data.bytes;
  const std::size_t begin = room.size();
  room.resize(begin + opener->content_bytes_of(record));
  const auto opened = opener->open(record, received_content_bytes_max_, MutableBytes(room).subspan(begin));
  const std::size_t delivered_before = out.application_data.sizes_bytes.size();
  Outcome outcome = Done{};
  if (opened) {
    taken.is_newest = opened->is_newest && record.header.epoch == read_.current().epoch();
    outcome = take_content(record, *opened, now, out, taken);
  } else {
    discard(opened.error().why, record, out);
  }
  const bool is_delivered = out.application_data.sizes_bytes.size() != delivered_before;
  room.resize(is_delivered ? begin + opened->content.size() : begin);
  return outcome;
}

Outcome Association::end_datagram(Instant now, DatagramOutput& out) {
  if (!std::exchange(peer_repeats_, false) || failure_) return failure_ ? Outcome(*failure_) : Outcome(Done{});
  // RFC 6347 4.2.4: the peer repeats its flight because ours was lost. What is not authenticated can be forged, so there is a
  // limit.
  if (flight_.empty() || ++repetitions_answered_ > limits_.retransmissions_max) return Done{};
  return run(out, now, [&](Effects&) -> Outcome {
    TOCSIN_TRY(send_flight(out));
    return Done{};
  });
}

Outcome Association::take_content(const record::DtlsRecord& record, const record::DtlsOpened& opened, Instant now,
                                  DatagramOutput& out, RecordOutcome& taken) {
  const auto& [type, content, is_newest] = opened;
  const bool is_protected = record.header.epoch != 0;
  if (lingers_) {
    const bool is_close_notify = type == ContentType::alert && content.size() == 2 &&
                                 content[1] == static_cast<std::uint8_t>(AlertDescription::close_notify);
    const bool is_owed = is_protected && is_close_notify && !closed_by_peer_;
    closed_by_peer_ = closed_by_peer_ || is_owed;
    taken.is_of_use = is_protected;
    discard(is_owed ? DiscardReason::close_notify_late : DiscardReason::association_closed, record, out);
    return Done{};
  }
  switch (type) {
    case ContentType::handshake:
      TOCSIN_TRY(take_fragments(record, content, out, taken));
      return take_messages(now, out);
    case ContentType::change_cipher_spec:
      if (content.size() != 1 || content[0] != 1) {
        discard(DiscardReason::change_cipher_spec_malformed, record, out);
      } else if (is_protected || !expects_change_cipher_spec(state_)) {
        discard(DiscardReason::change_cipher_spec_unexpected, record, out);
      } else {
        taken.is_of_use = true;
        return switch_read_keys(now, out);
      }
      return Done{};
    case ContentType::alert:
      if (!is_protected) {
        discard(DiscardReason::alert_unauthenticated, record, out);
        return Done{};
      }
      if (content.size() != 2) {
        discard(DiscardReason::alert_malformed, record, out);
        return Done{};
      }
      return take_alert(content, now, out, taken);
    case ContentType::application_data:
      break;
  }
  return take_application_data(record, content, out, taken);
}

/// content stands at the end of out's.
Outcome Association::take_application_data(const record::DtlsRecord& record, ByteView content, DatagramOutput& out,
                                           RecordOutcome& taken) {
  if (record.header.epoch == 0) {
    discard(DiscardReason::application_data_unprotected, record, out);
    return Done{};
  }
  // Under the right keys, but ahead of the Finished that it must follow: reordered, and not kept.
  if (established() == nullptr || closed_by_peer_) {
    discard(established() == nullptr ? DiscardReason::message_too_far_ahead : DiscardReason::association_closed, record, out);
    return Done{};
  }
  taken.is_of_use = true;
  post_handshake_messages_ = 0;
  out.application_data.sizes_bytes.push_back(content.size());
  return Done{};
}

Outcome Association::take_fragments(const record::DtlsRecord& record, ByteView content, DatagramOutput& out,
                                    RecordOutcome& taken) {
  for (Reader reader(content); !reader.empty();) {
    const auto fragment = wire::read_fragment(reader);
    if (!fragment) {
      discard(fragment.error().why, record, out);
      break;
    }
    if (const auto added = reassembly_.add(*fragment, record.header.epoch); !added) {
      if (added.error().why == DiscardReason::message_from_the_past) note_repetition(fragment->header, record.header.epoch);
      discard(added.error().why, record, out);
      continue;
    }
    taken.is_of_use = true;
  }
  return Done{};
}

/// The end of the flight that ours answers: the peer sends it again, as it has not seen ours.
void Association::note_repetition(const wire::FragmentHeader& header, std::uint16_t epoch) {
  const bool is_end = header.message_seq + 1u == answered_message_seq_ &&
                      header.fragment_offset_bytes + header.fragment_length_bytes == header.length_bytes;
  // Once there are keys, anybody can send what stands before them.
  if (is_end && epoch == read_.current().epoch()) peer_repeats_ = true;
}

Outcome Association::take_messages(Instant now, DatagramOutput& out) {
  while (const std::optional<Reassembled> whole = reassembly_.whole()) {
    // What must be under later keys cannot be taken from earlier ones, where anybody can forge it.
    if (whole->epoch != read_.current().epoch()) return Done{};
    TOCSIN_TRY(take_message(*whole, now, out));
  }
  return Done{};
}

Outcome Association::take_message(const Reassembled& whole, Instant now, DatagramOutput& out) {
  return run(out, now, [&](Effects& effects) -> Outcome {
    const Bytes raw = in_transcript_form(whole);
    reassembly_.take();
    const auto type = static_cast<HandshakeType>(raw[0]);
    if (established() != nullptr && ++post_handshake_messages_ > limits_.post_handshake_messages_max)
      return Fatal{Reason::post_handshake_messages_too_many};
    if (!expects(state_, type)) return Fatal{Reason::message_unexpected};
    if (raw.size() - header_bytes_of(Framing::datagram) > message_bytes_max(limits_, type))
      return Fatal{Reason::message_too_long};
    if (!std::exchange(flight_is_answered_, true)) {
      if (timer_.retransmissions() == 0) round_trip_ = now - flight_sent_;
      timer_.stop();
    }
    TOCSIN_TRY_SET(state_, dispatch(std::move(state_), raw, effects));
    return Done{};
  });
}

Outcome Association::switch_read_keys(Instant now, DatagramOutput& out) {
  return run(out, now, [&](Effects& effects) -> Outcome {
    TOCSIN_TRY_SET(state_, dispatch_change_cipher_spec(std::move(state_), effects));
    return Done{};
  });
}

Outcome Association::take_alert(ByteView content, Instant now, DatagramOutput& out, RecordOutcome& taken) {
  taken.is_of_use = true;
  return run(out, now, [&](Effects& effects) -> Outcome {
    TOCSIN_TRY_SET(const wire::Alert alert, wire::decode_alert(content));
    if (alert.description == AlertDescription::close_notify && established() != nullptr) {
      if (!std::exchange(closed_by_peer_, true)) effects.add(Raise{Event::peer_closed});
      return Done{};
    }
    if (alert.level == AlertLevel::warning && alert.description != AlertDescription::close_notify) {
      if (++warning_alerts_ > limits_.warning_alerts_max) return Fatal{Reason::alert_warnings_too_many};
      return Done{};
    }
    return PeerAlert{alert.description};
  });
}

}  // namespace tocsin
