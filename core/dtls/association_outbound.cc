// What goes out: carrying out the effects of a step, flights and their repetition.
#include <algorithm>

#include "core/dtls/association.h"

namespace tocsin {

using namespace handshake;

/// One overload for each effect, here or in CommonCommit.
class Association::Commit : public CommonCommit {
 public:
  using CommonCommit::CommonCommit;
  using CommonCommit::operator();

  Result<Done> operator()(const SendHandshake& message) {
    begin_flight();
    to_.flight_.add_message(ByteView(step_.effects.messages).subspan(message.offset_bytes, message.size_bytes), write_epoch());
    return Done{};
  }
  Result<Done> operator()(const SendChangeCipherSpec&) {
    begin_flight();
    to_.flight_.add_change_cipher_spec(write_epoch());
    return Done{};
  }
  Result<Done> operator()(const SendAlert& alert) {
    return to_.seal(ContentType::alert, wire::encode({AlertLevel::warning, alert.description}), out_);
  }
  Result<Done> operator()(const SendApplicationData& sent) {
    TOCSIN_TRY(check_application_data());
    return to_.seal(ContentType::application_data, sent.data, out_);
  }
  Result<Done> operator()(handshake::tls12::InstallWriteKeys& keys) {
    const std::size_t padded_bytes_max = std::min(to_.sent_inner_bytes_max_, record::plaintext_bytes_max) - 1;
    to_.write_.advance(record::DtlsSealer(static_cast<std::uint16_t>(write_epoch() + 1), std::move(keys.protection), 0,
                                          {std::move(keys.connection_id), to_.config_->padding_block_bytes, padded_bytes_max}));
    return Done{};
  }
  Result<Done> operator()(handshake::tls12::InstallReadKeys& keys) {
    const auto epoch = static_cast<std::uint16_t>(to_.read_.current().epoch() + 1);
    to_.read_.advance(record::DtlsOpener(epoch, std::move(keys.protection), std::move(keys.connection_id)));
    return Done{};
  }
  // The records of DTLS 1.3 (RFC 9147) do not exist here, and so its keys cannot be installed.
  Result<Done> operator()(const handshake::tls13::InstallWriteKeys&) { return keys_without_records(); }
  Result<Done> operator()(const handshake::tls13::InstallReadKeys&) { return keys_without_records(); }
  Result<Done> operator()(const Deliver& received) {
    TOCSIN_TRY(check_application_data());
    step_.room.deliver(received.size_bytes);
    out_.application_data.sizes_bytes.push_back(received.size_bytes);
    return Done{};
  }

  /// Sends what has become of the flight, and begins to wait for its answer.
  Result<Done> finish() {
    for (const DiscardSeen& seen : step_.discarded) out_.discarded.push_back(seen);
    if (to_.timer_.is_running() && to_.established() != nullptr) to_.timer_.end();
    if (!begins_flight_ && !step_.sends_flight_again) return Done{};
    TOCSIN_TRY(to_.send_flight(out_));
    if (!begins_flight_) return Done{};
    to_.flight_sent_ = step_.now.instant;
    // The server's last flight is not answered: it is repeated when the client repeats its own.
    to_.flight_is_answered_ = to_.established() != nullptr;
    if (!to_.flight_is_answered_) to_.timer_.start(step_.now.instant);
    return Done{};
  }

 private:
  std::uint16_t write_epoch() const { return to_.write_.current().epoch(); }
  static Result<Done> keys_without_records() { return Fatal{Reason::invariant_broken, Invariant::records_are_well_formed}; }
  void begin_flight() {
    if (std::exchange(begins_flight_, true)) return;
    to_.flight_.begin();
    to_.answered_message_seq_ = to_.reassembly_.next_message_seq();
    to_.plaintext_repetitions_answered_ = 0;
    to_.peer_repeats_ = false;
  }

  bool begins_flight_ = false;
};

Result<Done> Association::commit(StepOfTransport& step, DatagramOutput& out) {
  Commit commit(*this, step, out);
  TOCSIN_TRY(carry_out(step.effects, commit));
  return commit.finish();
}

Outcome Association::on_timeout(Now now, DatagramOutput& out) {
  return run(now, out, [&](StepOfTransport& step) -> Outcome {
    TOCSIN_TRY_SET(step.sends_flight_again, timer_.expire(now.instant));
    return Done{};
  });
}

Outcome Association::send(ByteView application_data, DatagramOutput& out) {
  return run(out, [&](Step& step) -> Outcome {
    TOCSIN_TRY(open_for_writing());
    const std::size_t content_bytes_max = std::min(sent_inner_bytes_max_ - 1, write_.current().content_bytes_max());
    //= RFC 6347 4.1.1.1 //# However, the upper layer protocol MUST NOT write any record that exceeds the maximum
    if (application_data.size() > std::min(room_bytes(), content_bytes_max)) return Misuse::datagram_too_long;
    step.effects.add(SendApplicationData{application_data});
    return Done{};
  });
}

/// For content, and zeros, in a datagram of its own.
std::size_t Association::room_bytes() const {
  return config_->datagram_bytes_max - std::min(config_->datagram_bytes_max, write_.current().overhead_bytes());
}

dtls::Path Association::path() const {
  dtls::Path path{config_->datagram_bytes_max, sent_inner_bytes_max_ - 1, record::DtlsVersion::dtls12};
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

}  // namespace tocsin
