#include "core/connection/server_name.h"
#include "core/dtls/association.h"

namespace tocsin {

DatagramClient::DatagramClient(std::unique_ptr<Association> association) : association_(std::move(association)) {}
DatagramClient::DatagramClient(DatagramClient&&) noexcept = default;
DatagramClient& DatagramClient::operator=(DatagramClient&&) noexcept = default;
DatagramClient::~DatagramClient() = default;

Result<DatagramClient, Error> DatagramClient::start(std::shared_ptr<const ClientConfig> config, std::string_view server_name,
                                                    Now now, DatagramOutput& out) {
  const bool is_address = looks_like_address(server_name);
  if (!is_address && !is_host_name(server_name)) return Misuse::server_name_invalid;
  auto association = std::make_unique<Association>(*config);
  TOCSIN_TRY(association->start_client(std::move(config), server_name, !is_address, now, out));
  return DatagramClient(std::move(association));
}

Outcome DatagramClient::receive(ByteView datagram, Now now, DatagramOutput& out) {
  return association_->receive(datagram, now, out);
}
std::optional<Instant> DatagramClient::deadline() const { return association_->deadline(); }
Outcome DatagramClient::on_timeout(Now now, DatagramOutput& out) { return association_->on_timeout(now, out); }
Outcome DatagramClient::send(ByteView application_data, DatagramOutput& out) {
  return association_->send(application_data, out);
}
Outcome DatagramClient::close(DatagramOutput& out) { return association_->close(out); }
Outcome DatagramClient::export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key,
                                               DatagramOutput& out) {
  return association_->export_keying_material(label, context, out_key, out);
}
bool DatagramClient::is_handshake_complete() const { return association_->established() != nullptr; }
bool DatagramClient::is_closed_by_peer() const { return association_->is_closed_by_peer(); }
const Error* DatagramClient::failure() const { return association_->failure(); }
const Negotiated& DatagramClient::negotiated() const {
  static const Negotiated nothing{};
  return is_handshake_complete() ? association_->established()->negotiated : nothing;
}

}  // namespace tocsin
