#pragma once
// The states of both roles: those of TLS 1.3, named after RFC 9846 Appendix A, and those of TLS 1.2. Each holds what it may
// know, and nothing else.
#include <array>
#include <memory>
#include <variant>

#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/tls12/session.h"
#include "tocsin/config.h"
#include "tocsin/negotiated.h"

namespace tocsin::handshake {

struct Secrets13 {
  Secret read_traffic, write_traffic;
  Secret exporter_master;
  std::uint64_t key_updates_sent = 0;
  bool awaits_key_update = false;  // the peer was asked for one, and has not sent it yet
};

/// What lasts after the handshake, for either role.
struct Established {
  std::variant<Secrets13, Secrets12> secrets;
  Negotiated negotiated;
  bool closed_for_writing = false;  // close_notify is sent: neither KeyUpdate nor no_renegotiation can follow it
};

namespace server {

using Config = std::shared_ptr<const ServerConfig>;

struct WaitClientHello {};  // START

/// The ClientHello is well-formed, whatever the version; it waits for a configuration.
struct RecvdClientHello {
  Bytes message;  // with its 4-byte header
  std::uint16_t message_seq = 0;
};

/// After a HelloRetryRequest.
struct WaitSecondClientHello {
  Config config;
  Transcript transcript;
  CipherSuite suite;
  NamedGroup group;
  Secret first_hello_digest;  // of what the second ClientHello must repeat
  bool early_data_offered;    // records of it may still come and are skipped
};

/// What the states that wait for the client to authenticate itself carry along.
struct ClientFlight {
  Config config;
  Transcript transcript;
  Secret client_traffic;  // of the handshake: the key of the client's Finished follows from it
  Established established;
};

struct WaitCertificate {  // WAIT_CERT: a certificate was requested
  ClientFlight flight;
  bool early_data_offered;
};
struct WaitCertificateVerify {  // WAIT_CV
  ClientFlight flight;
  std::unique_ptr<PublicKey> client_key;
  Bytes client_certificate;  // the end entity's
};

/// WAIT_FINISHED, and WAIT_FLIGHT2 without client authentication.
struct WaitFinished {
  Config config;
  Secret expected_verify_data;
  Established established;
  bool early_data_offered;
};

struct Connected {
  Config config;
  Established established;
};

}  // namespace server

namespace client {

using Config = std::shared_ptr<const ClientConfig>;

/// What the ClientHello said and the whole handshake needs to know.
struct Hello {
  Config config;
  std::string name;  // to be verified
  bool sends_name;   // as SNI: it is a host name, not an address
  wire::Random random;
  std::array<std::uint8_t, 32> session_id;
  std::size_t session_id_bytes;              // 0 without middlebox compatibility and a session to resume
  std::unique_ptr<ClientSession12> offered;  // to be resumed
};

struct WaitServerHello {  // WAIT_SH
  Hello hello;
  Transcript transcript;
  std::vector<std::unique_ptr<KeyPair>> key_pairs;
  std::uint32_t verify_requests = 0;  // HelloVerifyRequests that were answered, in DTLS
};

struct WaitServerHelloAfterRetry {
  Hello hello;
  Transcript transcript;
  std::vector<std::unique_ptr<KeyPair>> key_pairs;  // the one that was asked for, or the old ones if only a cookie was
  CipherSuite suite;
};

/// What every state between ServerHello and Finished carries along.
struct Progress {
  Hello hello;
  Transcript transcript;
  crypto::HandshakeSecrets secrets;
  Negotiated negotiated;
};

struct WaitEncryptedExtensions {  // WAIT_EE
  Progress progress;
};
struct WaitCertificateOrRequest {  // WAIT_CERT_CR
  Progress progress;
};
struct WaitCertificate {  // WAIT_CERT: a certificate was requested
  Progress progress;
  CertificateChoice answer;
};
struct WaitCertificateVerify {  // WAIT_CV
  Progress progress;
  std::unique_ptr<PublicKey> server_key;
  std::optional<CertificateChoice> answer;  // none: no certificate was requested
};
struct WaitFinished {  // WAIT_FINISHED
  Progress progress;
  std::optional<CertificateChoice> answer;
};
struct Connected {
  Config config;
  Established established;
};

}  // namespace client

namespace server12 {

using server::Config;

/// What a client gets to resume the session with.
enum class Issue : std::uint8_t { nothing, ticket, session_id };
struct TicketIssuance {
  Issue what = Issue::nothing;
  Bytes id;                  // of Issue::session_id
  UnixSeconds since{};       // of the session's full handshake
  std::vector<Bytes> chain;  // the client's
};

/// What the states before the master secret carry along. The key pair's public part was sent.
struct Progress {
  Config config;
  Transcript transcript;
  Randoms randoms;
  std::unique_ptr<KeyPair> key_pair;
  MasterSecret master_secret;
  Negotiated negotiated;
  TicketIssuance issuance;
};

struct WaitCertificate {  // one was requested
  Progress progress;
};
struct WaitClientKeyExchange {
  Progress progress;
  std::unique_ptr<PublicKey> client_key;  // null: the client does not authenticate
};
struct WaitCertificateVerify {
  Config config;
  PendingKeys keys;
  std::unique_ptr<PublicKey> client_key;
  TicketIssuance issuance;
};
struct WaitChangeCipherSpec {
  Config config;
  PendingKeys keys;
  TicketIssuance issuance;
};
struct WaitFinished {
  Config config;
  PendingKeys keys;
  TicketIssuance issuance;
};
struct Connected {
  Config config;
  Established established;
};

}  // namespace server12

/// A session is resumed: the server's change_cipher_spec and Finished are sent.
namespace server12_resumed {

using server::Config;

struct WaitChangeCipherSpec {
  Config config;
  PendingKeys keys;
};
struct WaitFinished {
  Config config;
  PendingKeys keys;
};

}  // namespace server12_resumed

namespace client12 {

using client::Config;

/// What the states before the master secret carry along.
struct Progress {
  client::Hello hello;
  Transcript transcript;
  Randoms randoms;
  MasterSecret master_secret;
  Negotiated negotiated;
  std::unique_ptr<ClientSession12> session;  // what may be kept of this handshake
  bool promises_ticket;                      // the server does
};

struct WaitCertificate {
  Progress progress;
};
struct WaitServerKeyExchange {
  Progress progress;
  std::unique_ptr<PublicKey> server_key;
};
struct WaitServerHelloDone {  // or a CertificateRequest
  Progress progress;
  Bytes server_public_key;
};
struct WaitServerHelloDoneAfterRequest {
  Progress progress;
  Bytes server_public_key;
  CertificateChoice answer;
};
struct WaitNewSessionTicket {  // which was promised (RFC 5077 3.3)
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession12> session;
};
struct WaitChangeCipherSpec {
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession12> session;
};
struct WaitFinished {
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession12> session;
};
struct Connected {
  Config config;
  Established established;
};

}  // namespace client12

/// The server resumes the session that was offered: its Finished comes first (RFC 5246 7.3).
namespace client12_resumed {

using client::Config;

struct WaitNewSessionTicket {
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession12> session;
};
struct WaitChangeCipherSpec {
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession12> renewed;  // with a new ticket
};
struct WaitFinished {
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession12> renewed;
};

}  // namespace client12_resumed

using State =
    std::variant<server::WaitClientHello, server::RecvdClientHello, server::WaitSecondClientHello, server::WaitCertificate,
                 server::WaitCertificateVerify, server::WaitFinished, server::Connected, client::WaitServerHello,
                 client::WaitServerHelloAfterRetry, client::WaitEncryptedExtensions, client::WaitCertificateOrRequest,
                 client::WaitCertificate, client::WaitCertificateVerify, client::WaitFinished, client::Connected,
                 server12::WaitCertificate, server12::WaitClientKeyExchange, server12::WaitCertificateVerify,
                 server12::WaitChangeCipherSpec, server12::WaitFinished, server12::Connected, client12::WaitCertificate,
                 client12::WaitServerKeyExchange, client12::WaitServerHelloDone, client12::WaitServerHelloDoneAfterRequest,
                 client12::WaitChangeCipherSpec, client12::WaitFinished, client12::Connected, client12::WaitNewSessionTicket,
                 server12_resumed::WaitChangeCipherSpec, server12_resumed::WaitFinished, client12_resumed::WaitNewSessionTicket,
                 client12_resumed::WaitChangeCipherSpec, client12_resumed::WaitFinished>;

/// The connected part of a state, or null during the handshake.
Established* established_of(State& state);

/// RFC 9846 5: in TLS 1.3 a change_cipher_spec is tolerated from the first ClientHello to the peer's Finished.
bool tolerates_change_cipher_spec(const State& state);
/// RFC 9846 4.3.10: rejected early data may still arrive.
bool skips_early_data(const State& state);
/// A server's flight is on its way, and nothing has come in answer: a client that cannot use the ServerHello has no keys yet to
/// protect its alert with.
bool waits_for_answer_to_flight(const State& state);
/// RFC 5246 7.2: in TLS 1.2, or while it still may be chosen, an alert of level warning need not end the connection.
bool heeds_alert_levels(const State& state);

}  // namespace tocsin::handshake
