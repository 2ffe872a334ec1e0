// What the messages that an honest end of TLS 1.3 sends say: the clauses of RFC 9846 on senders. What is protected is opened
// with the secrets of the key log.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/testing.h"
#include "core/connection/testing.h"
#include "core/crypto/tls13/key_schedule.h"
#include "core/record/tls13/protection.h"
#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/server_hello.h"
#include "core/wire/tls12/server_hello.h"

namespace tocsin {
namespace {

using testing::client_config;
using testing::ConnectionPair;
using testing::server_config;
using wire::ExtensionType;

struct Record {
  ContentType type;
  std::uint16_t version;
  ByteView whole;
  ByteView fragment() const { return whole.subspan(record::header_bytes); }
};

std::vector<Record> records_in(ByteView wire) {
  std::vector<Record> records;
  while (wire.size() >= record::header_bytes) {
    const std::size_t bytes = record::header_bytes + static_cast<std::size_t>(wire[3] << 8 | wire[4]);
    const auto version = static_cast<std::uint16_t>(wire[1] << 8 | wire[2]);
    records.push_back({static_cast<ContentType>(wire[0]), version, wire.first(bytes)});
    wire = wire.subspan(bytes);
  }
  EXPECT_TRUE(wire.empty());
  return records;
}

/// The body of the flight's first handshake record, which holds one message in plaintext.
ByteView first_message(const Bytes& flight) {
  for (const Record& record : records_in(flight))
    if (record.type == ContentType::handshake) return record.fragment().subspan(4);
  ADD_FAILURE() << "no handshake record";
  return {};
}

wire::ClientHello client_hello_in(const Bytes& flight) {
  const auto hello = wire::decode_client_hello(first_message(flight));
  EXPECT_TRUE(hello);
  return hello ? *hello : wire::ClientHello{};
}

template <class Message>
Message server_hello_in(const Bytes& flight) {
  const auto hello = wire::decode_server_hello(first_message(flight));
  EXPECT_TRUE(hello && std::holds_alternative<Message>(*hello));
  return std::get<Message>(*hello);
}

/// The types in the block of a ServerHello or a HelloRetryRequest.
std::set<ExtensionType> extension_types(ByteView server_hello) {
  Reader reader(server_hello);
  reader.take(2 + 32);
  reader.vector8(0, 32);
  reader.take(2 + 1);
  std::set<ExtensionType> types;
  for (const wire::Extension& extension : wire::ExtensionList(reader.vector16())) types.insert(extension.type);
  EXPECT_TRUE(reader.done());
  return types;
}

/// A connection's first flight, alone.
Bytes first_flight(const ClientConfig& config = client_config()) {
  return ConnectionPair(config, server_config()).client_out.to_peer;
}

ClientConfig without_shares() {
  ClientConfig config = client_config();
  config.key_shares = 0;
  return config;
}

/// A handshake step by step, whose server answered the first flight, or its HelloRetryRequest's answer.
struct Answered {
  explicit Answered(ClientConfig client = client_config(), const ServerConfig& server = server_config(),
                    std::string_view name = "localhost") {
    client.key_log = [this](std::string_view line) { note(line); };
    pair.emplace(client, server, name);
    do {
      from_client = std::exchange(pair->client_out.to_peer, {});
      EXPECT_TRUE(pair->server().receive(from_client, testing::now, pair->server_out));
      from_server = std::exchange(pair->server_out.to_peer, {});
      EXPECT_TRUE(pair->client().receive(from_server, testing::now, pair->client_out));
    } while (secrets.empty());
  }
  void note(std::string_view line) {
    const std::string text(line);
    const std::size_t name_end = text.find(' '), random_end = text.find(' ', name_end + 1);
    secrets[text.substr(0, name_end)] = test::from_hex(text.substr(random_end + 1, 64));
  }
  /// The messages that the server protects with its handshake keys, in their order.
  std::vector<Bytes> protected_messages() {
    const CipherSuite suite = server_hello_in<wire::ServerHello>(from_server).cipher_suite;
    const auto keys = crypto::traffic_keys(*testing::provider(), suite, secrets["SERVER_HANDSHAKE_TRAFFIC_SECRET"]);
    auto aead = testing::provider()->aead(suite, keys->key);
    record::Opener opener(std::move(*aead), keys->iv);
    Bytes content;
    for (const Record& record : records_in(from_server)) {
      if (record.type != ContentType::application_data) continue;
      Bytes bytes = test::copy_of(record.whole), inner(opener.inner_bytes_of(bytes));
      const auto opened = opener.open(bytes, record::plaintext_bytes_max + 1, inner);
      EXPECT_TRUE(opened && opened->type == ContentType::handshake);
      if (opened) append(content, ByteView(inner).first(opened->content_bytes));
    }
    std::vector<Bytes> messages;
    for (ByteView rest = content; rest.size() >= 4;) {
      const std::size_t bytes = 4 + Reader(rest.subspan(1)).u24();
      messages.push_back(test::copy_of(rest.first(bytes)));
      rest = rest.subspan(bytes);
    }
    return messages;
  }

  std::map<std::string, Bytes> secrets;
  std::optional<ConnectionPair> pair;
  Bytes from_client, from_server;  // the last flights
};

//= RFC 9846 4.2.2 //# Section 4.3.1) and the legacy_version field MUST be set to 0x0303, which is the version
//= RFC 9846 4.2.2 //# For every TLS 1.3 ClientHello, this list MUST contain exactly one byte, set to zero,
//= RFC 9846 4.3.1 //# Implementations of this specification MUST send this extension in the ClientHello
//= RFC 9846 4.3.2 //# Clients MUST NOT use cookies in their initial ClientHello in subsequent connections.
//= RFC 9846 4.3.3 //# Clients which desire the server to authenticate itself via a certificate MUST send the "signature_algorithms" extension.
//= RFC 9846 9.2 //# All implementations MUST send and use these extensions when offering applicable
//= RFC 9846 9.2 //# "signature_algorithms" is REQUIRED for certificate authentication.
//= RFC 9846 9.2 //# "supported_groups" is REQUIRED for ClientHello messages using DHE or ECDHE key exchange.
//= RFC 9846 9.2 //# "key_share" is REQUIRED for DHE or ECDHE key exchange.
//= RFC 9846 9.2 //# it MUST contain both a "signature_algorithms" extension and a "supported_groups"
//= RFC 9846 9.2 //# If containing a "supported_groups" extension, it MUST also contain a "key_share"
//= RFC 9846 9.2 //# Additionally, all implementations MUST support the use of the "server_name" extension
//= RFC 9846 E.5 //# Implementations MUST use 0x0303 for the ClientHello.legacy_version and
TEST(SentClientHello, has_what_tls13_asks_for_and_no_more) {
  for (const bool both : {false, true}) {
    ClientConfig config = client_config();
    config.versions = both ? std::vector{ProtocolVersion::tls13, ProtocolVersion::tls12} : std::vector{ProtocolVersion::tls13};
    const Bytes flight = first_flight(config);
    const wire::ClientHello hello = client_hello_in(flight);
    EXPECT_EQ(hello.legacy_version, 0x0303);
    EXPECT_EQ(test::copy_of(hello.legacy_compression_methods), Bytes{0});
    EXPECT_EQ(test::to_hex(hello.supported_versions.value().wire()), both ? "03040303" : "0304");
    EXPECT_TRUE(hello.signature_algorithms && hello.supported_groups && hello.key_shares);
    EXPECT_EQ(text_of(hello.host_name().value()), "localhost");
    EXPECT_FALSE(hello.cookie || hello.early_data || hello.pre_shared_keys || hello.psk_key_exchange_modes);
  }
}

//= RFC 9846 4.2.2 //# In compatibility mode (see Appendix E.4), this field MUST be non-empty, so a client not
//= RFC 9846 4.2.2 //# Otherwise, it MUST be set as a zero-length list (i.e., a zero-valued single byte length
TEST(SentClientHello, has_a_fresh_session_id_of_32_bytes_in_compatibility_mode_and_else_none) {
  ClientConfig config = client_config();
  config.versions = {ProtocolVersion::tls13};
  config.middlebox_compatibility = true;
  const Bytes one = first_flight(config), other = first_flight(config);
  EXPECT_EQ(client_hello_in(one).legacy_session_id.size(), 32u);
  EXPECT_NE(test::copy_of(client_hello_in(one).legacy_session_id), test::copy_of(client_hello_in(other).legacy_session_id));
  config.middlebox_compatibility = false;
  const Bytes incompatible = first_flight(config);
  EXPECT_TRUE(client_hello_in(incompatible).legacy_session_id.empty());
}

//= RFC 9846 4.3.8 //# Each KeyShareEntry value MUST correspond to a group offered in the "supported_groups"
//= RFC 9846 4.3.8 //# The key_exchange values for each KeyShareEntry MUST be generated independently.
//= RFC 9846 4.3.8 //# Clients MUST NOT offer any KeyShareEntry values for groups not listed in the client's
//= RFC 9846 4.3.8 //# Clients and Servers MUST NOT reuse a key share for multiple connections.
TEST(SentClientHello, has_key_shares_of_its_groups_in_their_order_each_its_own_and_never_twice) {
  ClientConfig config = client_config();
  config.groups = {NamedGroup::secp384r1, NamedGroup::x25519, NamedGroup::secp256r1};
  config.key_shares = 3;
  std::set<Bytes> keys;
  for (int connection = 0; connection < 2; ++connection) {
    const Bytes flight = first_flight(config);
    const wire::ClientHello hello = client_hello_in(flight);
    std::vector<NamedGroup> groups;
    for (const wire::KeyShareEntry& share : *hello.key_shares) {
      groups.push_back(share.group);
      EXPECT_TRUE(keys.insert(test::copy_of(share.key_exchange)).second);
      EXPECT_TRUE(hello.supported_groups->contains(share.group));
    }
    EXPECT_EQ(groups, config.groups);
  }
}

//= RFC 9846 4.3.3 //# They MUST NOT be offered or negotiated by any implementation.
//= RFC 9846 4.3.3 //# In particular, MD5 [SLOTH], SHA-224, and DSA MUST NOT be used.
//= RFC 9846 4.5.2 //# The SHA-1 algorithm MUST NOT be used in any signatures of CertificateVerify messages.
//= RFC 9846 9.3 //# A client sending a ClientHello MUST support all non-GREASE [RFC8701] parameters
//= RFC 9846 B.3.1.4 //# and MUST NOT be offered or negotiated by TLS 1.3 implementations.
//= RFC 9846 E.5 //# Implementations MUST NOT offer or negotiate RC4 cipher suites for any version of TLS
//= RFC 9846 E.5 //# Ciphers with a strength less than 112 bits MUST NOT be offered or negotiated for any
TEST(SentClientHello, offers_nothing_that_is_broken_or_obsolete_and_nothing_unknown_here) {
  const Bytes flight = first_flight();
  const wire::ClientHello hello = client_hello_in(flight);
  for (const CipherSuite suite : hello.cipher_suites) {
    EXPECT_NE(name_of(suite), "unknown");
    EXPECT_GE(key_bytes(suite), 16u);
  }
  for (const NamedGroup group : *hello.supported_groups) EXPECT_NE(name_of(group), "unknown");
  for (const SignatureScheme scheme : *hello.signature_algorithms) {
    EXPECT_NE(name_of(scheme), "unknown");
    EXPECT_GT(static_cast<std::uint16_t>(scheme) >> 8, 3);  // MD5, SHA-1, SHA-224
  }
  for (const wire::Extension& extension : wire::ExtensionList(hello.extensions))
    EXPECT_NE(wire::name_of(extension.type), "unknown");
}

//= RFC 9846 4.3.2 //# When sending the new ClientHello, the client MUST copy the contents of the extension
//= RFC 9846 4.3.10 //# A client MUST NOT include the "early_data" extension in its followup ClientHello.
//= RFC 9846 4.2.4 //# it MUST abort the handshake with an "unexpected_message" alert.
TEST(SentSecondClientHello, has_the_cookie_that_was_asked_for_the_group_that_was_and_no_early_data) {
  ConnectionPair pair(without_shares(), server_config());
  const Bytes first = pair.client_out.to_peer;
  const Bytes cookie = test::from_hex("c0 0c 1e");
  wire::HelloRetryRequest retry;
  const wire::ClientHello hello = client_hello_in(first);
  retry.legacy_session_id_echo = hello.legacy_session_id;
  retry.cipher_suite = CipherSuite::aes_128_gcm_sha256;
  retry.supported_version = ProtocolVersion::tls13;
  retry.selected_group = NamedGroup::secp384r1;
  retry.cookie = cookie;
  Bytes message;
  Writer writer(message);
  encode(retry, writer);
  Bytes request = test::copy_of(record::make_header(ContentType::handshake, 0x0303, message.size()));
  append(request, message);
  pair.client_out.to_peer.clear();
  ASSERT_TRUE(pair.client().receive(request, testing::now, pair.client_out));
  const wire::ClientHello second = client_hello_in(pair.client_out.to_peer);
  EXPECT_EQ(test::copy_of(second.cookie.value()), cookie);
  EXPECT_FALSE(second.early_data);
  EXPECT_EQ(second.random, hello.random);
  EXPECT_EQ(std::distance(second.key_shares->begin(), second.key_shares->end()), 1);
  EXPECT_EQ((*second.key_shares->begin()).group, NamedGroup::secp384r1);
  // A second request is unexpected.
  EXPECT_FALSE(pair.client().receive(request, testing::now, pair.client_out));
  EXPECT_EQ(*pair.client().failure(), Error(Fatal{Reason::message_unexpected}));
}

//= RFC 9846 4.2.3 //# Section 4.3.1), and the legacy_version field MUST be set to 0x0303, which is the
//= RFC 9846 4.2.3 //# This structure is generated by the server and MUST be generated independently of the
//= RFC 9846 4.2.3 //# A single byte which MUST have the value 0.
//= RFC 9846 4.2.3 //# The ServerHello MUST only include extensions which are required to establish the
//= RFC 9846 4.2.3 //# All TLS 1.3 ServerHello messages MUST contain the "supported_versions" extension.
//= RFC 9846 4.3.1 //# A server which negotiates TLS 1.3 MUST respond by sending a "supported_versions"
//= RFC 9846 4.3.1 //# It MUST set the ServerHello.legacy_version field to 0x0303 (TLS 1.2).
//= RFC 9846 4.3.8 //# Clients and Servers MUST NOT reuse a key share for multiple connections.
//= RFC 9846 4.3.8 //# Servers MUST NOT send a KeyShareEntry for any group not indicated in the client's
//= RFC 9846 9.2 //# "supported_versions" is REQUIRED for all ClientHello, ServerHello, and
//= RFC 9846 E.5 //# Implementations MUST use 0x0303 for the ClientHello.legacy_version and
TEST(SentServerHello, says_tls13_and_has_what_the_key_exchange_needs_and_no_more) {
  Answered one, other;
  const auto hello = server_hello_in<wire::ServerHello>(one.from_server);
  const wire::ClientHello offer = client_hello_in(one.from_client);
  EXPECT_EQ(hello.legacy_version, 0x0303);
  EXPECT_EQ(hello.supported_version, ProtocolVersion::tls13);
  EXPECT_EQ(hello.legacy_compression_method, 0);
  EXPECT_EQ(test::copy_of(hello.legacy_session_id_echo), test::copy_of(offer.legacy_session_id));
  EXPECT_TRUE(offer.cipher_suites.contains(hello.cipher_suite));
  EXPECT_TRUE(offer.supported_groups->contains(hello.key_share.value().group));
  EXPECT_EQ(extension_types(first_message(one.from_server)),
            (std::set{ExtensionType::supported_versions, ExtensionType::key_share}));
  const auto another = server_hello_in<wire::ServerHello>(other.from_server);
  EXPECT_NE(hello.random, offer.random);
  EXPECT_NE(hello.random, another.random);
  EXPECT_NE(test::copy_of(hello.key_share->key_exchange), test::copy_of(another.key_share.value().key_exchange));
}

//= RFC 9846 4.2.4 //# A HelloRetryRequest MUST NOT contain any extensions that were not first offered by the
//= RFC 9846 9.2 //# "supported_versions" is REQUIRED for all ClientHello, ServerHello, and
TEST(SentHelloRetryRequest, says_tls13_and_asks_for_a_group_and_for_no_more) {
  ConnectionPair pair(without_shares(), server_config());
  ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
  const auto retry = server_hello_in<wire::HelloRetryRequest>(pair.server_out.to_peer);
  EXPECT_EQ(retry.legacy_version, 0x0303);
  EXPECT_EQ(retry.supported_version, ProtocolVersion::tls13);
  EXPECT_EQ(extension_types(first_message(pair.server_out.to_peer)),
            (std::set{ExtensionType::supported_versions, ExtensionType::key_share}));
}

//= RFC 9846 E.4 //# the server MUST send the change_cipher_spec as described in this appendix.
TEST(SentServersFlight, has_one_change_cipher_spec_behind_its_first_message_if_the_client_has_a_session_id) {
  for (const bool is_compatible : {false, true})
    for (const bool retries : {false, true}) {
      ClientConfig client = retries ? without_shares() : client_config();
      client.versions = {ProtocolVersion::tls13};
      client.middlebox_compatibility = is_compatible;
      ConnectionPair pair(client, server_config());
      ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
      const auto records = records_in(pair.server_out.to_peer);
      const auto is_one = [](const Record& record) { return record.type == ContentType::change_cipher_spec; };
      EXPECT_EQ(std::ranges::count_if(records, is_one), is_compatible ? 1 : 0);
      EXPECT_TRUE(!is_compatible || is_one(records.at(1)));
    }
}

//= RFC 9846 4 //# Protocol messages MUST be sent in the order defined in Section 4.1 and shown in the
//= RFC 9846 4.3 //# Implementations MUST NOT send extension responses (i.e., in the ServerHello,
//= RFC 9846 4.5.1 //# Otherwise (in the case of server authentication), this field SHALL be zero length.
//= RFC 9846 4.5.1 //# Extensions in the Certificate message from the server MUST correspond to ones from the
//= RFC 9846 4.5.1 //# The sender's certificate MUST come in the first CertificateEntry in the list.
//= RFC 9846 4.5.1 //# The server's certificate_list MUST always be non-empty.
//= RFC 9846 4.5.2 //# the signature algorithm MUST be one offered in the client's "signature_algorithms"
TEST(SentServersFlight, stands_in_the_order_of_the_rfc_and_answers_nothing_that_was_not_offered) {
  Answered plain;
  const auto messages = plain.protected_messages();
  ASSERT_EQ(messages.size(), 4u);
  const auto type_of = [](const Bytes& message) { return static_cast<HandshakeType>(message.at(0)); };
  const auto body_of = [](const Bytes& message) { return ByteView(message).subspan(4); };
  EXPECT_EQ(type_of(messages[0]), HandshakeType::encrypted_extensions);
  EXPECT_EQ(type_of(messages[1]), HandshakeType::certificate);
  EXPECT_EQ(type_of(messages[2]), HandshakeType::certificate_verify);
  EXPECT_EQ(type_of(messages[3]), HandshakeType::finished);

  const auto extensions = wire::decode_encrypted_extensions(body_of(messages[0]));
  ASSERT_TRUE(extensions);
  EXPECT_FALSE(extensions->application_protocol || extensions->record_size_limit || extensions->early_data);

  const auto certificate = wire::decode_certificate(body_of(messages[1]));
  ASSERT_TRUE(certificate);
  EXPECT_TRUE(certificate->certificate_request_context.empty());
  ASSERT_NE(certificate->certificate_list.begin(), certificate->certificate_list.end());
  EXPECT_EQ(test::copy_of((*certificate->certificate_list.begin()).cert_data), server_config().certificates.at(0)->chain.at(0));
  for (const wire::CertificateEntry& entry : certificate->certificate_list) EXPECT_TRUE(entry.extensions.empty());

  const auto proof = wire::decode_certificate_verify(body_of(messages[2]));
  ASSERT_TRUE(proof);
  EXPECT_TRUE(client_hello_in(plain.from_client).signature_algorithms->contains(proof->algorithm));
}

// RFC 6066 3: the server answers server_name in the event that the name has decided something.
TEST(SentServersFlight, answers_a_server_name_that_has_decided_something) {
  for (const auto use : {ServerNameUse::certificate, ServerNameUse::configuration})
    for (const std::size_t certificates : {std::size_t{1}, std::size_t{2}})
      for (const std::string_view name : {"localhost", "127.0.0.1"}) {
        ServerConfig server = server_config();
        server.server_name_use = use;
        server.certificates.resize(certificates, server.certificates.front());
        const bool is_answered = name == "localhost" && (use == ServerNameUse::configuration || certificates == 2);
        Answered answered(client_config(), server, name);
        const auto extensions = wire::decode_encrypted_extensions(ByteView(answered.protected_messages().at(0)).subspan(4));
        ASSERT_TRUE(extensions);
        EXPECT_EQ(extensions->server_name, is_answered);
        ClientConfig client = client_config();
        client.versions = server.versions = {ProtocolVersion::tls12};
        ConnectionPair pair(client, server, name);
        ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
        const ByteView hello = ByteView(pair.server_out.to_peer).subspan(record::header_bytes);  // more stands behind it
        const auto answer = wire::tls12::decode_server_hello(hello.subspan(4, Reader(hello.subspan(1)).u24()));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->server_name, is_answered);
        ASSERT_TRUE(pair.client().receive(pair.server_out.to_peer, testing::now, pair.client_out));
      }
}

//= RFC 9846 4.4.2 //# This message, if sent, MUST follow EncryptedExtensions.
//= RFC 9846 4.4.2 //# The certificate_request_context MUST be unique within the scope of this connection
//= RFC 9846 4.4.2 //# This field SHALL be zero length unless used for the post-handshake authentication
TEST(SentServersFlight, asks_for_a_certificate_behind_encrypted_extensions_without_a_context) {
  ServerConfig server = server_config();
  server.client_authentication = ClientAuthentication::optional;
  server.client_verifier = *trust_clients_path("harnesses/testdata/client-ca.pem");
  Answered asking(client_config(), server);
  const auto messages = asking.protected_messages();
  ASSERT_EQ(messages.size(), 5u);
  EXPECT_EQ(static_cast<HandshakeType>(messages[0].at(0)), HandshakeType::encrypted_extensions);
  ASSERT_EQ(static_cast<HandshakeType>(messages[1].at(0)), HandshakeType::certificate_request);
  const auto request = wire::decode_certificate_request(ByteView(messages[1]).subspan(4));
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->certificate_request_context.empty());
  EXPECT_TRUE(request->signature_algorithms);
}

//= RFC 9846 5 //# Implementations MUST NOT send record types not defined in this document unless
//= RFC 9846 5.1 //# Implementations MUST NOT send zero-length fragments of Handshake types, even if those
//= RFC 9846 5.1 //# Alert messages (Section 6) MUST NOT be fragmented across records, and multiple alert
//= RFC 9846 5.1 //# The length MUST NOT exceed 2^14 bytes.
TEST(SentRecords, hold_whole_alerts_no_empty_fragments_and_at_most_2_to_the_14_bytes) {
  ConnectionPair pair(client_config(), server_config());
  Bytes sent = pair.client_out.to_peer;
  while (!pair.client_out.to_peer.empty() || !pair.server_out.to_peer.empty()) {
    (void)pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out);
    append(sent, pair.server_out.to_peer);
    (void)pair.client().receive(std::exchange(pair.server_out.to_peer, {}), testing::now, pair.client_out);
    append(sent, pair.client_out.to_peer);
  }
  ASSERT_TRUE(pair.client().send(Bytes(100000, 1), pair.client_out));
  ASSERT_TRUE(pair.client().close(pair.client_out));
  append(sent, pair.client_out.to_peer);
  for (const Record& record : records_in(sent)) {
    EXPECT_TRUE(record.type >= ContentType::change_cipher_spec && record.type <= ContentType::application_data);
    EXPECT_FALSE(record.fragment().empty());
    EXPECT_LE(record.fragment().size(), record::plaintext_bytes_max + 1 + Aead::tag_bytes);
  }
  // user_canceled and close_notify: a record each.
  ConnectionPair canceled(client_config(), server_config());
  canceled.client_out.to_peer.clear();
  ASSERT_TRUE(canceled.client().close(canceled.client_out));
  const auto alerts = records_in(canceled.client_out.to_peer);
  ASSERT_EQ(alerts.size(), 2u);
  for (const Record& record : alerts) EXPECT_EQ(record.fragment().size(), 2u);
}

}  // namespace
}  // namespace tocsin
