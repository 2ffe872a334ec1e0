#include "core/base/apart.h"
#include "core/connection/server_name.h"
#include "core/dtls/association.h"
#include "core/handshake/config_check.h"

namespace tocsin {

DatagramClient::DatagramClient(std::shared_ptr<Association> association) : association_(std::move(association)) {}
DatagramClient::DatagramClient(DatagramClient&&) noexcept = default;
DatagramClient& DatagramClient::operator=(DatagramClient&&) noexcept = default;
DatagramClient::~DatagramClient() = default;

Result<DatagramClient, Error> DatagramClient::start(std::shared_ptr<const ClientConfig> config, std::string_view server_name,
                                                    Now now, DatagramOutput& out) {
  if (const auto mistake = mistake_in(config.get(), handshake::Transport::datagram)) return *mistake;
  const bool is_address = looks_like_address(server_name);
  if (!is_address && !is_host_name(server_name)) return Misuse::server_name_invalid;
  auto association = std::make_shared<Association>(*config);
  TOCSIN_TRY(enter(association, out, [&](Association& entered, DatagramOutput& lent) {
    return entered.start_client(std::move(config), server_name, !is_address, now, lent);
  }));
  return DatagramClient(std::move(association));
}

Outcome DatagramClient::receive(ByteView datagram, Now now, DatagramOutput& out) {
  return enter(association_, out, [&](Association& entered, DatagramOutput& lent) {
    return entered.receive(Apart(datagram, {&lent.to_peer.bytes, &lent.application_data.bytes}), now, lent);
  });
}
std::optional<Instant> DatagramClient::deadline() const { return association_ ? association_->deadline() : std::nullopt; }
Outcome DatagramClient::on_timeout(Now now, DatagramOutput& out) {
  return enter(association_, out, [&](Association& entered, DatagramOutput& lent) { return entered.on_timeout(now, lent); });
}
Outcome DatagramClient::send(ByteView application_data, DatagramOutput& out) {
  return enter(association_, out, [&](Association& entered, DatagramOutput& lent) {
    return entered.send(Apart(application_data, {&lent.to_peer.bytes}), lent);
  });
}
Outcome DatagramClient::close(DatagramOutput& out) {
  return enter(association_, out, [](Association& entered, DatagramOutput& lent) { return entered.close(lent); });
}
Outcome DatagramClient::export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key,
                                               DatagramOutput& out) {
  return enter(association_, out, [&](Association& entered, DatagramOutput& lent) {
    return entered.export_keying_material(label, context, out_key, lent);
  });
}
bool DatagramClient::is_handshake_complete() const { return association_ && association_->established() != nullptr; }
bool DatagramClient::is_closed_by_peer() const { return association_ && association_->is_closed_by_peer(); }
const Error* DatagramClient::failure() const { return association_ ? association_->failure() : nullptr; }
const Negotiated& DatagramClient::negotiated() const {
  static const Negotiated nothing{};
  return is_handshake_complete() ? association_->established()->negotiated : nothing;
}

}  // namespace tocsin
