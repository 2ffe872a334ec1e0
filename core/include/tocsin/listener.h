#pragma once
/// @file
/// A DTLS 1.2 server for many peers behind one source of datagrams, without I/O (RFC 6347). A peer must first return a cookie,
/// which shows that it receives what is sent to its address. Until then the server keeps nothing for it, and answers each of
/// its datagrams with at most one, which is no longer. Everything else is discarded and counted by its reason, and changes
/// nothing for other peers or for the next handshake from the same address.
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "tocsin/dtls.h"

namespace tocsin {

/// Where a datagram comes from: bytes that tell peers apart, such as an address and a port.
using PeerAddress = Bytes;

/// What happened to the association with a peer.
enum class ListenerEvent : std::uint8_t {
  handshake_complete,  ///< the peer's Finished is verified
  peer_closed,         ///< the peer's close_notify has arrived
  late_close_notify,   ///< the peer's close_notify has arrived after close() here
  replaced,            ///< a new association with this peer has completed and takes the place of the former one
  idle,                ///< the peer was silent for ServerConfig::idle_timeout, and its association is closed
  evicted,             ///< the peer's handshake, the oldest under way, was forgotten to make room for another
};

/// The peer has a new address (RFC 9146 6): an authentic record under its connection id, newer than all before, came from
/// there. Datagrams to the peer go there from now on, and calls name the peer by it.
struct AddressChanged {
  PeerAddress from;  ///< the former address
};

/// What calls produce. The caller owns and empties it. Calls only append; an Output tells what holds while they run.
struct ListenerOutput {
  /// A datagram to send.
  struct Addressed {
    PeerAddress peer;  ///< the destination
    Bytes datagram;    ///< its bytes
  };
  /// News of a peer: an event, the application data of one record, why its association failed, or that it has moved here.
  struct Told {
    PeerAddress peer;                                                ///< the peer
    std::variant<ListenerEvent, Bytes, Error, AddressChanged> what;  ///< see above
  };
  std::vector<Addressed> to_peers;  ///< datagrams to send, in order
  std::vector<Told> told;           ///< news, in order
};

/// What a Listener calls while one of its own calls runs.
struct ListenerCallbacks {
  /// Called with each discarded record. Empty: not called. What it throws is ignored.
  std::function<void(const PeerAddress& from, const DiscardSeen& seen)> on_discard{};

  /// Asked before a peer's address changes; false keeps the former address, and so does an exception. Empty: every change is
  /// allowed. The peer's record has come from the new address, but that does not prove that the peer wants to be sent anything
  /// there (RFC 9146 6): a man in the middle may have changed the source address. The listener refuses an address already in
  /// use by itself.
  std::function<bool(const PeerAddress& from, const PeerAddress& to)> may_change_address{};

  /// Asked whom a peer's address belongs to, once it has proved that it can be reached there: those that give the same bytes
  /// share Limits::associations_per_source_max, and give way to each other before others do. An address without its port, say,
  /// or the first 64 bits of an IPv6 address. Empty, or it throws: every address is a source of its own.
  std::function<Bytes(const PeerAddress& address)> source_of{};
};

class AssociationTable;

/// A DTLS 1.2 server. Nothing that a peer sends makes a call fail.
///
/// A callback, of these or of the configuration, may destroy, move or assign to the Listener that it is called by. It may not
/// call it: that returns Misuse called_from_callback, a datagram is discarded as one, and on_timeout does nothing.
class Listener {
 public:
  /// Makes a listener, which draws the secret of its cookies. Errors: Misuse config_missing, provider_missing,
  /// certificate_missing, certificate_incomplete, client_verifier_missing, config_out_of_range; Fatal crypto_failed,
  /// application_failed.
  static Result<Listener, Error> make(std::shared_ptr<const ServerConfig> config);

  /// Replaces the callbacks. Errors: Misuse called_from_callback, already_consumed.
  Outcome set_callbacks(ListenerCallbacks callbacks);

  /// Takes one datagram. A handshake that it begins beyond Limits::associations_max takes the place of the oldest one under
  /// way, of the source that has most of them; beyond Limits::associations_per_source_max, of the oldest of its own source.
  /// Where all of them have associations it is discarded as associations_too_many.
  void receive(ByteView datagram, const PeerAddress& from, Now now, ListenerOutput& out);
  /// When to call on_timeout if nothing arrives before; nothing: no timer runs. Its cost does not depend on the number of
  /// peers.
  std::optional<Instant> deadline() const;
  /// Sends flights again whose deadline has passed (RFC 6347 4.2.4), ends handshakes that take too long, closes associations
  /// that were idle for ServerConfig::idle_timeout, and forgets those that have lingered long enough.
  /// It looks only at peers whose deadline has passed.
  void on_timeout(Now now, ListenerOutput& out);

  /// Sends application data in one record and datagram. Errors: Misuse peer_unknown, handshake_not_complete,
  /// closed_for_writing, datagram_too_long; Fatal crypto_failed, record_sequence_exhausted, which end the association.
  Outcome send(const PeerAddress& peer, ByteView application_data, ListenerOutput& out);
  /// Sends close_notify and ends the association. It lingers for at least ServerConfig::linger_min, so that its late records
  /// are recognised; the peer may begin a new handshake at once. Errors: Misuse peer_unknown; Fatal crypto_failed,
  /// record_sequence_exhausted.
  Outcome close(const PeerAddress& peer, Now now, ListenerOutput& out);
  /// Fills out_key with keying material for the application (RFC 5705). label: at most 249 bytes. context: at most
  /// 65535 bytes; none and an empty one give different keys. out_key: at most 255 * hash_bytes bytes. Errors: Misuse
  /// peer_unknown, handshake_not_complete, label_or_length_invalid; Fatal crypto_failed.
  Outcome export_keying_material(const PeerAddress& peer, std::string_view label, std::optional<ByteView> context,
                                 MutableBytes out_key, ListenerOutput& out);

  /// What the peer's handshake agreed on; null if there is no such peer or its handshake is not complete.
  const Negotiated* negotiated(const PeerAddress& peer) const;
  /// How many records were discarded for each DiscardReason.
  const std::array<std::uint64_t, number_of_discard_reasons>& discarded() const;
  std::uint64_t cookies_sent() const;  ///< How many HelloVerifyRequests were sent.
  std::size_t connection_ids() const;  ///< How many connection ids belong to associations.
  std::size_t peers() const;           ///< For how many peers something is kept.

  Listener(Listener&&) noexcept;  ///< Moves it; calls on the other object return Misuse already_consumed, or do nothing.
  Listener& operator=(
      Listener&&) noexcept;  ///< Moves it; calls on the other object return Misuse already_consumed, or do nothing.
  ~Listener();               ///< Sends nothing to the peers: see close.

 private:
  explicit Listener(std::shared_ptr<AssociationTable> table);
  std::shared_ptr<AssociationTable> table_;
};

}  // namespace tocsin
