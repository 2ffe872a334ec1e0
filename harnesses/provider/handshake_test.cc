// Whole handshakes over the deterministic provider and its decorators.
#include <gtest/gtest.h>

#include "core/base/testing.h"
#include "harnesses/provider/auditing_provider.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/provider/faulty_provider.h"
#include "harnesses/provider/testing.h"
#include "harnesses/stacks/peer_config.h"
#include "tocsin/connection.h"

namespace tocsin::harness {
namespace {

constexpr Fault no_fault{Fault::Kind::hash, 1000000, 0};

struct Handshake {
  bool agreed = false;  // both ends complete, with the same exporter, and data arrives both ways
  bool fired = false;
  Bytes traffic;
};

using stacks::Role;

Handshake handshake(NamedGroup group, CipherSuite suite, Role faulty_role, const Fault& fault) {
  const auto injector = std::make_shared<FaultInjector>(fault);
  const auto record = std::make_shared<SealRecord>();
  const auto provider = [&](Role role) {
    std::shared_ptr<Provider> base = make_deterministic_provider(role == Role::client ? 1 : 2);
    if (role == faulty_role) base = make_faulty_provider(base, injector);
    return make_auditing_provider(base, record);
  };
  const auto key = deterministic_certified_key("example.test");
  const auto client_config = std::make_shared<ClientConfig>();
  client_config->provider = provider(Role::client);
  client_config->verifier = deterministic_verifier();
  client_config->groups = {group};
  client_config->cipher_suites = {suite};
  const auto server_config = std::make_shared<ServerConfig>();
  server_config->provider = provider(Role::server);
  server_config->certificates = {faulty_role == Role::server ? faulty_certified_key(key, injector) : key};

  Handshake run;
  Output from_client, from_server;
  auto client = Connection::client(client_config, "example.test", Now{}, from_client);
  EXPECT_TRUE(client);
  Connection server = std::move(*Connection::server(server_config));
  Bytes at_client(32), at_server(32);
  run.traffic = exchange(*client, from_client, server, from_server);
  run.agreed = client->is_handshake_complete() && server.is_handshake_complete() &&
               client->send(bytes_of("ping"), from_client) && server.send(bytes_of("pong"), from_server);
  append(run.traffic, exchange(*client, from_client, server, from_server));
  run.agreed = run.agreed && text_of(from_server.application_data) == "ping" &&
               text_of(from_client.application_data) == "pong" &&
               client->export_keying_material("EXPORTER-test", {}, at_client, from_client) &&
               server.export_keying_material("EXPORTER-test", {}, at_server, from_server) && at_client == at_server;
  run.fired = injector->fired();
  return run;
}

constexpr NamedGroup groups[] = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1};

TEST(DeterministicHandshake, completes_in_every_group_and_suite_and_is_the_same_every_time) {
  for (const NamedGroup group : groups) {
    for (const CipherSuite suite :
         {CipherSuite::aes_128_gcm_sha256, CipherSuite::aes_256_gcm_sha384, CipherSuite::chacha20_poly1305_sha256}) {
      const Handshake run = handshake(group, suite, Role::client, no_fault);
      EXPECT_TRUE(run.agreed) << name_of(group) << " " << name_of(suite);
      EXPECT_EQ(run.traffic, handshake(group, suite, Role::client, no_fault).traffic);
    }
  }
}

TEST(DeterministicHandshake, no_single_flipped_bit_goes_unnoticed) {
  unsigned fired = 0;
  for (const Role role : {Role::client, Role::server}) {
    for (unsigned kind = 0; kind < Fault::kinds; ++kind) {
      bool reached = true;
      for (unsigned nth = 0; reached; ++nth) {
        for (const unsigned bit : {0u, 77u, 255u}) {
          const Handshake run =
              handshake(NamedGroup::x25519, CipherSuite::aes_128_gcm_sha256, role, {static_cast<Fault::Kind>(kind), nth, bit});
          reached = run.fired;
          fired += run.fired;
          EXPECT_NE(run.agreed, run.fired) << (role == Role::client ? "client" : "server") << " kind " << kind << " nth " << nth
                                           << " bit " << bit;
        }
      }
    }
  }
  EXPECT_GT(fired, 100u);
}

}  // namespace
}  // namespace tocsin::harness
