#include "harnesses/provider/faulty_provider.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/loopback.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

namespace {

// RFC 5246 6.3, RFC 5288 3, RFC 7905 2: a key and the fixed part of an IV for each direction.
std::size_t key_block_bytes(CipherSuite suite) {
  return 2 * (key_bytes(suite) + (aead_of(suite) == AeadAlgorithm::chacha20_poly1305 ? 12 : 4));
}

// A share that is not used may be anything: before a retry, and where the server chose TLS 1.2, the client's first. And
// nobody reads more of the key block than there are keys.
bool is_harmless(Fault::Kind kind, const FaultInjector& injector, const Input& input, const Loopback& loopback) {
  const Negotiated& agreed = loopback.client.connection()->negotiated();
  if (injector.key_block_byte() && *injector.key_block_byte() >= key_block_bytes(agreed.cipher_suite)) return true;
  const bool is_first_of_client = input.option(Tag::fault_side, 0) % 2 == 0 && input.option(Tag::fault_nth, 0) == 0;
  const bool has_unused = agreed.version == ProtocolVersion::tls12 && input.option(Tag::client_versions, 0) % 3 != 1;
  return kind == Fault::Kind::public_key && (agreed.retried || (has_unused && is_first_of_client));
}

}  // namespace

void scenarios::crypto_faults(ByteView bytes) {
  const Input input(bytes);
  const auto kind = static_cast<Fault::Kind>(input.option(Tag::fault_kind, 0) % Fault::kinds);
  const unsigned bit = input.option(Tag::fault_bit, 0) + 256u * input.option(Tag::fault_bit_high, 0);
  const auto injector = std::make_shared<FaultInjector>(Fault{kind, input.option(Tag::fault_nth, 0), bit});

  ClientConfig client = deterministic_client(input);
  ServerConfig server = deterministic_server(input);
  CheckOptions client_checks = checks_of_client(input), server_checks = checks_of_server(input);
  if (kind == Fault::Kind::public_key) client.key_shares = 1;
  if (input.option(Tag::fault_side, 0) % 2 == 0) {
    client.provider = make_faulty_provider(client.provider, injector);
    for (auto& certificate : client.certificates) certificate = faulty_certified_key(certificate, injector);
    client_checks.opening = nullptr;
  } else {
    server.provider = make_faulty_provider(server.provider, injector);
    server.certificates = {faulty_certified_key(server.certificates[0], injector)};
    server_checks.opening = nullptr;
  }
  Loopback loopback(std::move(client), client_checks, std::move(server), entry_point(input), server_checks);
  loopback.exchange(input.option(Tag::chunk_bytes, 0));
  if (!loopback.is_handshake_complete() || is_harmless(kind, *injector, input, loopback)) return;
  const bool has_been_tampered_with = injector->fired();
  const bool agrees = loopback.agrees(input);
  if (has_been_tampered_with) {
    check(Invariant::tampering_is_noticed, !agrees, "a handshake completed although one of its results was changed");
  } else if (!injector->fired()) {
    check(Invariant::both_ends_agree, agrees, "the ends of an honest handshake do not agree");
  }
}

}  // namespace tocsin::harness
