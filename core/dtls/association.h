#pragma once
// The engine of DTLS 1.2 for one peer, in either role: a connection over datagrams, whose records come in any order, or not at
// all.
#include <algorithm>
#include <optional>

#include "core/base/inline_vector.h"
#include "core/connection/call.h"
#include "core/connection/funnel.h"
#include "core/dtls/flight.h"
#include "core/dtls/reassembly.h"
#include "core/dtls/retransmission.h"
#include "tocsin/dtls.h"

namespace tocsin {

/// A record that is discarded, as counters and logs see it.
DiscardSeen seen_of(DiscardReason why, const record::DtlsRecord& record);

/// What came of a record.
struct RecordOutcome {
  bool is_of_use = false;
  bool is_newest = false;  // it is authentic, of the epoch in force, and its number is higher than all before (RFC 9146 6)
};

/// For Lent.
template <class Visit>
void each_list_of(DatagramOutput& one, DatagramOutput& other, Visit&& visit) {
  visit(one.to_peer, other.to_peer);
  visit(one.application_data, other.application_data);
  visit(one.events, other.events);
  visit(one.discarded, other.discarded);
}

class Association : public Funnel<Association, DatagramOutput>, public Enterable {
 public:
  explicit Association(const CommonConfig& config);

  Outcome start_client(std::shared_ptr<const ClientConfig> config, std::string_view name, bool sends_name, Now now,
                       DatagramOutput& out);
  /// header, fragment, hello: the record that brought the ClientHello with a valid cookie, the fragment that is the whole of
  /// it, and what the listener has decoded that to, to know the cookie. connection_id: what the client is to be known by, if it
  /// asks; nothing: connection ids are not negotiated.
  Outcome start_server(std::shared_ptr<const ServerConfig> config, const record::DtlsHeader& header,
                       const wire::Fragment& fragment, const wire::ClientHello& hello, std::optional<Bytes> connection_id,
                       Now now, DatagramOutput& out);

  Outcome receive(ByteView datagram, Now now, DatagramOutput& out);
  /// One record of a datagram; end_datagram follows the last. taken: what came of it.
  Outcome receive_record(const record::DtlsRecord& record, Now now, DatagramOutput& out, RecordOutcome& taken);
  Outcome end_datagram(Now now, DatagramOutput& out);
  std::optional<Instant> deadline() const { return timer_.deadline(); }
  Outcome on_timeout(Now now, DatagramOutput& out);
  Outcome send(ByteView application_data, DatagramOutput& out);

  /// Ours, as it was or will be negotiated; empty: none.
  ByteView connection_id() const { return connection_id_ ? ByteView(*connection_id_) : ByteView{}; }
  /// How long the peer took to answer the last flight that was answered at once.
  std::optional<Milliseconds> round_trip() const { return round_trip_; }
  /// Whether its handshake began with this ClientHello, which is then one that is repeated: also when that is over, or a late
  /// copy would begin another one, whose records have the numbers of our last flight.
  bool began_with(std::uint16_t message_seq, ByteView hello_fragment) const {
    return message_seq == hello_seq_ && hello_fragment.size() > 34 &&
           std::equal(hello_random_.begin(), hello_random_.end(), hello_fragment.begin() + 2);
  }
  /// When the last record that is authentic came.
  Instant heard() const { return heard_; }
  /// After close: only records under the keys are looked at, and told apart (RFC 6347 4.1).
  void linger() { lingers_ = true; }

 private:
  friend Funnel;
  class Commit;
  struct StepOfTransport : Step {
    using Step::Step;
    InlineVector<DiscardSeen, 2> discarded;
    bool sends_flight_again = false;
  };

  static constexpr auto over = handshake::Transport::datagram;
  // Before there are keys the peer discards every alert, as anybody could have forged it.
  static constexpr bool tells_of_abandoned_handshake = false;
  static constexpr bool ignores_level_of_user_canceled = false;  // RFC 5246 7.2: fatal is fatal
  handshake::Context context(Now now, const handshake::HandshakeMessage& message = {}) const;

  // Inbound.
  Outcome take_record(const record::DtlsRecord& record, StepOfTransport& step, RecordOutcome& taken);
  Outcome take_lingering(const record::DtlsRecord& record, const record::DtlsOpened& opened, StepOfTransport& step,
                         RecordOutcome& taken);
  Outcome take_content(const record::DtlsRecord& record, const record::DtlsOpened& opened, StepOfTransport& step,
                       RecordOutcome& taken);
  Outcome take_fragments(const record::DtlsRecord& record, ByteView content, StepOfTransport& step, RecordOutcome& taken);
  Outcome take_messages(Now now, DatagramOutput& out);
  Outcome take_message(const dtls::Reassembled& whole, Step& step);
  Outcome switch_read_keys(Step& step);
  void note_repetition(const wire::FragmentHeader& header, std::uint16_t epoch);
  void note_refusal(ByteView alert);

  // Outbound.
  Result<Done> commit(StepOfTransport& step, DatagramOutput& out);
  dtls::Path path() const;
  std::size_t room_bytes() const;
  Result<Done> send_flight(DatagramOutput& out);
  Result<Done> seal(ContentType type, ByteView content, DatagramOutput& out);
  void drop_write_keys() { write_ = record::Epochs(record::DtlsSealer::plaintext()); }
  void forget();

  bool lingers_ = false;
  std::optional<Bytes> connection_id_;

  record::Epochs<record::DtlsOpener> read_;
  record::Epochs<record::DtlsSealer> write_;

  dtls::Reassembly reassembly_;
  dtls::Flight flight_;
  dtls::RetransmissionTimer timer_;
  bool flight_is_answered_ = true;                    // a message of the peer came since the flight was begun
  bool peer_repeats_ = false;                         // in this datagram: the peer has not seen our last flight
  std::uint32_t plaintext_repetitions_answered_ = 0;  // with this flight
  Instant flight_sent_{}, heard_{};
  std::optional<Milliseconds> round_trip_;
  std::uint32_t answered_message_seq_ = 0;  // the peer's next one when our flight was begun
  std::uint16_t hello_seq_ = 0;             // a server's: of the ClientHello that it began with
  wire::Random hello_random_{};             // likewise
};

}  // namespace tocsin
