#include "tocsin/listener.h"

#include "core/base/apart.h"
#include "core/dtls/association_table.h"
#include "core/handshake/config_check.h"

namespace tocsin {
namespace {

/// An address that may be one of the output that grows meanwhile: then it is copied first.
class AddressApart {
 public:
  AddressApart(const PeerAddress& address, const ListenerOutput& growing) : address_(&address) {
    const ByteView object(reinterpret_cast<const std::uint8_t*>(&address), sizeof(address));
    if (!lies_in(object, growing.to_peers) && !lies_in(object, growing.told)) return;
    copy_ = address;
    address_ = &copy_;
  }
  AddressApart(const AddressApart&) = delete;
  AddressApart& operator=(const AddressApart&) = delete;

  operator const PeerAddress&() const { return *address_; }

 private:
  PeerAddress copy_;
  const PeerAddress* address_;
};

}  // namespace

Listener::Listener(std::shared_ptr<AssociationTable> table) : table_(std::move(table)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() = default;

Result<Listener, Error> Listener::make(std::shared_ptr<const ServerConfig> config) {
  if (const auto mistake = mistake_in(config.get())) return *mistake;
  auto cookies = Cookies::draw(*config->provider, config->cookie_period);
  if (!cookies) return cookies.error();
  return Listener(std::make_shared<AssociationTable>(std::move(config), std::move(*cookies)));
}

Outcome Listener::set_callbacks(ListenerCallbacks callbacks) {
  return enter(table_, [&](AssociationTable& table) -> Outcome {
    table.set_callbacks(std::move(callbacks));
    return Done{};
  });
}

void Listener::receive(ByteView datagram, const PeerAddress& from, Now now, ListenerOutput& out) {
  const Outcome entered = enter(table_, out, [&](AssociationTable& table, ListenerOutput& lent) -> Outcome {
    table.receive(datagram, AddressApart(from, lent), now, lent);
    return Done{};
  });
  if (!entered && table_) table_->discard_from_callback();
}

void Listener::on_timeout(Now now, ListenerOutput& out) {
  (void)enter(table_, out, [&](AssociationTable& table, ListenerOutput& lent) -> Outcome {
    table.on_timeout(now, lent);
    return Done{};
  });
}

Outcome Listener::send(const PeerAddress& peer, ByteView application_data, ListenerOutput& out) {
  return enter(table_, out, [&](AssociationTable& table, ListenerOutput& lent) {
    return table.send(AddressApart(peer, lent), application_data, lent);
  });
}

Outcome Listener::close(const PeerAddress& peer, Now now, ListenerOutput& out) {
  return enter(table_, out,
               [&](AssociationTable& table, ListenerOutput& lent) { return table.close(AddressApart(peer, lent), now, lent); });
}

Outcome Listener::export_keying_material(const PeerAddress& peer, std::string_view label, std::optional<ByteView> context,
                                         MutableBytes out_key, ListenerOutput& out) {
  return enter(table_, out, [&](AssociationTable& table, ListenerOutput& lent) {
    return table.export_keying_material(AddressApart(peer, lent), label, context, out_key, lent);
  });
}

std::optional<Instant> Listener::deadline() const { return table_ ? table_->deadline() : std::nullopt; }
const Negotiated* Listener::negotiated(const PeerAddress& peer) const { return table_ ? table_->negotiated(peer) : nullptr; }
std::uint64_t Listener::cookies_sent() const { return table_ ? table_->cookies_sent() : 0; }
std::size_t Listener::connection_ids() const { return table_ ? table_->connection_ids() : 0; }
std::size_t Listener::peers() const { return table_ ? table_->peers() : 0; }

const std::array<std::uint64_t, number_of_discard_reasons>& Listener::discarded() const {
  static constexpr std::array<std::uint64_t, number_of_discard_reasons> nothing{};
  return table_ ? table_->discarded() : nothing;
}

}  // namespace tocsin
