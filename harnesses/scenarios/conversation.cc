#include "harnesses/scenarios/conversation.h"

#include "core/base/types.h"
#include "harnesses/checkers/checked_peer.h"
#include "harnesses/checkers/traced_peer.h"
#include "harnesses/dissect/records.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/mitm.h"
#include "harnesses/stacks/pump.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

void inject_into(Bytes& records, Bytes& injected) {
  for (ByteView rest = records; const auto record = dissect::take_record(rest);) {
    if (record->type != ContentType::change_cipher_spec) continue;
    const std::size_t at = records.size() - rest.size() - record->bytes.size();
    records.insert(records.begin() + static_cast<std::ptrdiff_t>(at), injected.begin(), injected.end());
    injected.clear();
    return;
  }
}

}  // namespace

using differential::Expectation;
using stacks::Peer;
using stacks::PeerConfig;
using stacks::Status;

void Conversation::exchange() {
  stacks::until_silent([this] { return carry(*client_, *server_); }, [this] { return carry(*server_, *client_); });
}

void Conversation::carry_without(wire::ExtensionType type) {
  Bytes hello = client_->take_output();
  strip_extension(type, hello);
  deliver(hello, *server_);
}

bool Conversation::carry(Peer& from, Peer& to) {
  Bytes sent = from.take_output();
  if (!injected_.empty() && &from == server_.get()) inject_into(sent, injected_);
  deliver(sent, to);
  return !sent.empty();
}

void Conversation::deliver(ByteView bytes, Peer& to) {
  const auto next_size = [this]() -> std::size_t { return piece_sizes_[next_piece_++ % piece_sizes_.size()]; };
  stacks::each_piece_of(bytes, next_size, [&](ByteView piece) {
    to.receive(piece);
    return true;
  });
}

Who who_of(const Input& input) { return static_cast<Who>(input.option(Tag::peer, 0) % 3); }

Conversation make_conversation(const Input& input, const PeerConfig& client, const PeerConfig& server, Bytes piece_sizes,
                               unsigned nth) {
  const std::uint64_t seed = input.option(Tag::seed, 0) + std::uint64_t{512} * nth;
  const RecordLimits limits = who_of(input) == Who::tocsin_alone ? record_limits(client, server) : RecordLimits{};
  std::unique_ptr<Peer> client_peer, server_peer;
  if (who_of(input) == Who::openssl_connects)
    client_peer = openssl_peer(stacks::Role::client, client, seed);
  else
    client_peer = checked_client(client, seed, limits.of_client);
  if (who_of(input) == Who::openssl_serves)
    server_peer = openssl_peer(stacks::Role::server, server, seed + 256);
  else
    server_peer = checked_server(server, seed + 256, entry_point(input), limits.of_server);
  if (piece_sizes.empty()) piece_sizes = Bytes(1, input.option(Tag::chunk_bytes, 0));
  return {std::move(client_peer), std::move(server_peer), std::move(piece_sizes)};
}

std::string outcome_of(const Expectation& expected) {
  if (expected.completes)
    return "completes, with " + std::string(name_of(expected.version)) + ", " + std::string(name_of(expected.cipher_suite)) +
           ", " + std::string(name_of(expected.group)) + (expected.retried ? ", after a HelloRetryRequest" : "") +
           (expected.client_authenticates ? ", with a client's certificate" : "");
  return "ends with " + differential::names_of(expected.alerts);
}

void require(bool holds, std::string_view what, Peer& client, Peer& server) {
  check(Invariant::both_ends_agree, holds,
        std::string(what) + "\n  client: " + client.failure() + "\n  server: " + server.failure());
}

void check_failure(const Expectation& expected, Peer& client, Peer& server) {
  const bool is_client = client.alert_sent().has_value();
  Peer &failed = is_client ? client : server, &alerted = is_client ? server : client;
  require(failed.status() == Status::failed && alerted.status() == Status::failed, "one end failed and the other does not know",
          client, server);
  require(failed.alert_sent() && alerted.alert_received() && !alerted.alert_sent() &&
              failed.alert_sent()->description == alerted.alert_received()->description,
          "the alert did not arrive as it was sent", client, server);
  require(expected.alerts.has(failed.alert_sent()->description), "the handshake failed for another reason than expected",
          client, server);
}

void check_agreement(const Expectation& expected, Peer& client, Peer& server) {
  require(client.status() == Status::complete && server.status() == Status::complete, "an honest handshake does not complete",
          client, server);
  for (const Peer* peer : {&client, &server}) {
    const Negotiated agreed = peer->negotiated();
    const bool is_group_told = agreed.version == ProtocolVersion::tls13 || agreed.group != NamedGroup{};  // by OpenSSL
    require(agreed.version == expected.version && agreed.cipher_suite == expected.cipher_suite &&
                (agreed.group == expected.group || !is_group_told) &&
                agreed.application_protocol == expected.application_protocol && agreed.retried == expected.retried,
            "not what the two configurations lead to", client, server);
  }
  for (const std::optional<ByteView> context :
       {std::optional<ByteView>(), std::optional(ByteView{}), std::optional(bytes_of("context"))}) {
    const auto exported = client.export_keying_material("EXPORTER-tocsin", context, 40);
    require(exported && exported == server.export_keying_material("EXPORTER-tocsin", context, 40), "exporter", client, server);
  }
}

void check_data(const Input& input, Conversation& conversation, std::uint8_t mark) {
  Peer &client = conversation.client(), &server = conversation.server();
  Bytes up = application_data(input, mark), down = application_data(input, static_cast<std::uint8_t>(mark + 1));
  up.push_back(mark);
  require(client.send(up) && server.send(down), "a complete connection does not send", client, server);
  conversation.exchange();
  require(server.take_application_data() == up && client.take_application_data() == down, "data", client, server);
}

}  // namespace tocsin::harness
