#pragma once
// The states of both roles, named after RFC 8446 Appendix A. Each holds what it may know, and nothing else.
#include <array>
#include <memory>
#include <variant>

#include "core/crypto/key_schedule.h"
#include "core/handshake/negotiation.h"
#include "core/handshake/transcript.h"
#include "core/wire/client_hello.h"
#include "tocsin/config.h"
#include "tocsin/negotiated.h"

namespace tocsin::handshake {

/// What lasts after the handshake, for either role.
struct Established {
  Secret read_traffic, write_traffic;
  Secret exporter_master;
  Negotiated negotiated;
  bool closed_for_writing = false;  // close_notify is sent: no KeyUpdate can follow it
};

namespace server {

using Config = std::shared_ptr<const ServerConfig>;

struct WaitClientHello {};  // START

/// The ClientHello is well-formed; it waits for a configuration.
struct RecvdClientHello {
  Bytes message;  // with its header
};

/// After a HelloRetryRequest.
struct WaitSecondClientHello {
  Config config;
  UnixSeconds now{};
  Transcript transcript;
  CipherSuite suite;
  NamedGroup group;
  Secret first_hello_digest;  // of what the second ClientHello must repeat
  bool early_data_offered;    // records of it may still come and are skipped
};

/// What the states that wait for the client to authenticate itself carry along.
struct ClientFlight {
  Config config;
  UnixSeconds now{};
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
  UnixSeconds now;
  wire::Random random;
  std::array<std::uint8_t, 32> session_id;
  std::size_t session_id_bytes;  // 0 without middlebox compatibility
};

struct WaitServerHello {  // WAIT_SH
  Hello hello;
  Transcript transcript;
  std::vector<std::unique_ptr<KeyPair>> key_pairs;
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

using State =
    std::variant<server::WaitClientHello, server::RecvdClientHello, server::WaitSecondClientHello, server::WaitCertificate,
                 server::WaitCertificateVerify, server::WaitFinished, server::Connected, client::WaitServerHello,
                 client::WaitServerHelloAfterRetry, client::WaitEncryptedExtensions, client::WaitCertificateOrRequest,
                 client::WaitCertificate, client::WaitCertificateVerify, client::WaitFinished, client::Connected>;

/// The connected part of a state, or null during the handshake.
Established* established_of(State& state);

/// RFC 8446 5: a change_cipher_spec is tolerated from the first ClientHello to the peer's Finished.
bool tolerates_change_cipher_spec(const State& state);
/// RFC 8446 4.2.10: rejected early data may still arrive.
bool skips_early_data(const State& state);
/// A server's flight is on its way, and nothing has come in answer: a client that cannot use the ServerHello has no keys yet to
/// protect its alert with.
bool waits_for_answer_to_flight(const State& state);

}  // namespace tocsin::handshake
