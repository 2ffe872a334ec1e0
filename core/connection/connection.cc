#include "tocsin/connection.h"

#include "core/base/apart.h"
#include "core/connection/engine.h"
#include "core/connection/server_name.h"
#include "core/handshake/config_check.h"

namespace tocsin {

Connection::Connection(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection, Error> Connection::server(std::shared_ptr<const ServerConfig> config) {
  if (const auto mistake = mistake_in(config.get())) return *mistake;
  auto engine = std::make_shared<Engine>(config->limits);
  engine->configure_server(std::move(config));
  return Connection(std::move(engine));
}

Result<Connection, Error> Connection::client(std::shared_ptr<const ClientConfig> config, std::string_view server_name, Now now,
                                             Output& out) {
  if (const auto mistake = mistake_in(config.get(), handshake::Transport::stream)) return *mistake;
  const bool is_address = looks_like_address(server_name);
  if (!is_address && !is_host_name(server_name)) return Misuse::server_name_invalid;
  auto engine = std::make_shared<Engine>(config->limits);
  TOCSIN_TRY(enter(engine, out, [&](Engine& entered, Output& lent) {
    return entered.start_client(std::move(config), server_name, !is_address, now, lent);
  }));
  return Connection(std::move(engine));
}

Outcome Connection::receive(ByteView from_peer, Now now, Output& out) {
  return enter(engine_, out, [&](Engine& engine, Output& lent) {
    return engine.receive(Apart(from_peer, {&lent.to_peer, &lent.application_data}), now, lent);
  });
}
Outcome Connection::receive_end_of_stream(Output& out) {
  return enter(engine_, out, [](Engine& engine, Output& lent) { return engine.receive_end_of_stream(lent); });
}
Outcome Connection::send(ByteView application_data, Output& out) {
  return enter(engine_, out,
               [&](Engine& engine, Output& lent) { return engine.send(Apart(application_data, {&lent.to_peer}), lent); });
}
Outcome Connection::close(Output& out) {
  return enter(engine_, out, [](Engine& engine, Output& lent) { return engine.close(lent); });
}
Outcome Connection::update_keys(KeyUpdateRequest request, Output& out) {
  return enter(engine_, out, [&](Engine& engine, Output& lent) { return engine.update_keys(request, lent); });
}
Outcome Connection::export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key,
                                           Output& out) {
  return enter(engine_, out,
               [&](Engine& engine, Output& lent) { return engine.export_keying_material(label, context, out_key, lent); });
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
