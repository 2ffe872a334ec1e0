// Records with a connection id: whose they are, wherever they come from, and when a peer's address changes (RFC 9146 sections 3
// and 6).
#include "core/base/guarded.h"
#include "core/dtls/association_table.h"

namespace tocsin {

/// The id alone tells whose the record is: no association is tried for the sake of its address. One that lingers is never
/// moved, and what it is told of stands under the address that it had.
void AssociationTable::route_by_connection_id(const record::DtlsRecord& record, const PeerAddress& from, Now now,
                                      ListenerOutput& out) {
  const ByteView id = record.header.connection_id;
  const PeerAddress* home = connection_ids_.find(id);
  if (home == nullptr) return count(from, seen_of(DiscardReason::connection_id_unknown, record));
  const auto found = peers_.find(*home);
  std::unique_ptr<Association>* association = found->second.find(id);
  const bool is_settled = association == &found->second.current && (*association)->established() != nullptr;
  RecordOutcome taken;
  const Outcome outcome = (*association)->receive_record(record, now, scratch_, taken);
  for (const DiscardSeen& seen : scratch_.discarded) {
    count(from, seen);
    if (seen.why == DiscardReason::close_notify_late) out.told.push_back({found->first, ListenerEvent::late_close_notify});
  }
  if (found->first == from) return drain(from, *association, outcome, out);

  const PeerAddress former = found->first;
  const bool asks_to_move = is_settled && taken.is_newest;
  const auto there = asks_to_move ? room_to_migrate(former, from) : std::nullopt;
  if (there) {
    std::unique_ptr<Association>& current = (*there)->second.current;
    current = std::move(*association);
    association = &current;
    connection_ids_.move(id, from);
    out.told.push_back({from, AddressChanged{former}});
  }
  const PeerAddress& address = there ? from : former;
  drain(address, *association, outcome, out);
  if (*association) drain(address, *association, (*association)->end_datagram(now, scratch_), out);
  settle(former, out);
}

/// Where it can live from now on; nothing: it stays. An address where somebody else lives is not given away: else who has an
/// association of his own could, with forged source addresses, put others out. Nor are the limits on peers got round.
std::optional<AssociationTable::Peers::iterator> AssociationTable::room_to_migrate(const PeerAddress& from,
                                                                                   const PeerAddress& to) {
  const auto there = peers_.find(to);
  const bool is_new = there == peers_.end();
  if (!is_new && (there->second.current || there->second.next)) return std::nullopt;
  const Limits& limits = config_->limits;
  const Bytes source = is_new ? source_of(to) : Bytes();
  const bool is_full =
      peers_.size() >= limits.associations_max || shares_.peers_of(source) >= limits.associations_per_source_max;
  if (is_new && is_full) return std::nullopt;
  if (callbacks_.may_change_address) {
    bool may_change = false;
    ignore_failure_of([&] { may_change = callbacks_.may_change_address(from, to); });
    if (!may_change) return std::nullopt;
  }
  return is_new ? add(to, source) : there;
}

std::unique_ptr<Association>* AssociationTable::Peer::find(ByteView connection_id) {
  const auto is_it = [&](const std::unique_ptr<Association>& association) {
    return association && std::ranges::equal(association->connection_id(), connection_id);
  };
  if (is_it(current)) return &current;
  if (is_it(next)) return &next;
  for (Lingering& one : closed)
    if (is_it(one.association)) return &one.association;
  return nullptr;
}

}  // namespace tocsin
