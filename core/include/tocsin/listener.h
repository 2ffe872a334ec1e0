#pragma once
/// @file
/// A DTLS 1.2 server for many peers behind one source of datagrams, without I/O (RFC 6347). Until a peer has shown with a
/// cookie that it gets what is sent to its address, nothing is kept for it, and it is sent at most one datagram for each of its
/// own, and no longer one. Whatever else comes is discarded, counted by its reason, and changes nothing: not for other peers,
/// and not for the next handshake from the same address.
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

/// Where a datagram comes from: any bytes that tell peers apart, an address and a port say.
using PeerAddress = Bytes;

/// What happened to the association with a peer.
enum class ListenerEvent : std::uint8_t {
  handshake_complete,  ///< the peer's Finished is verified
  peer_closed,         ///< its close_notify was received
  late_close_notify,   ///< the same, of an association that was closed here before
  replaced,            ///< a new association with this address has completed: the one before is gone
};

/// The peer's address is another one from now on (RFC 9146 6): an authentic record under its connection id, newer than all
/// before, came from there. What is sent to the peer goes there, and calls name it so.
struct AddressChanged {
  PeerAddress from;  ///< what it was
};

/// What calls produce; the caller owns and empties it. Calls only append.
struct ListenerOutput {
  /// To be sent.
  struct Addressed {
    PeerAddress peer;  ///< to whom
    Bytes datagram;    ///< what
  };
  /// What is to be known of a peer: an event, application data as the peer sent them, why its association failed, or that its
  /// address has changed to this one.
  struct Told {
    PeerAddress peer;                                                ///< of whom
    std::variant<ListenerEvent, Bytes, Error, AddressChanged> what;  ///< see above
  };
  std::vector<Addressed> to_peers;  ///< in order
  std::vector<Told> told;           ///< in order
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

/// See above. Nothing that a peer sends makes a call fail.
class Listener {
 public:
  /// config: not null. date: for the validity of clients' certificates and the age of sessions. now: when it is that date, so
  /// that the date goes on; else it stands still. Error: Fatal crypto_failed.
  static Result<Listener, Error> make(std::shared_ptr<const ServerConfig> config, UnixSeconds date = {},
                                      std::optional<Instant> now = std::nullopt);

  /// Called with everything that is discarded. Empty: never.
  std::function<void(const PeerAddress& from, const DiscardSeen& seen)> on_discard;

  /// Asked before a peer's address changes; false: it stays as it is. Empty: always true. What the peer has proved is that its
  /// record has come from there, not that it wants to be sent anything there (RFC 9146 6): somebody in between may have given
  /// the record a source address of his choice. An address at which another association lives is not asked for.
  std::function<bool(const PeerAddress& from, const PeerAddress& to)> may_change_address;

  /// Takes a datagram. It may not be a part of out.
  void receive(ByteView datagram, const PeerAddress& from, Instant now, ListenerOutput& out);
  /// When to call on_timeout, if nothing comes before. Costs the same whatever the number of peers.
  std::optional<Instant> deadline() const;
  /// At the deadline or later: flights are sent again, and what was closed is forgotten in the end. Looks at the peers alone
  /// for which it is time.
  void on_timeout(Instant now, ListenerOutput& out);

  /// Sends application data in one record and datagram. Errors: Misuse peer_unknown, handshake_not_complete,
  /// closed_for_writing, datagram_too_long; Fatal crypto_failed, record_sequence_exhausted, which end the association.
  Outcome send(const PeerAddress& peer, ByteView application_data, ListenerOutput& out);
  /// Sends close_notify and lets the association go; for a while (ServerConfig::linger_min) its late records are known for what
  /// they are, and the peer may begin a new handshake at once. Errors: Misuse peer_unknown; Fatal crypto_failed,
  /// record_sequence_exhausted.
  Outcome close(const PeerAddress& peer, Instant now, ListenerOutput& out);
  /// RFC 5705. Errors: Misuse peer_unknown, handshake_not_complete, label_or_length_invalid; Fatal crypto_failed.
  Outcome export_keying_material(const PeerAddress& peer, std::string_view label, ByteView context, MutableBytes out_key,
                                 ListenerOutput& out);

  /// Of the peer's association; null if there is none, or its handshake is not complete.
  const Negotiated* negotiated(const PeerAddress& peer) const;
  /// How often each DiscardReason was found.
  const std::array<std::uint64_t, number_of_discard_reasons>& discarded() const { return discarded_; }
  /// How many HelloVerifyRequests were sent.
  std::uint64_t cookies_sent() const { return cookies_sent_; }
  /// Connection ids by which associations are known.
  std::size_t connection_ids() const;
  /// Peers for which something is kept.
  std::size_t peers() const { return peers_.size(); }

  Listener(Listener&&) noexcept;             ///< What was moved from may only be assigned to, or go away.
  Listener& operator=(Listener&&) noexcept;  ///< likewise
  ~Listener();                               ///< Says nothing to anybody: see close.

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

  Listener(std::shared_ptr<const ServerConfig> config, UnixSeconds date, std::optional<Instant> now,
           std::unique_ptr<Cookies> cookies);
  UnixSeconds date_at(Instant now) const;
  struct Record;
  void route(const Record& record, ListenerOutput& out);
  void route_by_connection_id(const record::DtlsRecord& record, const PeerAddress& from, Instant now, ListenerOutput& out);
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
  UnixSeconds date_;
  std::optional<Instant> dated_;  // when it was that date
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
