#include "tocsin/connection.h"

#include "core/connection/engine.h"
#include "core/connection/server_name.h"

namespace tocsin {
Connection::Connection(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Connection Connection::server(std::shared_ptr<const ServerConfig> config) {
  auto engine = std::make_unique<Engine>(config->limits);
  engine->configure_server(std::move(config));
  return Connection(std::move(engine));
}

Result<Connection, Error> Connection::client(std::shared_ptr<const ClientConfig> config, std::string_view server_name,
                                             Now now, Output& out) {
  const bool is_address = looks_like_address(server_name);
  if (!is_address && !is_host_name(server_name)) return Misuse::server_name_invalid;
  auto engine = std::make_unique<Engine>(config->limits);
  TOCSIN_TRY(engine->start_client(std::move(config), server_name, !is_address, now, out));
  return Connection(std::move(engine));
}

Outcome Connection::receive(ByteView from_peer, Now now, Output& out) {
  return engine_ ? engine_->receive(from_peer, now, out) : Misuse::already_consumed;
}
Outcome Connection::receive_end_of_stream(Output& out) {
  return engine_ ? engine_->receive_end_of_stream(out) : Misuse::already_consumed;
}
Outcome Connection::send(ByteView application_data, Output& out) {
  return engine_ ? engine_->send(application_data, out) : Misuse::already_consumed;
}
Outcome Connection::close(Output& out) { return engine_ ? engine_->close(out) : Misuse::already_consumed; }
Outcome Connection::update_keys(KeyUpdateRequest request, Output& out) {
  return engine_ ? engine_->update_keys(request, out) : Misuse::already_consumed;
}
Outcome Connection::export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key,
                                           Output& out) {
  return engine_ ? engine_->export_keying_material(label, context, out_key, out) : Misuse::already_consumed;
}

bool Connection::is_handshake_complete() const { return engine_ && engine_->established() != nullptr; }
bool Connection::is_closed_for_writing() const {
  if (!engine_ || engine_->failure() != nullptr) return true;
  return engine_->is_closed_for_writing();
}
bool Connection::is_closed_by_peer() const { return engine_ && engine_->is_closed_by_peer(); }
const Error* Connection::failure() const { return engine_ ? engine_->failure() : nullptr; }
const Negotiated& Connection::negotiated() const {
  static const Negotiated nothing{};
  return is_handshake_complete() ? engine_->established()->negotiated : nothing;
}

}  // namespace tocsin
