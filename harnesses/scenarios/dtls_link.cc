// Two honest ends and the link between them, generated from an input: once the loss has ended, the handshake completes, or is
// refused at both ends if they have nothing in common.
#include <algorithm>

#include "core/base/reader.h"
#include "harnesses/link/handshake_run.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/stacks/openssl/endpoint.h"
#include "harnesses/stacks/tocsin/endpoint.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

std::size_t mtu_bytes(const Input& input) { return 256u + 5u * input.option(Tag::chunk_bytes, 189); }

std::optional<std::uint8_t> connection_id_bytes(const Input& input, Tag tag) {
  const std::uint8_t generated = input.option(tag, 0) % 66;
  return generated == 0 ? std::nullopt : std::optional(static_cast<std::uint8_t>(generated - 1));
}

link::Pattern generate_pattern(Reader& reader, std::size_t harm_max) {
  constexpr std::size_t datagrams_max = 64;
  link::Pattern pattern;
  std::size_t harm = 0;
  while (!reader.empty() && pattern.size() < datagrams_max) {
    for (unsigned i = 0, four = reader.u8(); i < 4; ++i, four >>= 2) {
      const link::Action action = link::all_actions[four & 3];
      const bool is_harm = action == link::Action::drop || action == link::Action::swap;
      pattern.push_back(is_harm && ++harm > harm_max ? link::Action::deliver : action);
    }
  }
  return pattern;
}

// The way from one to the other. Its conditions are the body: the delay and what chance adds to it at most, in hundredths of a
// second, the rates of duplicates and of swaps, in thousandths, and for how many datagrams, a byte each; then what becomes of
// the first ones, two bits each. No more of them are lost or held back than a flight is sent again.
struct GeneratedLink {
  link::Conditions conditions;
  link::Pattern pattern;
  std::size_t imperfect_datagrams;
};
GeneratedLink generate_link(const Input& input) {
  Reader reader(input.body());
  GeneratedLink generated;
  generated.conditions.mtu_bytes = mtu_bytes(input);
  generated.conditions.delay_min = std::chrono::milliseconds(10 * reader.u8());
  generated.conditions.delay_max = generated.conditions.delay_min + std::chrono::milliseconds(10 * reader.u8());
  generated.conditions.duplicate_permille = reader.u8();
  generated.conditions.swap_permille = reader.u8();
  const std::size_t datagrams_of_chance = reader.u8() % 64u;
  // Chance can hold back the one datagram that is left.
  const std::size_t by_chance = generated.conditions.swap_permille == 0 ? 0 : 1;
  generated.pattern = generate_pattern(reader, Limits{}.retransmissions_max - by_chance);
  generated.imperfect_datagrams = std::max(generated.pattern.size(), datagrams_of_chance);
  return generated;
}

enum class BothEnds : std::uint8_t { tocsin, tocsin_and_openssl_server, openssl_client_and_tocsin };
BothEnds both_ends_of(const Input& input) { return static_cast<BothEnds>(input.option(Tag::peer, 0) % 3); }

// Options: peer, modulo 3 (tocsin with itself, with an OpenSSL server, with an OpenSSL client), seed, entry_point (odd: an
// OpenSSL server without cookies), chunk_bytes (the MTU is 256 and 5 times that), server_suites, server_certificate,
// server_signature_schemes and server_alpn, which are both ends', client_max_fragment_length, server_connection_id,
// client_connection_id.
stacks::PeerConfig generate_config(const Input& input) {
  stacks::PeerConfig config = server_options(input);
  config.client_authentication = ClientAuthentication::none;
  config.record_size_limit = 0;
  config.max_fragment_length = client_options(input).max_fragment_length;
  // RFC 8422 5.1: without its curve no certificate can be used, and P-521 is not among the groups of tocsin; an OpenSSL server
  // has no suite for Ed25519 in DTLS, only in TLS 1.2.
  config.groups = stacks::PeerConfig{}.groups;
  const bool is_without_ed25519 =
      both_ends_of(input) == BothEnds::tocsin_and_openssl_server && config.certificate == stacks::CertificateKind::ed25519;
  if (is_without_ed25519 || config.certificate == stacks::CertificateKind::ecdsa_p521)
    config.certificate = stacks::CertificateKind::ecdsa_p256;
  config.cookie_exchange = input.option(Tag::entry_point, 0) % 2 == 0;
  config.mtu_bytes = mtu_bytes(input);
  config.server_connection_id_bytes = connection_id_bytes(input, Tag::server_connection_id);
  config.client_connection_id_bytes = connection_id_bytes(input, Tag::client_connection_id);
  return config;
}

// The server's certificate can sign with no scheme that the ends know: server_signature_schemes leaves one out.
bool have_nothing_in_common(const stacks::PeerConfig& of_both) {
  const auto usable = stacks::schemes_of(of_both.certificate, ProtocolVersion::tls12);
  return std::ranges::find_first_of(usable, of_both.signature_schemes) == usable.end();
}

link::Endpoints make_endpoints(BothEnds pair, const stacks::PeerConfig& config, std::uint64_t seed) {
  link::Endpoints endpoints;
  if (pair == BothEnds::openssl_client_and_tocsin)
    endpoints.client = stacks::OpenSslEndpoint::client(config, seed, link::server_address);
  else
    endpoints.client = std::make_unique<stacks::TocsinClientEndpoint>(config, seed, link::server_address);
  if (pair == BothEnds::tocsin_and_openssl_server)
    endpoints.server = stacks::OpenSslEndpoint::server(config, seed + 256);
  else
    endpoints.server = std::make_unique<stacks::TocsinServerEndpoint>(config, seed + 256);
  return endpoints;
}

// A server of tocsin refuses, without keys; its alert ends a client of OpenSSL, but one of tocsin only gives up sooner for it.
link::DueFailures due_failures(BothEnds pair) {
  return {.client = pair == BothEnds::openssl_client_and_tocsin ? "alert handshake failure"
                                                            : "The peer, unauthenticated, said handshake_failure",
          .server = "no_common_signature_scheme"};
}

// Option address_change; of tocsin with itself, and where the server has a connection id to know the client by.
link::Moves generate_moves(const Input& input) {
  const bool is_known_by_id = both_ends_of(input) == BothEnds::tocsin &&
                              connection_id_bytes(input, Tag::server_connection_id).value_or(0) != 0 &&
                              connection_id_bytes(input, Tag::client_connection_id).has_value();
  const std::uint8_t when = is_known_by_id ? input.option(Tag::address_change, 0) : 0;
  return {.once_server_completed = (when & 1) != 0, .once_both_completed = (when & 2) != 0};
}

}  // namespace

void scenarios::dtls_link(ByteView bytes) {
  constexpr link::Bounds bounds{.datagrams_max = 500};
  const Input input(bytes);
  const GeneratedLink generated = generate_link(input);
  link::Link link(generated.conditions, input.option(Tag::seed, 0), generated.pattern);
  link.make_perfect_after(generated.imperfect_datagrams);
  const BothEnds pair = both_ends_of(input);
  const stacks::PeerConfig config = generate_config(input);
  const link::Endpoints endpoints = make_endpoints(pair, config, input.option(Tag::seed, 0));
  const bool is_refusal_due = have_nothing_in_common(config);
  const link::HandshakeRun run = is_refusal_due ? link::run_refusal(link, endpoints, bounds, due_failures(pair))
                                                : link::run_handshake(link, endpoints, bounds, generate_moves(input));
  emit([&] { return NoteEvent{"link", '\n' + link.diagram().text()}; });
  if (!is_refusal_due)
    check(Invariant::both_ends_agree, run.complaint.empty(), run.complaint);
  else if (!run.complaint.empty())
    finding("two ends without anything in common: " + run.complaint);
  if (pair != BothEnds::tocsin) ++stats().oracle_comparisons;
}

}  // namespace tocsin::harness
