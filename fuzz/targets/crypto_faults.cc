// Input:      the options of both configurations, seed, way_in, chunk_bytes, data_bytes, fault_kind, fault_side, fault_nth,
//             fault_bit, fault_bit_high: which bit of one result of one end's cryptography is flipped; no body.
// Property:   an otherwise honest handshake then never completes in agreement, and both ends know that it failed.
// Invariants: tampering_is_noticed, both_ends_agree, and those of every call.
#include "fuzz/lib/configs.h"
#include "fuzz/lib/deterministic_ends.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/pair.h"
#include "fuzz/provider/faulty_provider.h"

using namespace tocsin;
using fuzz::Fault;
using fuzz::Tag;

namespace {

// A share that is not used may be anything: before a retry, and where the server chose TLS 1.2, the client's first.
bool is_harmless(Fault::Kind kind, const fuzz::Input& input, const fuzz::Pair& pair) {
  const Negotiated& agreed = pair.client.connection()->negotiated();
  const bool is_first_of_client = input.option(Tag::fault_side, 0) % 2 == 0 && input.option(Tag::fault_nth, 0) == 0;
  const bool has_unused = agreed.version == ProtocolVersion::tls12 && input.option(Tag::client_versions, 0) % 3 != 1;
  return kind == Fault::Kind::public_key && (agreed.retried || (has_unused && is_first_of_client));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  const auto kind = static_cast<Fault::Kind>(input.option(Tag::fault_kind, 0) % Fault::kinds);
  const unsigned bit = input.option(Tag::fault_bit, 0) + 256u * input.option(Tag::fault_bit_high, 0);
  const auto injector = std::make_shared<fuzz::FaultInjector>(Fault{kind, input.option(Tag::fault_nth, 0), bit});

  ClientConfig client = fuzz::deterministic_client(input);
  ServerConfig server = fuzz::deterministic_server(input);
  fuzz::CheckOptions client_checks = fuzz::checks_of_client(input), server_checks = fuzz::checks_of_server(input);
  if (kind == Fault::Kind::public_key) client.key_shares = 1;
  if (input.option(Tag::fault_side, 0) % 2 == 0) {
    client.provider = fuzz::make_faulty_provider(client.provider, injector);
    for (auto& certificate : client.certificates) certificate = fuzz::faulty_certified_key(certificate, injector);
    client_checks.opening = nullptr;
  } else {
    server.provider = fuzz::make_faulty_provider(server.provider, injector);
    server.certificates = {fuzz::faulty_certified_key(server.certificates[0], injector)};
    server_checks.opening = nullptr;
  }
  fuzz::Pair pair(std::move(client), client_checks, std::move(server), fuzz::way_in(input), server_checks);
  pair.exchange(input.option(Tag::chunk_bytes, 0));
  if (!pair.is_handshake_complete() || is_harmless(kind, input, pair)) return 0;
  const bool has_been_tampered_with = injector->fired();
  const bool agrees = pair.agrees(input);
  if (has_been_tampered_with) {
    fuzz::check(Invariant::tampering_is_noticed, !agrees, "a handshake completed although one of its results was changed");
  } else if (!injector->fired()) {
    fuzz::check(Invariant::both_ends_agree, agrees, "the ends of an honest handshake do not agree");
  }
  return 0;
}
