// Resumed handshakes over the deterministic provider, of which an operation fails or computes falsely.
#include <gtest/gtest.h>

#include "harnesses/provider/auditing_provider.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/provider/failing_provider.h"
#include "harnesses/provider/faulty_provider.h"
#include "harnesses/provider/testing.h"
#include "harnesses/stacks/peer_config.h"
#include "tocsin/connection.h"

namespace tocsin::harness {
namespace {

using stacks::Role;
enum class By { ticket, session_id };
constexpr Now now{Instant{}, UnixSeconds{1'700'000'000}};

struct Connected {
  bool agreed = false, resumed = false;
  std::optional<Error> of_client, of_server;
};

/// Two ends that may resume what came before.
class ResumableEndpoints {
 public:
  explicit ResumableEndpoints(By by) {
    const auto record = std::make_shared<SealRecord>();
    client_.provider = make_auditing_provider(make_deterministic_provider(1), record);
    server_.provider = make_auditing_provider(make_deterministic_provider(2), record);
    client_.verifier = deterministic_verifier();
    server_.certificates = {deterministic_certified_key("example.test")};
    client_.versions = server_.versions = {ProtocolVersion::tls12};
    client_.sessions = std::make_shared<SessionCache>();
    if (by == By::ticket)
      server_.ticket_secret = Secret(Bytes(32, 1));
    else
      server_.sessions = std::make_shared<SessionCache>();
  }

  /// role: whose provider is changed by decorate.
  template <class Decorate>
  Connected run(Role role, Decorate&& decorate) const {
    auto client_config = std::make_shared<ClientConfig>(client_);
    auto server_config = std::make_shared<ServerConfig>(server_);
    std::shared_ptr<Provider>& provider = role == Role::client ? client_config->provider : server_config->provider;
    provider = decorate(provider);
    Connected done;
    Output from_client, from_server;
    auto client = Connection::client(client_config, "example.test", now, from_client);
    if (!client) {
      done.of_client = client.error();
      return done;
    }
    Connection server = std::move(*Connection::server(server_config));
    exchange(*client, from_client, server, from_server, now);
    Bytes ours(32), theirs(32);
    done.agreed = client->is_handshake_complete() && server.is_handshake_complete() &&
                  client->export_keying_material("EXPORTER-test", {}, ours, from_client) &&
                  server.export_keying_material("EXPORTER-test", {}, theirs, from_server) && ours == theirs &&
                  client->send(bytes_of("ping"), from_client) && server.send(bytes_of("pong"), from_server);
    exchange(*client, from_client, server, from_server, now);
    done.agreed =
        done.agreed && text_of(from_server.application_data) == "ping" && text_of(from_client.application_data) == "pong";
    done.resumed = client->negotiated().resumed || server.negotiated().resumed;
    if (client->failure() != nullptr) done.of_client = *client->failure();
    if (server.failure() != nullptr) done.of_server = *server.failure();
    return done;
  }
  Connected run_honestly() const {
    return run(Role::client, [](auto provider) { return provider; });
  }

 private:
  ClientConfig client_;
  ServerConfig server_;
};

TEST(DeterministicResumption, an_operation_that_fails_ends_the_connection_with_an_alert) {
  for (const By by : {By::ticket, By::session_id})
    for (const Role role : {Role::client, Role::server}) {
      unsigned nth = 0;
      for (bool reached = true; reached; ++nth) {
        const ResumableEndpoints endpoints(by);
        ASSERT_TRUE(endpoints.run_honestly().agreed);
        const auto plan = std::make_shared<FailurePlan>(nth, FailurePlan::Lasts::once);
        const Connected run = endpoints.run(role, [&](auto provider) { return make_failing_provider(provider, plan); });
        reached = plan->fired();
        EXPECT_EQ(run.agreed && run.resumed, !reached) << nth;
        if (!reached) continue;
        const auto& failed = role == Role::client ? run.of_client : run.of_server;
        EXPECT_EQ(failed, std::optional<Error>(Fatal{Reason::crypto_failed})) << nth;
      }
      EXPECT_GT(nth, 10u);
    }
}

TEST(DeterministicResumption, no_single_flipped_bit_goes_unnoticed) {
  unsigned fired = 0;
  for (const By by : {By::ticket, By::session_id})
    for (const Role role : {Role::client, Role::server})
      for (unsigned kind = 0; kind < Fault::kinds; ++kind)
        for (unsigned nth = 0;; ++nth) {
          const ResumableEndpoints endpoints(by);
          ASSERT_TRUE(endpoints.run_honestly().agreed);
          // A bit that is read of every output: of the last block of a PRF only the first bytes are.
          const auto injector = std::make_shared<FaultInjector>(Fault{static_cast<Fault::Kind>(kind), nth, 5});
          const Connected run = endpoints.run(role, [&](auto provider) { return make_faulty_provider(provider, injector); });
          if (!injector->fired()) break;
          ++fired;
          // A ticket that does not open any more leads to a full handshake.
          EXPECT_FALSE(run.agreed && run.resumed) << "kind " << kind << " nth " << nth;
        }
  EXPECT_GT(fired, 40u);
}

}  // namespace
}  // namespace tocsin::harness
