#pragma once
// The associations of a Listener by the addresses of their peers: which of them a record is for, when they have something to
// do, and when they are let go.
#include <map>
#include <set>

#include "core/dtls/association.h"
#include "core/dtls/connection_ids.h"
#include "core/dtls/cookie.h"
#include "core/dtls/shares.h"
#include "core/dtls/spent_cookies.h"
#include "tocsin/listener.h"

namespace tocsin {

/// For Lent.
template <class Visit>
void each_list_of(ListenerOutput& one, ListenerOutput& other, Visit&& visit) {
  visit(one.to_peers, other.to_peers);
  visit(one.told, other.told);
}

/// The calls are those of Listener.
class AssociationTable : public Enterable {
 public:
  AssociationTable(std::shared_ptr<const ServerConfig> config, Cookies cookies)
      : config_(std::move(config)),
        cookies_(std::move(cookies)),
        spent_(config_->cookie_period, config_->limits.cookies_spent_max) {}

  ~AssociationTable() {
    ignore_failure_of([&] { config_->provider->forget_keys(); });
  }
  AssociationTable(const AssociationTable&) = delete;
  AssociationTable& operator=(const AssociationTable&) = delete;

  void set_callbacks(ListenerCallbacks callbacks) { callbacks_ = std::move(callbacks); }
  void receive(ByteView datagram, const PeerAddress& from, Now now, ListenerOutput& out);
  std::optional<Instant> deadline() const;
  void on_timeout(Now now, ListenerOutput& out);
  Outcome send(const PeerAddress& peer, ByteView application_data, ListenerOutput& out);
  Outcome close(const PeerAddress& peer, Now now, ListenerOutput& out);
  Outcome export_keying_material(const PeerAddress& peer, std::string_view label, std::optional<ByteView> context,
                                 MutableBytes out_key, ListenerOutput& out);
  const Negotiated* negotiated(const PeerAddress& peer) const;
  const std::array<std::uint64_t, number_of_discard_reasons>& discarded() const { return discarded_; }
  std::uint64_t cookies_sent() const { return cookies_sent_; }
  std::size_t connection_ids() const { return connection_ids_.size(); }
  std::size_t peers() const { return peers_.size(); }
  /// One that comes from a callback of this very table.
  void discard_from_callback() { ++discarded_[static_cast<std::size_t>(DiscardReason::called_from_callback)]; }

 private:
  struct Lingering {
    std::unique_ptr<Association> association;
    Instant until;
  };
  struct Peer {
    std::unique_ptr<Association> current;
    std::unique_ptr<Association> next;  // a handshake beside a connected association, which it replaces when it completes
    std::vector<Lingering> closed;
    Cookie cookie{};                  // of the last handshake that began
    std::optional<Instant> idle_due;  // when to look whether the current one is idle; no record moves it
    std::optional<Instant> due;       // as in due_
    Shares::Place place;              // in shares_
    bool is_empty() const { return !current && !next && closed.empty(); }
    bool is_established() const { return current && current->established() != nullptr; }
    bool has_begun_with(std::uint16_t message_seq, ByteView hello) const {
      return (next && next->began_with(message_seq, hello)) || (current && current->began_with(message_seq, hello));
    }
    bool is_half_open() const { return current && !is_established() && !next && closed.empty(); }
    std::optional<Instant> deadline() const;
    std::unique_ptr<Association>* find(ByteView connection_id);
  };
  using Peers = std::map<PeerAddress, Peer>;
  struct Due {
    Instant at;
    const PeerAddress* whose;  // the key in peers_
    bool operator<(const Due& other) const { return at != other.at ? at < other.at : *whose < *other.whose; }
  };

  struct Record;
  void route(const Record& record, ListenerOutput& out);
  void route_by_connection_id(const record::DtlsRecord& record, const PeerAddress& from, Now now, ListenerOutput& out);
  std::optional<Peers::iterator> room_to_migrate(const PeerAddress& from, const PeerAddress& to);
  void listen(const Record& record, ListenerOutput& out);
  void answer_with_cookie(const Record& record, std::uint16_t message_seq, ByteView cookie, ListenerOutput& out);
  void begin(const Record& record, const wire::Fragment& fragment, const wire::ClientHello& hello, const Cookie& cookie,
             ListenerOutput& out);
  Bytes source_of(const PeerAddress& address) const;
  Peers::iterator add(const PeerAddress& address, const Bytes& source);
  bool make_room(const Bytes& source, ListenerOutput& out);
  bool evict(const PeerAddress* half_open, ListenerOutput& out);
  Outcome close(const PeerAddress& address, Peer& peer, Now now, ListenerOutput& out);
  void end_if_idle(const PeerAddress& address, Peer& peer, Now now, ListenerOutput& out);
  void let_go(std::unique_ptr<Association>& association);
  void count(const PeerAddress& from, const DiscardSeen& seen);
  void drain(const PeerAddress& peer, std::unique_ptr<Association>& of, const Outcome& outcome, ListenerOutput& out);
  void settle(const PeerAddress& peer, ListenerOutput& out);
  void settle(Peers::iterator found, ListenerOutput& out);
  void linger(Peer& peer, Instant now);
  void reschedule(Peers::reference peer, std::optional<Instant> at);

  std::shared_ptr<const ServerConfig> config_;
  ListenerCallbacks callbacks_;
  Cookies cookies_;
  SpentCookies spent_;
  ConnectionIds connection_ids_;
  Peers peers_;
  std::set<Due> due_;       // who has a deadline, the first in front: no call looks at other peers than it has to
  Shares shares_;
  std::size_t closed_ = 0;  // associations that linger
  std::array<std::uint64_t, number_of_discard_reasons> discarded_{};
  std::uint64_t cookies_sent_ = 0;
  DatagramOutput scratch_;
};

}  // namespace tocsin
