#include "harnesses/stacks/tocsin/peer.h"

#include "harnesses/dissect/records.h"

namespace tocsin::stacks {

std::optional<AlertSeen> last_alert(ByteView sent, Reason why) {
  std::optional<dissect::RecordView> last;
  while (const auto record = dissect::take_record(sent)) last = record;
  if (!last || !sent.empty()) return std::nullopt;
  if (last->holds_two_byte_alert()) return AlertSeen{last->fragment[0], last->fragment[1], true};
  // TLS 1.2 shows the type of a protected record.
  if (last->type != ContentType::application_data && last->type != ContentType::alert) return std::nullopt;
  return AlertSeen{static_cast<std::uint8_t>(AlertLevel::fatal), static_cast<std::uint8_t>(alert_for(why)), false};
}

std::unique_ptr<Peer> tocsin_server(const PeerConfig& config, std::uint64_t seed, EntryPoint entry_point) {
  return std::make_unique<TocsinPeer<TocsinConnection>>(seed, [&](Output&, KeyLog key_log) {
    return std::make_unique<TocsinConnection>(tocsin_server_config(config, std::move(key_log)), entry_point);
  });
}

std::unique_ptr<Peer> tocsin_client(const PeerConfig& config, std::uint64_t seed) {
  return std::make_unique<TocsinPeer<TocsinConnection>>(seed, [&](Output& out, KeyLog key_log) {
    return std::make_unique<TocsinConnection>(tocsin_client_config(config, std::move(key_log)), config.server_name, peers_now,
                                              out);
  });
}

}  // namespace tocsin::stacks
