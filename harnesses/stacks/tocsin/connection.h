#pragma once
// One end of a tocsin connection by any way: a client, a server direct, a server by Acceptor. The API is Connection's, so that
// a peer can be built on this or on an end that is watched (harnesses/checkers).
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "harnesses/stacks/peer_config.h"
#include "tocsin/acceptor.h"

namespace tocsin::stacks {

enum class EntryPoint : std::uint8_t { direct, acceptor };

using KeyLog = std::function<void(std::string_view line)>;
ServerConfig tocsin_server_config(const PeerConfig& config, KeyLog key_log = {});
ClientConfig tocsin_client_config(const PeerConfig& config, KeyLog key_log = {});

/// Null for none.
std::shared_ptr<const CertifiedKey> certified_key_of(ClientCertificate certificate);

class TocsinConnection {
 public:
  TocsinConnection(ServerConfig config, EntryPoint entry_point);
  TocsinConnection(ClientConfig config, std::string_view server_name, UnixSeconds now, Output& out);

  /// As Connection's. Before the Acceptor has accepted, and after a failure to connect, only the first two may be called.
  Outcome receive(ByteView from_peer, Output& out);
  Outcome receive_end_of_stream(Output& out);
  Outcome send(ByteView application_data, Output& out) { return connection_->send(application_data, out); }
  Outcome close(Output& out) { return connection_->close(out); }
  Outcome update_keys(KeyUpdateRequest request, Output& out) { return connection_->update_keys(request, out); }
  Outcome export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key, Output& out) {
    return connection_->export_keying_material(label, context, out_key, out);
  }

  /// Null before the Acceptor has accepted, and if there never was one.
  const Connection* connection() const { return connection_ ? &*connection_ : nullptr; }
  /// Fatal or PeerAlert.
  const std::optional<Error>& error() const { return error_; }

 private:
  Outcome noted(Outcome outcome);
  Outcome accept(ByteView from_peer, Output& out);

  Now now_{{}, peers_now};
  std::shared_ptr<const ServerConfig> server_config_;
  std::optional<Acceptor> acceptor_;
  std::optional<Connection> connection_;
  std::optional<Error> error_;
};

}  // namespace tocsin::stacks
