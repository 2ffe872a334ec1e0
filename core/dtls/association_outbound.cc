// What goes out: carrying out the effects of a step, flights and their repetition.
#include <algorithm>

#include "core/dtls/association.h"
#include "core/wire/alert.h"

namespace tocsin {

using namespace handshake;

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
    const std::size_t content_bytes_max = std::min(sent_content_bytes_max_, write_.current().content_bytes_max());
    if (application_data.size() > std::min(room_bytes(), content_bytes_max)) return Misuse::datagram_too_long;
    TOCSIN_TRY(seal(ContentType::application_data, application_data, out));
    return Done{};
  });
}

/// For content, and zeros, in a datagram of its own.
std::size_t Association::room_bytes() const {
  return config_->datagram_bytes_max - std::min(config_->datagram_bytes_max, write_.current().overhead_bytes());
}

Path Association::path() const {
  Path path{config_->datagram_bytes_max, sent_content_bytes_max_, record::DtlsVersion::dtls12};
  // RFC 6347 4.2.1: no version is agreed on yet.
  if (std::holds_alternative<client::WaitServerHello>(state_)) path.version = record::DtlsVersion::dtls10;
  return path;
}

Result<Done> Association::send_flight(DatagramOutput& out) { return flight_.write(write_, path(), out.to_peer); }

Result<Done> Association::seal(ContentType type, ByteView content, DatagramOutput& out) {
  const std::size_t bytes_before = out.to_peer.bytes.size();
  TOCSIN_TRY(write_.current().seal(type, content, out.to_peer.bytes, record::DtlsVersion::dtls12, room_bytes()));
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
      const std::size_t padded_bytes_max = std::min(sent_content_bytes_max_, record::plaintext_bytes_max - 1);
      write_.advance(record::DtlsSealer(epoch, std::move(write->protection), 0,
                                        {std::move(write->connection_id), config_->padding_block_bytes, padded_bytes_max}));
    } else if (auto* read = std::get_if<InstallReadKeys12>(&effect)) {
      const auto epoch = static_cast<std::uint16_t>(read_.current().epoch() + 1);
      read_.advance(record::DtlsOpener(epoch, std::move(read->protection), std::move(read->connection_id)));
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
    } else if (auto* held = std::get_if<PendingSession>(&effect)) {
      session_.take(*held);
    } else if (auto* kept = std::get_if<StoreSession>(&effect)) {
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
