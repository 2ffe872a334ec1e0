#include "harnesses/scenarios/client_side.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/reader.h"
#include "core/crypto/tls13/key_schedule.h"
#include "harnesses/checkers/tls12_opener.h"
#include "harnesses/dissect/records.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/stacks/key_log.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

enum class HonestPart : std::uint8_t { nothing, client_hello, all_before_finished, handshake };

struct Honest {
  Bytes sent;
  std::optional<record::Sealer> sealer;  // of the next protected record
};

std::optional<record::Sealer> sealer_of(CipherSuite suite, const Secret& traffic_secret) {
  const auto provider = checks_of_any_end().opening;
  const auto keys = crypto::traffic_keys(*provider, suite, traffic_secret);
  if (!keys) finding("the client's keys cannot be derived");
  auto aead = provider->aead(suite, keys->key);
  if (!aead) finding("the client's keys cannot be used");
  return record::Sealer(std::move(*aead), keys->iv);
}

// What stands before the last record, which in TLS 1.2 is the Finished.
ByteView before_last_record(ByteView sent) {
  std::size_t last_bytes = 0;
  for (ByteView rest = sent; const auto record = dissect::take_record(rest);) last_bytes = record->bytes.size();
  return sent.first(sent.size() - last_bytes);
}

Honest honest_client(const Input& input, HonestPart part) {
  Honest honest;
  if (part == HonestPart::nothing) return honest;
  emit([] { return ChunkEvent{"an honest client and server, for what comes before the body"}; });
  stacks::KeyLogSecrets key_log;
  ClientConfig config = deterministic_client(input);
  config.key_log = [&](std::string_view line) { key_log.add(line); };
  Output from_client, from_server;
  CheckedConnection client(std::move(config), deterministic_name, stacks::peers_now, from_client, checks_of_client(input));
  CheckedConnection server(deterministic_server(input), EntryPoint::direct, checks_of_server(input));
  append(honest.sent, from_client.to_peer);
  if (part == HonestPart::client_hello) return honest;
  constexpr int flights_max = 2;  // with a HelloRetryRequest, or in TLS 1.2
  Bytes last_flight;
  ServerHelloSeen server_hello;
  for (int flight = 0; flight < flights_max && !client.is_handshake_complete(); ++flight) {
    const bool served = bool(server.receive(std::exchange(from_client.to_peer, {}), from_server));
    server_hello.take(from_server.to_peer);
    const bool went_on = bool(client.receive(std::exchange(from_server.to_peer, {}), from_client));
    if (!served || !went_on) return honest;  // they have nothing in common
    if (!from_client.to_peer.empty()) append(honest.sent, std::exchange(last_flight, from_client.to_peer));
  }
  const bool is_whole = part == HonestPart::handshake;
  const Negotiated& agreed = client.connection()->negotiated();
  if (agreed.version == ProtocolVersion::tls12) {
    append(honest.sent, is_whole ? ByteView(last_flight) : before_last_record(last_flight));
    honest.sealer.emplace(tls12_protection_of(*checks_of_any_end().opening, stacks::Role::client, key_log.find("CLIENT_RANDOM"),
                                              key_log.client_random(), *server_hello.choice()),
                          is_whole ? 1 : 0);
  } else {
    if (is_whole) append(honest.sent, last_flight);
    honest.sealer =
        sealer_of(agreed.cipher_suite, key_log.find(is_whole ? "CLIENT_TRAFFIC_SECRET_0" : "CLIENT_HANDSHAKE_TRAFFIC_SECRET"));
  }
  return honest;
}

void append_records(Honest& honest, ByteView description) {
  constexpr std::array<ContentType, 4> types{ContentType::handshake, ContentType::application_data, ContentType::alert,
                                             ContentType::change_cipher_spec};
  for (Reader reader(description); !reader.empty();) {
    const std::uint8_t control = reader.u8();
    const std::size_t length_bytes = reader.empty() ? 0 : reader.u8();
    const ByteView content = reader.take(std::min(length_bytes, reader.size()));
    const ContentType type = types[control % 4];
    const bool is_protected = honest.sealer && (control >> 2 & 1) == 0;
    emit([&] {
      return PayloadEvent{"the body", PayloadEvent::Direction::sent, static_cast<std::uint8_t>(type), is_protected, content};
    });
    if (is_protected) {
      if (!honest.sealer->seal(type, content, control >> 3, honest.sent)) finding("sealing failed");
    } else {
      append(honest.sent, record::make_header(type, 0x0303, content.size()));
      append(honest.sent, content);
    }
  }
}

}  // namespace

Bytes client_side(const Input& input) {
  Honest honest = honest_client(input, static_cast<HonestPart>(input.option(Tag::valid_prefix, 0) % 4));
  if (input.option(Tag::injected_as, 0) % 2 == 0) {
    append(honest.sent, input.body());
  } else {
    append_records(honest, input.body());
  }
  return std::move(honest.sent);
}

}  // namespace tocsin::harness
