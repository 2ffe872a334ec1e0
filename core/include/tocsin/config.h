#pragma once
/// @file
/// Configurations: plain data. Fill one in, share it between any number of connections, and do not change it while in use.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/algorithms.h"
#include "tocsin/limits.h"
#include "tocsin/provider.h"
#include "tocsin/sessions.h"
#include "tocsin/time.h"

namespace tocsin {

/// Whether a server asks clients for a certificate, and how it treats a client without one (RFC 9846 4.4.2, 4.5.1.3).
enum class ClientAuthentication : std::uint8_t {
  none,      ///< it does not ask
  optional,  ///< it asks, and accepts a client without one; a certificate that is sent must still verify
  required,  ///< it asks, and refuses a client without one: certificate_required
};

/// What the name in a client's server_name has decided at a server (RFC 6066 3), which then answers the extension.
enum class ServerNameUse : std::uint8_t {
  certificate,    ///< the certificate, if there is more than one
  configuration,  ///< the configuration: the caller chose it by the name, as the Offer of an Acceptor tells it
};

/// What happens to a peer that speaks TLS 1.2 without extended_master_secret.
enum class ExtendedMasterSecret : std::uint8_t {
  required,   ///< it is refused
  preferred,  ///< it is accepted: two of its connections may share their master secret
};

/// The lengths that max_fragment_length can ask for (RFC 6066 4), as on the wire.
enum class MaxFragmentLength : std::uint8_t { none = 0, bytes_512 = 1, bytes_1024 = 2, bytes_2048 = 3, bytes_4096 = 4 };

/// The preferences with which a connection negotiates: plain data that can be compared.
struct Preferences {
  /// The enabled versions, in any order. A connection uses the highest that both ends enable (RFC 9846 4.3.1).
  std::vector<ProtocolVersion> versions{ProtocolVersion::tls13};
  //= RFC 9846 9.1 //# A TLS-compliant application MUST implement the TLS_AES_128_GCM_SHA256 [GCM] cipher
  /// In order of preference. A server selects the first of its own that the client offers (RFC 9846 4.2.1). Suites of
  /// versions that are not enabled are ignored; a client needs one of an enabled version (over DTLS: of TLS 1.2).
  std::vector<CipherSuite> cipher_suites{
      CipherSuite::aes_128_gcm_sha256,
      CipherSuite::chacha20_poly1305_sha256,
      CipherSuite::aes_256_gcm_sha384,
      CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256,
      CipherSuite::ecdhe_rsa_aes_128_gcm_sha256,
      CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256,
      CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256,
      CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384,
      CipherSuite::ecdhe_rsa_aes_256_gcm_sha384,
  };
  /// Whether a peer that speaks TLS 1.2 must negotiate extended_master_secret (RFC 7627 5.2, 5.3).
  ExtendedMasterSecret extended_master_secret = ExtendedMasterSecret::required;
  /// In order of preference (RFC 9846 4.3.7). A client needs one.
  std::vector<NamedGroup> groups{NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1};
  /// The schemes that the peer may sign with, in order of preference. A client lists them in its ClientHello, a server in its
  /// CertificateRequest; a client needs one. The RSA PKCS #1 schemes are for certificates only (RFC 9846 4.3.3).
  std::vector<SignatureScheme> signature_schemes{
      SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::ed25519,
      SignatureScheme::ecdsa_secp384r1_sha384, SignatureScheme::ecdsa_secp521r1_sha512,
      SignatureScheme::rsa_pss_rsae_sha256,    SignatureScheme::rsa_pss_rsae_sha384,
      SignatureScheme::rsa_pss_rsae_sha512,    SignatureScheme::rsa_pkcs1_sha256,
      SignatureScheme::rsa_pkcs1_sha384,       SignatureScheme::rsa_pkcs1_sha512};
  /// ALPN (RFC 7301): names of 1 to 255 bytes, in order of preference. Empty: no ALPN.
  std::vector<std::string> application_protocols;
  /// RFC 8449: the most plaintext, content type included, that a record to this end may hold: 64 to 16385 bytes. 0: not
  /// negotiated.
  std::uint16_t record_size_limit = 0;
  /// RFC 6066 4: the limit that a client requests for both directions, if it cannot hold large records; none: no request. A
  /// server grants the request unless record_size_limit is negotiated (RFC 8449 5). A session of TLS 1.2 is resumed only where
  /// the limit stays the same.
  MaxFragmentLength max_fragment_length = MaxFragmentLength::none;
  /// Records are padded until content, type and padding fill whole blocks of this size (RFC 9846 5.4). DTLS pads only records
  /// with a connection id, as far as the datagram has room. 0: no padding.
  std::uint16_t padding_block_bytes = 0;

  /// Whether all members are equal.
  friend bool operator==(const Preferences&, const Preferences&) = default;
};

/// The settings that clients and servers share.
struct CommonConfig : Preferences {
  /// Required: the cryptography, for example from make_openssl_provider.
  std::shared_ptr<Provider> provider;
  /// Limits on what a peer can make this end hold or repeat.
  Limits limits;
  /// DTLS: the largest datagram, without the headers of IP and UDP; at least 256 bytes.
  std::size_t datagram_bytes_max = 1200;
  /// DTLS: the length of the connection id in the peer's records to this end (RFC 9146), in bytes. Each association draws a
  /// new id. 0: this end needs none, but its own records carry the peer's. No value: connection ids are not negotiated.
  std::optional<std::uint8_t> connection_id_bytes;
  /// DTLS: when an unanswered flight is sent again.
  RetransmissionTimes retransmission;
  /// DTLS: a handshake that is not complete after so long fails with handshake_timed_out; more than 0. No value: it goes on for
  /// as long as the peer does, within the limits on its flights (Limits::retransmissions_max, peer_flight_ms_max).
  std::optional<Milliseconds> handshake_timeout;
  /// TLS 1.2: the store of sessions that a later connection may resume, for example a SessionCache (RFC 5246 7.3). A server
  /// stores sessions for clients that want no ticket, or for all if it issues no tickets; a client stores one session for each
  /// server name. Null, the default: nothing is stored, and a client offers nothing to resume. Storing is opt-in because a
  /// resumed session reuses the secrets of the first for as long as it lives. Calls must also tell the date, since a session
  /// has an age.
  std::shared_ptr<SessionStore> sessions;
  /// How long after its full handshake a session may be resumed: 1 to 86400 seconds (RFC 5246 F.1.4).
  std::uint32_t session_lifetime_s = 7200;
  /// Called with each secret as a line in SSLKEYLOGFILE format, without newline; for debugging only. Empty: never called.
  std::function<void(std::string_view line)> key_log;
  /// Called before the connection closes with internal_error because of a bug in this library. Empty: never called.
  std::function<void(Invariant broken)> on_broken_invariant;
};

/// The settings of a server.
struct ServerConfig : CommonConfig {
  /// At least one, in order of preference. Among the certificates whose key suits the client, the server prefers one for the
  /// requested server name, then one whose chain is signed as the client wants (RFC 9846 4.5.1.2). It never uses a chain that
  /// is signed over SHA-1 unless the client lists that.
  std::vector<std::shared_ptr<const CertifiedKey>> certificates;
  /// What the client's server name decided before: it is told so.
  ServerNameUse server_name_use = ServerNameUse::certificate;
  /// DTLS: a cookie is valid in the period in which it was made, and in the next.
  Milliseconds cookie_period{60000};
  /// DTLS: how long a closed association still recognises its late records; twice the round trip if that is longer.
  Milliseconds linger_min{2000};
  /// DTLS: an association is closed once its peer has sent nothing authentic for so long; more than 0. No value: never, so
  /// that peers which vanish without a word are held for good.
  std::optional<Milliseconds> idle_timeout;
  /// TLS 1.2: the secret from which the keys of session tickets are derived (RFC 5077). Each period of session_lifetime_s has
  /// its own key, and a ticket opens in its own period and in the next. At least 32 unpredictable bytes, the same on all
  /// servers that accept each other's tickets; shorter or empty: no tickets. Whoever knows it can read the traffic of resumed
  /// sessions.
  Secret ticket_secret;
  /// Whether the server asks clients for certificates.
  ClientAuthentication client_authentication = ClientAuthentication::none;
  /// Required if the server asks: decides which clients to trust, for example from trust_clients_path. Calls must then tell the
  /// date.
  std::shared_ptr<const ClientCertificateVerifier> client_verifier;
};

/// The settings of a client.
struct ClientConfig : CommonConfig {
  /// Required: decides which servers to trust, for example from trust_system_store.
  std::shared_ptr<const CertificateVerifier> verifier;
  /// For servers that ask for a certificate, in order of preference: the client sends the first whose key and chain suit the
  /// server. If there is none, it says so (RFC 9846 4.5.1), and the server decides.
  std::vector<std::shared_ptr<const CertifiedKey>> certificates;
  /// How many of the groups get a key share in the first ClientHello; 0 asks for a HelloRetryRequest (RFC 9846 4.3.8).
  std::size_t key_shares = 1;
  /// RFC 9846 E.4: whether to send a session id and change_cipher_spec records.
  bool middlebox_compatibility = true;
};

}  // namespace tocsin
