// A Finished whose verify_data is not that of the handshake, in a record that is sealed as it must be: nothing but the
// comparison refuses it (RFC 9846 4.5.3, RFC 5246 7.4.9).
#include <gtest/gtest.h>

#include "core/connection/tls12_resumption_testing.h"
#include "core/crypto/editing_testing.h"

namespace tocsin {
namespace {

using testing::By;
using testing::ConnectionPair;
using testing::Resuming;

enum class Sender { client, server };
constexpr Sender either_end[] = {Sender::client, Sender::server};
constexpr std::size_t header_bytes = 4;  // of a handshake message

/// The configuration of the end that sends another Finished than it should.
void change_finished(CommonConfig& sender, std::size_t at, bool& changed) {
  const auto provider = std::make_shared<test::EditingProvider>(sender.provider);
  provider->edit = test::change_of_verify_data(at, header_bytes, changed);
  sender.provider = provider;
}

/// The receiver refuses with finished_invalid, and the sender reads decrypt_error.
void expect_finished_invalid(ConnectionPair& pair, Sender sender) {
  EXPECT_FALSE(pair.run_handshake());
  Connection& receiver = sender == Sender::client ? pair.server() : pair.client();
  Connection& liar = sender == Sender::client ? pair.client() : pair.server();
  EXPECT_FALSE(receiver.is_handshake_complete());
  ASSERT_NE(receiver.failure(), nullptr);
  EXPECT_EQ(*receiver.failure(), Error(Fatal{Reason::finished_invalid}));
  ASSERT_NE(liar.failure(), nullptr);
  EXPECT_EQ(*liar.failure(), Error(PeerAlert{AlertDescription::decrypt_error}));
}

TEST(ChangedFinished, is_refused_by_either_end_of_tls_1_3_whichever_byte_differs) {
  for (const CipherSuite suite : {CipherSuite::aes_128_gcm_sha256, CipherSuite::aes_256_gcm_sha384})
    for (const Sender sender : either_end)
      for (std::size_t at = 0; at < hash_bytes(hash_of(suite)); ++at) {
        bool changed = false;
        ClientConfig client = testing::client_config();
        ServerConfig server = testing::server_config();
        client.cipher_suites = {suite};
        change_finished(sender == Sender::client ? static_cast<CommonConfig&>(client) : server, at, changed);
        ConnectionPair pair(client, server);
        expect_finished_invalid(pair, sender);
        ASSERT_TRUE(changed) << at;
      }
}

TEST(ChangedFinished, is_refused_by_either_end_of_tls_1_2_whichever_byte_differs) {
  for (const Sender sender : either_end)
    for (std::size_t at = 0; at < 12; ++at) {
      bool changed = false;
      ClientConfig client = testing::client_config();
      ServerConfig server = testing::server_config();
      client.versions = server.versions = {ProtocolVersion::tls12};
      change_finished(sender == Sender::client ? static_cast<CommonConfig&>(client) : server, at, changed);
      ConnectionPair pair(client, server);
      expect_finished_invalid(pair, sender);
      ASSERT_TRUE(changed) << at;
    }
}

TEST(ChangedFinished, is_refused_by_either_end_that_resumes_whichever_byte_differs) {
  for (const By by : {By::ticket, By::session_id})
    for (const Sender sender : either_end)
      for (std::size_t at = 0; at < 12; ++at) {
        Resuming ends(by);
        ASSERT_EQ(ends.run(), std::optional(false));
        ASSERT_EQ(ends.run(), std::optional(true));
        bool changed = false;
        change_finished(sender == Sender::client ? static_cast<CommonConfig&>(ends.client) : ends.server, at, changed);
        ConnectionPair pair = ends.pair();
        expect_finished_invalid(pair, sender);
        ASSERT_TRUE(changed) << at;
        EXPECT_EQ(ends.cache->size(), 0u);
      }
}

}  // namespace
}  // namespace tocsin
