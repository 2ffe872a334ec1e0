// A Finished of DTLS 1.2 whose verify_data is not that of the handshake, in a record that is sealed as it must be: it is no
// stray, since it authenticates, so the association fails (RFC 5246 7.4.9).
#include "core/connection/tls12_resumption_testing.h"
#include "core/crypto/editing_testing.h"
#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

using testing::By;
using testing::Resuming;

constexpr std::size_t header_bytes = 12;  // of a message that is whole, in DTLS
constexpr std::size_t verify_data_bytes = 12;

/// Who finishes second refuses a Finished before its own change_cipher_spec, so with an alert that is not protected, and that
/// nobody heeds (RFC 6347 4.1.2.7).
enum class Alert { heeded, unauthenticated };

class DtlsChangedFinished : public ListenerTest {
 protected:
  static void change_finished(CommonConfig& sender, std::size_t at, bool& changed) {
    const auto provider = std::make_shared<test::EditingProvider>(sender.provider);
    provider->edit = test::change_of_verify_data(at, header_bytes, changed);
    sender.provider = provider;
  }
  /// Moves datagrams until both are silent, and keeps the last of each.
  void run(Client& client) {
    out = {};
    while (!client.out.to_peer.empty() || !out.to_peers.empty()) {
      std::exchange(client.out.to_peer, {}).each([&](ByteView datagram) {
        last_of_client.assign(datagram.begin(), datagram.end());
        listener.receive(datagram, here, at(now), out);
      });
      for (const auto& addressed : std::exchange(out.to_peers, {})) {
        last_of_server = addressed.datagram;
        (void)client.client.receive(addressed.datagram, at(now), client.out);
      }
    }
  }
  /// What the listener has last told of its client's association, if that is an error.
  std::optional<Error> error_told() const {
    if (out.told.empty()) return std::nullopt;
    const auto* error = std::get_if<Error>(&out.told.back().what);
    return error == nullptr ? std::nullopt : std::optional(*error);
  }
  void expect_client_is_refused(ClientConfig config, std::size_t at, Alert alert) {
    bool changed = false;
    change_finished(config, at, changed);
    Client client(now, config);
    run(client);
    ASSERT_TRUE(changed) << at;
    EXPECT_EQ(error_told(), std::optional<Error>(Fatal{Reason::finished_invalid}));
    if (alert == Alert::heeded) {
      ASSERT_NE(client.client.failure(), nullptr);
      EXPECT_EQ(*client.client.failure(), Error(PeerAlert{AlertDescription::decrypt_error}));
    } else {
      ASSERT_EQ(client.out.discarded.size(), 1u);
      EXPECT_EQ(client.out.discarded[0].why, DiscardReason::alert_unauthenticated);
      EXPECT_EQ(Bytes(last_of_server.end() - 2, last_of_server.end()), decrypt_error);
    }
  }
  void expect_server_is_refused(ServerConfig config, const ClientConfig& client_config, std::size_t at, Alert alert) {
    bool changed = false;
    change_finished(config, at, changed);
    listener = make(config);
    Client client(now, client_config);
    run(client);
    ASSERT_TRUE(changed) << at;
    ASSERT_NE(client.client.failure(), nullptr);
    EXPECT_EQ(*client.client.failure(), Error(Fatal{Reason::finished_invalid}));
    if (alert == Alert::heeded) {
      EXPECT_EQ(error_told(), std::optional<Error>(PeerAlert{AlertDescription::decrypt_error}));
    } else {
      EXPECT_EQ(discarded(DiscardReason::alert_unauthenticated), 1u);
      EXPECT_EQ(Bytes(last_of_client.end() - 2, last_of_client.end()), decrypt_error);
    }
  }
  const Bytes decrypt_error{2, 51};
  Bytes last_of_client, last_of_server;
};

TEST_F(DtlsChangedFinished, is_refused_by_either_end_whichever_byte_differs) {
  for (std::size_t at = 0; at < verify_data_bytes; ++at) {
    expect_server_is_refused(testing::server_config(), testing::client_config(), at, Alert::heeded);
    listener = make(testing::server_config());
    expect_client_is_refused(testing::client_config(), at, Alert::unauthenticated);
  }
}

TEST_F(DtlsChangedFinished, is_refused_by_either_end_that_resumes_whichever_byte_differs) {
  for (const By by : {By::ticket, By::session_id})
    for (std::size_t at = 0; at < verify_data_bytes; ++at)
      for (const bool is_of_client : {false, true}) {
        const Resuming ends(by);
        listener = make(ends.server);
        Client first(now, ends.client);
        ASSERT_TRUE(completes(first));
        ASSERT_EQ(ends.cache->size(), 1u);
        if (is_of_client)
          expect_client_is_refused(ends.client, at, Alert::heeded);
        else
          expect_server_is_refused(ends.server, ends.client, at, Alert::unauthenticated);
        EXPECT_EQ(ends.cache->size(), 0u);
      }
}

}  // namespace
}  // namespace tocsin::listening
