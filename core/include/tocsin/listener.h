#pragma once
/// @file
/// A DTLS 1.2 server for many peers behind one source of datagrams, without I/O (RFC 6347). A peer must first return a cookie,
/// which shows that it receives what is sent to its address. Until then the server keeps nothing for it, and answers each of its
/// datagrams with at most one, which is no longer. Everything else is discarded and counted by its reason, and changes nothing
/// for other peers or for the next handshake from the same address.
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
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
};

/// The peer has a new address (RFC 9146 6): an authentic record under its connection id, newer than all before, came from there.
/// Datagrams to the peer go there from now on, and calls name the peer by it.
struct AddressChanged {
  PeerAddress from;  ///< the former address
};

/// What calls produce. The caller owns and empties it. Calls only append.
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

class Association;
class ConnectionIds;
class Cookies;
namespace record {
struct DtlsRecord;
}
namespace wire {
struct ClientHello;
struct Fragment;
}  // namespace wire

/// A DTLS 1.2 server. Nothing that a peer sends makes a call fail.
class Listener {
 public:
  /// Makes a listener, which draws the secret of its cookies. config: not null. Error: Fatal crypto_failed.
  static Result<Listener, Error> make(std::shared_ptr<const ServerConfig> config);

  /// Called with each discarded record. Empty: not called.
  std::function<void(const PeerAddress& from, const DiscardSeen& seen)> on_discard;

  /// Asked before a peer's address changes; false keeps the former address. Empty: every change is allowed. The peer's record has
  /// come from the new address, but that does not prove that the peer wants to be sent anything there (RFC 9146 6): a man in the
  /// middle may have changed the source address. The listener refuses an address already in use by itself.
  std::function<bool(const PeerAddress& from, const PeerAddress& to)> may_change_address;

  /// Takes one datagram. datagram: not a part of out.
  void receive(ByteView datagram, const PeerAddress& from, Now now, ListenerOutput& out);
  /// When to call on_timeout if nothing arrives before; nothing: no timer runs. Its cost does not depend on the number of peers.
  std::optional<Instant> deadline() const;
  /// Sends flights again whose deadline has passed (RFC 6347 4.2.4), and forgets associations that have lingered long enough. It
  /// looks only at peers whose deadline has passed.
  void on_timeout(Now now, ListenerOutput& out);

  /// Sends application data in one record and datagram. Errors: Misuse peer_unknown, handshake_not_complete,
  /// closed_for_writing, datagram_too_long; Fatal crypto_failed, record_sequence_exhausted, which end the association.
  Outcome send(const PeerAddress& peer, ByteView application_data, ListenerOutput& out);
  /// Sends close_notify and ends the association. It lingers for at least ServerConfig::linger_min, so that its late records are
  /// recognised; the peer may begin a new handshake at once. Errors: Misuse peer_unknown; Fatal crypto_failed,
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
  const std::array<std::uint64_t, number_of_discard_reasons>& discarded() const { return discarded_; }
  std::uint64_t cookies_sent() const { return cookies_sent_; }  ///< How many HelloVerifyRequests were sent.
  std::size_t connection_ids() const;                           ///< How many connection ids belong to associations.
  std::size_t peers() const { return peers_.size(); }           ///< For how many peers something is kept.

  Listener(Listener&&) noexcept;             ///< Moves it; the other object may only be assigned to or destroyed.
  Listener& operator=(Listener&&) noexcept;  ///< Moves it; the other object may only be assigned to or destroyed.
  ~Listener();                               ///< Sends nothing to the peers: see close.

 private:
  struct Lingering {
    std::unique_ptr<Association> association;
    Instant until;
  };
  struct Peer {
    std::unique_ptr<Association> current;
    std::unique_ptr<Association> next;  // a handshake beside a connected association, which it replaces when it completes
    std::vector<Lingering> closed;
    std::optional<Instant> due;  // as in due_
    bool is_empty() const { return !current && !next && closed.empty(); }
    std::optional<Instant> deadline() const;
    std::unique_ptr<Association>* find(ByteView connection_id);
  };
  using Peers = std::map<PeerAddress, Peer>;
  struct Due {
    Instant at;
    const PeerAddress* whose;  // the key in peers_
    bool operator<(const Due& other) const { return at != other.at ? at < other.at : *whose < *other.whose; }
  };

  Listener(std::shared_ptr<const ServerConfig> config, std::unique_ptr<Cookies> cookies);
  struct Record;
  void route(const Record& record, ListenerOutput& out);
  void route_by_connection_id(const record::DtlsRecord& record, const PeerAddress& from, Now now, ListenerOutput& out);
  bool may_migrate(const PeerAddress& from, const PeerAddress& to) const;
  void listen(const Record& record, ListenerOutput& out);
  void answer_with_cookie(const Record& record, std::uint16_t message_seq, ByteView cookie, ListenerOutput& out);
  void begin(const Record& record, const wire::Fragment& fragment, const wire::ClientHello& hello, ListenerOutput& out);
  void let_go(std::unique_ptr<Association>& association);
  void count(const PeerAddress& from, const DiscardSeen& seen);
  void drain(const PeerAddress& peer, std::unique_ptr<Association>& of, const Outcome& outcome, ListenerOutput& out);
  void settle(const PeerAddress& peer, ListenerOutput& out);
  void settle(Peers::iterator found, ListenerOutput& out);
  void linger(Peer& peer, Instant now);
  void reschedule(Peers::reference peer, std::optional<Instant> at);

  std::shared_ptr<const ServerConfig> config_;
  std::unique_ptr<Cookies> cookies_;
  std::unique_ptr<ConnectionIds> connection_ids_;
  Peers peers_;
  std::set<Due> due_;       // who has a deadline, the first in front: no call looks at other peers than it has to
  std::size_t closed_ = 0;  // associations that linger
  std::array<std::uint64_t, number_of_discard_reasons> discarded_{};
  std::uint64_t cookies_sent_ = 0;
  DatagramOutput scratch_;
};

}  // namespace tocsin
