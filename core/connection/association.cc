#include "core/connection/association.h"

#include <algorithm>

#include "core/crypto/key_schedule12.h"
#include "core/handshake/effects.h"
#include "core/wire/alert.h"

namespace tocsin {

using namespace handshake;

DiscardSeen seen_of(DiscardReason why, const record::DtlsRecord& record) {
  const record::DtlsHeader& header = record.header;
  return {why, record::dtls_header_bytes + record.fragment.size(), static_cast<std::uint8_t>(header.type), header.epoch,
          header.sequence};
}

namespace {

void discard(DiscardReason why, const record::DtlsRecord& record, DatagramOutput& out) {
  out.discarded.push_back(seen_of(why, record));
}

/// With the header of a whole fragment, as the transcript takes it (RFC 6347 4.2.6).
Bytes in_transcript_form(const Reassembled& whole) {
  Bytes raw;
  raw.reserve(whole.message.size() + wire::fragment_header_bytes);
  append(raw, whole.transcript_header());
  append(raw, whole.body());
  return raw;
}

}  // namespace

Association::Association(const CommonConfig& config)
    : limits_(config.limits),
      read_(record::DtlsOpener::plaintext()),
      write_(record::DtlsSealer::plaintext()),
      reassembly_(config.limits),
      timer_(config.retransmission, config.limits.retransmissions_max) {}

/// The door: a step says what it wants done, and that is done only if all of it succeeded.
template <class Do>
Outcome Association::run(DatagramOutput& out, Instant now, Do&& step) {
  if (failure_) return *failure_;
  const std::size_t bytes_before = out.to_peer.bytes.size(), datagrams_before = out.to_peer.sizes_bytes.size();
  Bytes nothing;
  Effects effects(nothing, flight_.next_message_seq());
  Outcome ran = step(effects);
  if (ran) {
    if (const Result<Done> committed = commit(effects, out, now); !committed) ran = committed.error();
  }
  if (!ran) {  // what was written of a flight is taken back: its numbers are spent, and nobody misses them
    out.to_peer.bytes.resize(bytes_before);
    out.to_peer.sizes_bytes.resize(datagrams_before);
  }
  if (ran || ran.error().misuse() != nullptr) return ran;
  return end(ran.error(), out);
}

Outcome Association::end(Error error, DatagramOutput& out) {
  if (const Fatal* fatal = error.fatal()) {
    if (fatal->broken && config_ && config_->on_broken_invariant) config_->on_broken_invariant(*fatal->broken);
    const auto alert = wire::encode({AlertLevel::fatal, alert_for(fatal->why)});
    if (!seal(ContentType::alert, alert, out)) {  // the cipher itself has failed: better a plaintext alert than none
      write_ = record::Epochs(record::DtlsSealer::plaintext());
      (void)seal(ContentType::alert, alert, out);
    }
  }
  failure_ = error;
  session_.end(config_.get(), error);
  timer_.stop();
  state_ = server::WaitClientHello{};
  flight_ = Flight();
  reassembly_ = Reassembly(limits_);
  return error;
}

Outcome Association::start_client(std::shared_ptr<const ClientConfig> config, std::string_view name, bool sends_name,
                                  UnixSeconds date, Instant now, DatagramOutput& out) {
  config_ = config;
  return run(out, now, [&](Effects& effects) -> Outcome {
    TOCSIN_TRY_SET(state_, client::start(std::move(config), name, sends_name, date, effects));
    return Done{};
  });
}

Outcome Association::start_server(std::shared_ptr<const ServerConfig> config, UnixSeconds date,
                                  const record::DtlsHeader& header, const wire::Fragment& hello, Instant now,
                                  DatagramOutput& out) {
  config_ = config;
  // RFC 6347 4.2.1, 4.2.2: numbers go on where the exchange of cookies, of which nothing was kept, has left them.
  write_ = record::Epochs(record::DtlsSealer::plaintext(header.sequence));
  flight_ = Flight(hello.header.message_seq);
  reassembly_ = Reassembly(limits_, hello.header.message_seq);
  (void)reassembly_.add(hello, header.epoch);
  hello_seq_ = hello.header.message_seq;
  std::ranges::copy(hello.body.subspan(2, hello_random_.size()), hello_random_.begin());
  return run(out, now, [&](Effects& effects) -> Outcome {
    const std::optional<Reassembled> whole = reassembly_.whole();
    if (!whole) return Fatal{Reason::message_malformed};
    const Bytes raw = in_transcript_form(*whole);
    reassembly_.take();
    TOCSIN_TRY_SET(State received, dispatch(server::WaitClientHello{}, raw, effects));
    TOCSIN_TRY_SET(state_, widen(server::choose(std::move(std::get<server::RecvdClientHello>(received)), std::move(config),
                                                date, effects)));
    return Done{};
  });
}

Outcome Association::receive(ByteView datagram, Instant now, DatagramOutput& out) {
  if (failure_) return *failure_;
  record::DatagramReader reader(datagram, record::DtlsVersions::initial);
  std::size_t at = 0;
  while (const auto next = reader.next()) {
    if (!*next) {
      out.discarded.push_back({next->error().why, datagram.size() - at});
      break;
    }
    at += record::dtls_header_bytes + (*next)->fragment.size();
    bool is_taken = false;
    TOCSIN_TRY(receive_record(**next, now, out, is_taken));
  }
  return end_datagram(now, out);
}

Outcome Association::receive_record(const record::DtlsRecord& record, Instant now, DatagramOutput& out, bool& is_taken) {
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
  const auto content = opener->open(record, received_content_bytes_max_, MutableBytes(room).subspan(begin));
  const std::size_t delivered_before = out.application_data.sizes_bytes.size();
  Outcome taken = Done{};
  if (content) {
    taken = take_content(record, *content, now, out, is_taken);
  } else {
    discard(content.error().why, record, out);
  }
  const bool is_delivered = out.application_data.sizes_bytes.size() != delivered_before;
  room.resize(is_delivered ? begin + content->size() : begin);
  return taken;
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

Outcome Association::take_content(const record::DtlsRecord& record, ByteView content, Instant now, DatagramOutput& out,
                                  bool& is_taken) {
  const bool is_protected = record.header.epoch != 0;
  if (lingers_) {
    const bool says_farewell = record.header.type == ContentType::alert && content.size() == 2 &&
                               content[1] == static_cast<std::uint8_t>(AlertDescription::close_notify);
    const bool is_owed = is_protected && says_farewell && !closed_by_peer_;
    closed_by_peer_ = closed_by_peer_ || is_owed;
    is_taken = is_protected;
    discard(is_owed ? DiscardReason::close_notify_late : DiscardReason::association_closed, record, out);
    return Done{};
  }
  switch (record.header.type) {
    case ContentType::handshake:
      TOCSIN_TRY(take_fragments(record, content, out, is_taken));
      return take_messages(now, out);
    case ContentType::change_cipher_spec:
      if (content.size() != 1 || content[0] != 1) {
        discard(DiscardReason::change_cipher_spec_malformed, record, out);
      } else if (is_protected || !expects_change_cipher_spec(state_)) {
        discard(DiscardReason::change_cipher_spec_unexpected, record, out);
      } else {
        is_taken = true;
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
      return take_alert(content, now, out, is_taken);
    case ContentType::application_data:
      break;
  }
  return take_application_data(record, content, out, is_taken);
}

/// content stands at the end of out's.
Outcome Association::take_application_data(const record::DtlsRecord& record, ByteView content, DatagramOutput& out,
                                           bool& is_taken) {
  if (record.header.epoch == 0) {
    discard(DiscardReason::application_data_unprotected, record, out);
    return Done{};
  }
  // Under the right keys, but ahead of the Finished that it must follow: reordered, and not kept.
  if (established() == nullptr || closed_by_peer_) {
    discard(established() == nullptr ? DiscardReason::message_too_far_ahead : DiscardReason::association_closed, record, out);
    return Done{};
  }
  is_taken = true;
  post_handshake_messages_ = 0;
  out.application_data.sizes_bytes.push_back(content.size());
  return Done{};
}

Outcome Association::take_fragments(const record::DtlsRecord& record, ByteView content, DatagramOutput& out, bool& is_taken) {
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
    is_taken = true;
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

Outcome Association::take_alert(ByteView content, Instant now, DatagramOutput& out, bool& is_taken) {
  is_taken = true;
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

Outcome Association::on_timeout(Instant now, DatagramOutput& out) {
  return run(out, now, [&](Effects&) -> Outcome {
    TOCSIN_TRY_SET(const bool is_due, timer_.expire(now));
    if (is_due) TOCSIN_TRY(send_flight(out));
    return Done{};
  });
}

Outcome Association::send(ByteView application_data, DatagramOutput& out) {
  return run(out, {}, [&](Effects&) -> Outcome {
    if (established() == nullptr) return Misuse::handshake_not_complete;
    if (is_closed_here()) return Misuse::closed_for_writing;
    const std::size_t room_bytes =
        config_->datagram_bytes_max - std::min(config_->datagram_bytes_max, write_.current().overhead_bytes());
    if (application_data.size() > std::min(room_bytes, sent_content_bytes_max_)) return Misuse::datagram_too_long;
    TOCSIN_TRY(seal(ContentType::application_data, application_data, out));
    return Done{};
  });
}

Outcome Association::close(DatagramOutput& out) {
  const bool gives_up = established() == nullptr;
  const Outcome ran = run(out, {}, [&](Effects&) -> Outcome {
    if (gives_up || std::exchange(established_of(state_)->closed_for_writing, true)) return Done{};
    TOCSIN_TRY(seal(ContentType::alert, wire::encode({AlertLevel::warning, AlertDescription::close_notify}), out));
    return Done{};
  });
  if (ran && gives_up) (void)end(Misuse::closed_by_caller, out);
  return ran;
}

Outcome Association::export_keying_material(std::string_view label, ByteView context, MutableBytes out_key,
                                            DatagramOutput& out) {
  return run(out, {}, [&](Effects&) -> Outcome {
    const Established* open = established();
    if (open == nullptr) return Misuse::handshake_not_complete;
    const HashAlgorithm hash = hash_of(open->negotiated.cipher_suite);
    if (label.size() > 249 || out_key.size() > 255 * hash_bytes(hash)) return Misuse::label_or_length_invalid;
    const auto& secrets = std::get<Secrets12>(open->secrets);
    TOCSIN_TRY(crypto::export_keying_material12(*config_->provider, hash, secrets.master, secrets.randoms.client,
                                                secrets.randoms.server, label, context, out_key));
    return Done{};
  });
}

const Established* Association::established() const { return established_of(const_cast<State&>(state_)); }

Path Association::path() const {
  Path path{config_->datagram_bytes_max, sent_content_bytes_max_, record::DtlsVersion::dtls12};
  // RFC 6347 4.2.1: no version is agreed on yet.
  if (std::holds_alternative<client::WaitServerHello>(state_)) path.version = record::DtlsVersion::dtls10;
  return path;
}

Result<Done> Association::send_flight(DatagramOutput& out) { return flight_.write(write_, path(), out.to_peer); }

Result<Done> Association::seal(ContentType type, ByteView content, DatagramOutput& out) {
  const std::size_t bytes_before = out.to_peer.bytes.size();
  TOCSIN_TRY(write_.current().seal(type, content, out.to_peer.bytes));
  out.to_peer.sizes_bytes.push_back(out.to_peer.bytes.size() - bytes_before);
  return Done{};
}

Result<Done> Association::commit(Effects& effects, DatagramOutput& out, Instant now) {
  bool begins_flight = false;
  const auto add_to_flight = [&](auto&& add) {
    if (!std::exchange(begins_flight, true)) {
      flight_.begin();
      answered_message_seq_ = reassembly_.next_message_seq();
      repetitions_answered_ = 0;
      peer_repeats_ = false;
    }
    add();
  };
  for (Effect& effect : effects.in_order) {
    if (auto* message = std::get_if<SendHandshake>(&effect)) {
      const ByteView raw = ByteView(effects.messages).subspan(message->offset_bytes, message->size_bytes);
      Bytes as_in_tls;
      as_in_tls.reserve(raw.size());
      append(as_in_tls, raw.first(wire::message_header_bytes));
      append(as_in_tls, raw.subspan(wire::fragment_header_bytes));
      add_to_flight([&] { flight_.add_message(as_in_tls, write_.current().epoch()); });
    } else if (std::holds_alternative<SendChangeCipherSpec>(effect)) {
      add_to_flight([&] { flight_.add_change_cipher_spec(write_.current().epoch()); });
    } else if (auto* write = std::get_if<InstallWriteKeys12>(&effect)) {
      const auto epoch = static_cast<std::uint16_t>(write_.current().epoch() + 1);
      write_.advance(record::DtlsSealer(epoch, std::move(write->protection)));
    } else if (auto* read = std::get_if<InstallReadKeys12>(&effect)) {
      const auto epoch = static_cast<std::uint16_t>(read_.current().epoch() + 1);
      read_.advance(record::DtlsOpener(epoch, std::move(read->protection)));
    } else if (const auto* sent = std::get_if<LimitSentRecords>(&effect)) {
      sent_content_bytes_max_ = std::min(sent->inner_bytes_max - 1, record::plaintext_bytes_max);
    } else if (const auto* received = std::get_if<LimitReceivedRecords>(&effect)) {
      received_content_bytes_max_ = std::min(received->inner_bytes_max - 1, record::plaintext_bytes_max);
    } else if (const auto* raised = std::get_if<Raise>(&effect)) {
      out.events.push_back(raised->event);
    } else if (const auto* alert = std::get_if<SendAlert>(&effect)) {
      TOCSIN_TRY(seal(ContentType::alert, wire::encode({AlertLevel::warning, alert->description}), out));
    } else if (const auto* secret = std::get_if<LogSecret>(&effect)) {
      config_->key_log(secret->line);
    } else if (auto* held = std::get_if<HoldSession>(&effect)) {
      session_.take(*held);
    } else if (auto* kept = std::get_if<KeepSession>(&effect)) {
      session_.take(*config_, *kept);
    } else {
      return Fatal{Reason::invariant_broken, Invariant::records_are_well_formed};  // an effect of TLS 1.3
    }
  }
  if (!begins_flight) return Done{};
  TOCSIN_TRY(send_flight(out));
  flight_sent_ = now;
  // The server's last flight is not answered: it is repeated when the client repeats its own.
  flight_is_answered_ = established() != nullptr;
  if (flight_is_answered_)
    timer_.stop();
  else
    timer_.start(now);
  return Done{};
}

}  // namespace tocsin
