#include "core/dtls/association_table.h"

#include <algorithm>

#include "core/base/guarded.h"
#include "core/handshake/tls12/negotiation.h"
#include "core/wire/dtls/hello_verify_request.h"

namespace tocsin {

struct AssociationTable::Record {
  const record::DtlsRecord& record;
  const PeerAddress& from;
  std::size_t datagram_bytes;
  Now now;
  bool& is_answered;  // the datagram, with a cookie, a flight or a refusal: one is enough

  DiscardSeen seen(DiscardReason why) const { return seen_of(why, record); }
};

void AssociationTable::count(const PeerAddress& from, const DiscardSeen& seen) {
  ++discarded_[static_cast<std::size_t>(seen.why)];
  if (callbacks_.on_discard) ignore_failure_of([&] { callbacks_.on_discard(from, seen); });
}

/// Hands on what a call of an association has produced, and lets it go if it has failed.
void AssociationTable::drain(const PeerAddress& peer, std::unique_ptr<Association>& of, const Outcome& outcome,
                             ListenerOutput& out) {
  scratch_.to_peer.each([&](ByteView datagram) { out.to_peers.push_back({peer, Bytes(datagram.begin(), datagram.end())}); });
  for (const Event event : scratch_.events) {
    if (event == Event::handshake_complete) out.told.push_back({peer, ListenerEvent::handshake_complete});
    if (event == Event::peer_closed) out.told.push_back({peer, ListenerEvent::peer_closed});
  }
  scratch_.application_data.each([&](ByteView data) { out.told.push_back({peer, Bytes(data.begin(), data.end())}); });
  scratch_.clear();
  if (outcome || outcome.error().misuse() != nullptr) return;
  out.told.push_back({peer, outcome.error()});
  let_go(of);
}

void AssociationTable::let_go(std::unique_ptr<Association>& association) {
  if (association) connection_ids_.release(association->connection_id());
  association.reset();
}

std::optional<Instant> AssociationTable::Peer::deadline() const {
  std::optional<Instant> first;
  const auto consider = [&](std::optional<Instant> other) {
    if (other && (!first || *other < *first)) first = other;
  };
  if (current) consider(current->deadline());
  if (next) consider(next->deadline());
  for (const Lingering& one : closed) consider(one.until);
  consider(idle_due);
  return first;
}

void AssociationTable::reschedule(Peers::reference peer, std::optional<Instant> at) {
  if (peer.second.due == at) return;
  if (peer.second.due) due_.erase({*peer.second.due, &peer.first});
  if (at) due_.insert({*at, &peer.first});
  peer.second.due = at;
}

/// After every call that may have changed something for a peer: a handshake that has completed takes the place of what was
/// there, who has nothing is forgotten, and who has a deadline is called when it comes.
void AssociationTable::settle(Peers::iterator found, ListenerOutput& out) {
  Peer& peer = found->second;
  if (peer.next && (!peer.current || peer.next->established() != nullptr)) {
    //= RFC 6347 4.2.8 //# After a correct Finished message is received, the server MUST abandon the previous
    if (peer.current) out.told.push_back({found->first, ListenerEvent::replaced});
    let_go(peer.current);
    peer.current = std::move(peer.next);
  }
  if (!peer.is_established())
    peer.idle_due.reset();
  else if (config_->idle_timeout && !peer.idle_due)
    peer.idle_due = peer.current->heard() + *config_->idle_timeout;
  shares_.note(peer.place, peer.is_half_open(), found->first);
  reschedule(*found, peer.deadline());
  if (!peer.is_empty()) return;
  shares_.leave(peer.place);
  peers_.erase(found);
}

void AssociationTable::settle(const PeerAddress& address, ListenerOutput& out) {
  const auto found = peers_.find(address);
  if (found != peers_.end()) settle(found, out);
}

void AssociationTable::receive(ByteView datagram, const PeerAddress& from, Now now, ListenerOutput& out) {
  record::DatagramReader reader(datagram, record::DtlsVersions::initial, config_->connection_id_bytes.value_or(0));
  std::size_t at = 0;
  bool is_answered = false;
  while (const auto next = reader.next()) {
    if (!*next) {
      count(from, {next->error().why, datagram.size() - at});
      break;
    }
    at += (*next)->size_bytes();
    route({**next, from, datagram.size(), now, is_answered}, out);
  }
  const auto found = peers_.find(from);
  if (found == peers_.end()) return;
  for (auto* association : {&found->second.current, &found->second.next}) {
    if (*association) drain(from, *association, (*association)->end_datagram(now, scratch_), out);
  }
  settle(found, out);
}

namespace {

/// The ClientHello that a plaintext record begins with, or a fragment of it.
std::optional<wire::Fragment> client_hello_in(const record::DtlsRecord& record) {
  if (record.header.epoch != 0 || record.header.type != ContentType::handshake) return std::nullopt;
  Reader reader(record.fragment);
  const auto fragment = wire::read_fragment(reader);
  if (!fragment || fragment->header.type != HandshakeType::client_hello) return std::nullopt;
  return *fragment;
}

}  // namespace

void AssociationTable::route(const Record& record, ListenerOutput& out) {
  if (!record.record.header.connection_id.empty()) return route_by_connection_id(record.record, record.from, record.now, out);
  const auto found = peers_.find(record.from);
  if (found == peers_.end()) return listen(record, out);
  Peer& peer = found->second;
  // RFC 6347 4.2.8: a ClientHello is a new beginning, whatever else there is, unless it is the one that a handshake here began
  // with.
  const auto hello = client_hello_in(record.record);
  if (hello && !peer.has_begun_with(hello->header.message_seq, hello->body)) return listen(record, out);

  std::optional<DiscardSeen> first;
  const auto offer_to = [&](std::unique_ptr<Association>& association) {
    if (!association) return false;
    RecordOutcome taken;
    const Outcome outcome = association->receive_record(record.record, record.now, scratch_, taken);
    if (!scratch_.discarded.empty()) {
      const DiscardSeen seen = scratch_.discarded.front();
      if (taken.is_of_use)
        count(record.from, seen);
      else if (!first)
        first = seen;
      if (seen.why == DiscardReason::close_notify_late) out.told.push_back({record.from, ListenerEvent::late_close_notify});
    }
    drain(record.from, association, outcome, out);
    return taken.is_of_use;
  };
  // What is not protected concerns the handshake; of what is, only the keys tell whose it is.
  const bool is_protected = record.record.header.epoch != 0;
  if (!is_protected && peer.next) {
    if (!offer_to(peer.next) && first) count(record.from, *first);
    return;
  }
  if (offer_to(peer.current)) return;
  if (is_protected) {
    if (offer_to(peer.next)) return;
    for (Lingering& closed : peer.closed)
      if (offer_to(closed.association)) return;
  }
  if (first)
    count(record.from, *first);
  else if (!peer.current)
    listen(record, out);
}

/// The listen state: nothing is kept, and only a ClientHello is answered.
void AssociationTable::listen(const Record& record, ListenerOutput& out) {
  const auto discard = [&](DiscardReason why) { count(record.from, record.seen(why)); };
  if (record.record.header.epoch != 0) return discard(DiscardReason::listening_for_plaintext);
  switch (record.record.header.type) {
    case ContentType::alert:
      return discard(DiscardReason::listening_not_for_alert);
    case ContentType::application_data:
      return discard(DiscardReason::listening_not_for_application_data);
    case ContentType::change_cipher_spec:
      return discard(DiscardReason::listening_not_for_change_cipher_spec);
    case ContentType::handshake:
      break;
  }
  if (record.record.fragment.empty()) return discard(DiscardReason::record_empty);
  Reader reader(record.record.fragment);
  const auto fragment = wire::read_fragment(reader);
  if (!fragment) return discard(fragment.error().why);
  const wire::FragmentHeader& header = fragment->header;
  if (header.type != HandshakeType::client_hello) return discard(DiscardReason::listening_not_for_message);
  if (header.fragment_length_bytes != header.length_bytes) return discard(DiscardReason::hello_fragmented);
  const auto parameters = wire::split_dtls_client_hello(fragment->body);
  const auto hello = wire::decode_dtls_client_hello(fragment->body);
  if (!parameters || !hello) return discard(DiscardReason::hello_malformed);

  if (record.is_answered) return discard(DiscardReason::hello_repeated);
  Provider& provider = *config_->provider;
  const auto verdict = cookies_.judge(provider, record.from, *parameters, record.now.instant);
  if (!verdict) return;  // no cookie can be made either
  if (*verdict == CookieVerdict::valid) {
    Cookie cookie;
    std::ranges::copy(parameters->cookie, cookie.begin());
    if (spent_.contains(cookie, record.now.instant)) return discard(DiscardReason::cookie_spent);
    return begin(record, *fragment, *hello, cookie, out);
  }
  if (*verdict == CookieVerdict::invalid) discard(DiscardReason::cookie_invalid);
  // RFC 6347 4.2.1: an invalid cookie is none.
  const auto cookie = cookies_.make(provider, record.from, *parameters, record.now.instant);
  if (cookie) answer_with_cookie(record, header.message_seq, *cookie, out);
}

void AssociationTable::answer_with_cookie(const Record& record, std::uint16_t message_seq, ByteView cookie,
                                          ListenerOutput& out) {
  constexpr std::size_t usual_bytes = 64;
  Bytes message, datagram;
  message.reserve(usual_bytes);
  datagram.reserve(usual_bytes);
  Writer writer(message);
  wire::HelloVerifyRequest request;
  request.cookie = cookie;
  encode(request, writer);
  const auto header = wire::whole_fragment_header(message, message_seq);
  message.insert(message.begin() + wire::message_header_bytes, header.begin() + wire::message_header_bytes, header.end());
  // RFC 6347 4.2.1: the record's number is the client's, so that none has to be kept.
  //= RFC 6347 4.2.1 //# In order to avoid sequence number duplication in case of multiple HelloVerifyRequests, the server MUST use the record sequence number in the ClientHello as the record sequence number in the HelloVerifyRequest.
  auto sealer = record::DtlsSealer::plaintext(record.record.header.sequence);
  if (!sealer.seal(ContentType::handshake, message, datagram, record::DtlsVersion::dtls10)) return;
  if (datagram.size() > record.datagram_bytes) return count(record.from, record.seen(DiscardReason::hello_malformed));
  record.is_answered = true;
  ++cookies_sent_;
  out.to_peers.push_back({record.from, std::move(datagram)});
}

void AssociationTable::begin(const Record& record, const wire::Fragment& fragment, const wire::ClientHello& hello,
                             const Cookie& cookie, ListenerOutput& out) {
  auto found = peers_.find(record.from);
  if (found == peers_.end()) {
    const Bytes source = source_of(record.from);
    if (!make_room(source, out)) return count(record.from, record.seen(DiscardReason::associations_too_many));
    found = add(record.from, source);
  }
  Peer& peer = found->second;
  //= RFC 6347 4.2.8 //# it SHOULD proceed with a new handshake but MUST NOT destroy the existing association
  const bool replaces = peer.is_established();
  std::unique_ptr<Association>& association = replaces ? peer.next : peer.current;
  let_go(association);
  std::optional<Bytes> id;
  if (handshake::tls12::accepts_connection_id(*config_, hello))
    id = connection_ids_.draw(*config_->provider, *config_->connection_id_bytes, record.from);
  association = std::make_unique<Association>(*config_);
  drain(record.from, association,
        association->start_server(config_, record.record.header, fragment, hello, std::move(id), record.now, scratch_), out);
  record.is_answered = true;
  // Who was refused at once got an alert and no flight, and may ask for it again.
  if (!association) return;
  spent_.add(cookie, record.now.instant);
  peer.cookie = cookie;
}

Bytes AssociationTable::source_of(const PeerAddress& address) const {
  Bytes source = address;
  if (callbacks_.source_of) ignore_failure_of([&] { source = callbacks_.source_of(address); });
  return source;
}

AssociationTable::Peers::iterator AssociationTable::add(const PeerAddress& address, const Bytes& source) {
  const auto added = peers_.try_emplace(address).first;
  added->second.place = shares_.enter(source);
  return added;
}

/// Who vanishes amid its handshake keeps nobody out, and who comes from everywhere at once gives way to himself first. Those
/// that are established give way to nobody.
bool AssociationTable::make_room(const Bytes& source, ListenerOutput& out) {
  const Limits& limits = config_->limits;
  if (shares_.peers_of(source) >= limits.associations_per_source_max && !evict(shares_.oldest_of(source), out)) return false;
  return peers_.size() < limits.associations_max || evict(shares_.oldest_of_busiest(), out);
}

bool AssociationTable::evict(const PeerAddress* half_open, ListenerOutput& out) {
  if (half_open == nullptr) return false;
  const auto evicted = peers_.find(*half_open);
  out.told.push_back({evicted->first, ListenerEvent::evicted});
  spent_.remove(evicted->second.cookie);  // it may come back
  let_go(evicted->second.current);
  settle(evicted, out);
  return true;
}

std::optional<Instant> AssociationTable::deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->at;
}

void AssociationTable::on_timeout(Now now, ListenerOutput& out) {
  // Each once, also one whose next deadline has passed already.
  std::vector<PeerAddress> addresses;
  for (auto due = due_.begin(); due != due_.end() && due->at <= now.instant; ++due) addresses.push_back(*due->whose);
  for (const PeerAddress& address : addresses) {
    Peer& peer = peers_[address];
    for (auto* association : {&peer.current, &peer.next}) {
      const bool is_due = *association && (*association)->deadline() && *(*association)->deadline() <= now.instant;
      if (is_due) drain(address, *association, (*association)->on_timeout(now, scratch_), out);
    }
    end_if_idle(address, peer, now, out);
    closed_ -= std::erase_if(peer.closed, [&](Lingering& closed) {
      if (closed.until > now.instant) return false;
      let_go(closed.association);
      return true;
    });
    settle(address, out);
  }
}

Outcome AssociationTable::send(const PeerAddress& peer, ByteView application_data, ListenerOutput& out) {
  const auto found = peers_.find(peer);
  if (found == peers_.end() || !found->second.current) return Misuse::peer_unknown;
  const Outcome outcome = found->second.current->send(application_data, scratch_);
  drain(peer, found->second.current, outcome, out);
  settle(found, out);
  return outcome;
}

/// The associations that linger at one address are all tried with each protected record from there, so there are few.
void AssociationTable::linger(Peer& peer, Instant now) {
  const Limits& limits = config_->limits;
  if (!peer.closed.empty() && peer.closed.size() >= limits.lingering_associations_per_peer_max) {
    let_go(peer.closed.front().association);
    peer.closed.erase(peer.closed.begin());
    --closed_;
  }
  if (closed_ >= limits.lingering_associations_max || limits.lingering_associations_per_peer_max == 0) return;
  const Milliseconds round_trip = peer.current->round_trip().value_or(Milliseconds{});
  const Milliseconds span = std::max(Milliseconds{2 * tocsin::count(round_trip)}, config_->linger_min);
  peer.current->linger();
  peer.closed.push_back({std::move(peer.current), now + span});
  ++closed_;
}

void AssociationTable::end_if_idle(const PeerAddress& address, Peer& peer, Now now, ListenerOutput& out) {
  if (!peer.current || !peer.idle_due || *peer.idle_due > now.instant) return;
  peer.idle_due = peer.current->heard() + *config_->idle_timeout;
  if (*peer.idle_due > now.instant) return;
  out.told.push_back({address, ListenerEvent::idle});
  (void)close(address, peer, now, out);
}

Outcome AssociationTable::close(const PeerAddress& address, Now now, ListenerOutput& out) {
  const auto found = peers_.find(address);
  if (found == peers_.end() || !found->second.current) return Misuse::peer_unknown;
  const Outcome outcome = close(address, found->second, now, out);
  settle(found, out);
  return outcome;
}

Outcome AssociationTable::close(const PeerAddress& address, Peer& peer, Now now, ListenerOutput& out) {
  const Outcome outcome = peer.current->close(scratch_);
  drain(address, peer.current, outcome, out);
  if (peer.current && peer.current->is_closed_for_writing()) linger(peer, now.instant);
  let_go(peer.current);
  return outcome;
}

Outcome AssociationTable::export_keying_material(const PeerAddress& peer, std::string_view label,
                                                 std::optional<ByteView> context, MutableBytes out_key, ListenerOutput& out) {
  const auto found = peers_.find(peer);
  if (found == peers_.end() || !found->second.current) return Misuse::peer_unknown;
  const Outcome outcome = found->second.current->export_keying_material(label, context, out_key, scratch_);
  drain(peer, found->second.current, outcome, out);
  settle(found, out);
  return outcome;
}

const Negotiated* AssociationTable::negotiated(const PeerAddress& peer) const {
  const auto found = peers_.find(peer);
  if (found == peers_.end() || !found->second.is_established()) return nullptr;
  return &found->second.current->established()->negotiated;
}

}  // namespace tocsin
