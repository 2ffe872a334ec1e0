#pragma once
// The engine of DTLS 1.2 for one peer, in either role: as the Engine of a stream it has one door (run) and one funnel (end),
// and works on the same states, handlers and effects. What differs is what is under them: records that come in any order, or
// not at all.
#include <algorithm>
#include <optional>

#include "core/base/invariants.h"
#include "core/connection/session_tracker.h"
#include "core/dtls/flight.h"
#include "core/dtls/reassembly.h"
#include "core/dtls/retransmission.h"
#include "core/handshake/machine/dispatch.h"
#include "tocsin/dtls.h"

namespace tocsin {

/// With the header of a whole fragment, as the transcript takes it (RFC 6347 4.2.6).
Bytes in_transcript_form(const handshake::Reassembled& whole);

/// A record that is discarded, as counters and logs see it.
DiscardSeen seen_of(DiscardReason why, const record::DtlsRecord& record);

/// What came of a record.
struct RecordOutcome {
  bool is_of_use = false;
  bool is_newest = false;  // it is authentic, of the epoch in force, and its number is higher than all before (RFC 9146 6)
};

class Association {
 public:
  explicit Association(const CommonConfig& config);

  Outcome start_client(std::shared_ptr<const ClientConfig> config, std::string_view name, bool sends_name, UnixSeconds date,
                       Instant now, DatagramOutput& out);
  /// hello: the record that brought the ClientHello with a valid cookie, and the fragment that is the whole of it.
  /// connection_id: what the client is to be known by, if it asks; nothing: connection ids are not negotiated.
  Outcome start_server(std::shared_ptr<const ServerConfig> config, UnixSeconds date, const record::DtlsHeader& header,
                       const wire::Fragment& hello, std::optional<Bytes> connection_id, Instant now, DatagramOutput& out);

  Outcome receive(ByteView datagram, Instant now, DatagramOutput& out);
  /// One record of a datagram; end_datagram follows the last. taken: what came of it.
  Outcome receive_record(const record::DtlsRecord& record, Instant now, DatagramOutput& out, RecordOutcome& taken);
  Outcome end_datagram(Instant now, DatagramOutput& out);
  std::optional<Instant> deadline() const { return timer_.deadline(); }
  Outcome on_timeout(Instant now, DatagramOutput& out);
  Outcome send(ByteView application_data, DatagramOutput& out);
  Outcome close(DatagramOutput& out);
  Outcome export_keying_material(std::string_view label, ByteView context, MutableBytes out_key, DatagramOutput& out);

  const handshake::Established* established() const;
  bool is_closed_by_peer() const { return closed_by_peer_; }
  bool is_closed_here() const { return established() != nullptr && established()->closed_for_writing; }
  const Error* failure() const { return failure_ ? &*failure_ : nullptr; }
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
  /// After close: only records under the keys are looked at, and told apart (RFC 6347 4.1).
  void linger() { lingers_ = true; }
  bool is_lingering() const { return lingers_; }

 private:
  template <class Do>
  Outcome run(DatagramOutput& out, Instant now, Do&& step);
  Outcome end(Error error, DatagramOutput& out);
  Result<Done> commit(handshake::Effects& effects, DatagramOutput& out, Instant now);

  Outcome take_content(const record::DtlsRecord& record, const record::DtlsOpened& opened, Instant now, DatagramOutput& out,
                       RecordOutcome& taken);
  Outcome take_application_data(const record::DtlsRecord& record, ByteView content, DatagramOutput& out, RecordOutcome& taken);
  Outcome take_fragments(const record::DtlsRecord& record, ByteView content, DatagramOutput& out, RecordOutcome& taken);
  Outcome take_messages(Instant now, DatagramOutput& out);
  Outcome take_message(const handshake::Reassembled& whole, Instant now, DatagramOutput& out);
  Outcome switch_read_keys(Instant now, DatagramOutput& out);
  Outcome take_alert(ByteView content, Instant now, DatagramOutput& out, RecordOutcome& taken);
  void note_repetition(const wire::FragmentHeader& header, std::uint16_t epoch);
  handshake::Path path() const;
  std::size_t room_bytes() const;
  Result<Done> send_flight(DatagramOutput& out);
  Result<Done> seal(ContentType type, ByteView content, DatagramOutput& out);

  handshake::State state_;
  std::optional<Error> failure_;
  bool closed_by_peer_ = false, lingers_ = false;
  SessionTracker session_;
  std::shared_ptr<const CommonConfig> config_;
  Limits limits_;
  std::optional<Bytes> connection_id_;

  record::Epochs<record::DtlsOpener> read_;
  record::Epochs<record::DtlsSealer> write_;
  std::size_t received_content_bytes_max_ = record::plaintext_bytes_max;
  std::size_t sent_content_bytes_max_ = record::plaintext_bytes_max;

  handshake::Reassembly reassembly_;
  handshake::Flight flight_;
  handshake::RetransmissionTimer timer_;
  bool flight_is_answered_ = true;          // a message of the peer came since the flight was begun
  bool peer_repeats_ = false;               // in this datagram: the peer has not seen our last flight
  std::uint32_t repetitions_answered_ = 0;  // of this flight
  Instant flight_sent_{};
  std::optional<Milliseconds> round_trip_;
  std::uint32_t answered_message_seq_ = 0;  // the peer's next one when our flight was begun
  std::uint32_t warning_alerts_ = 0, post_handshake_messages_ = 0;
  std::uint16_t hello_seq_ = 0;  // a server's: of the ClientHello that it began with
  wire::Random hello_random_{};  // likewise
};

/// The door: a step says what it wants done, and that is done only if all of it succeeded.
template <class Do>
Outcome Association::run(DatagramOutput& out, Instant now, Do&& step) {
  if (failure_) return *failure_;
  const std::size_t bytes_before = out.to_peer.bytes.size(), datagrams_before = out.to_peer.sizes_bytes.size();
  Bytes nothing;
  handshake::Effects effects(nothing, flight_.next_message_seq());
  if (connection_id_) effects.connection_id = *connection_id_;
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

}  // namespace tocsin
