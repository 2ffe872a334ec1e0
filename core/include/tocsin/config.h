#pragma once
/// @file
/// Configurations. Plain data: fill in, then share between any number of connections; never changed while in use.
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

/// Whether a server asks its clients for a certificate, and what becomes of those that show none (RFC 9846 4.4.2, 4.5.1.3).
enum class ClientAuthentication : std::uint8_t {
  none,      ///< it does not ask
  optional,  ///< it asks, and goes on without; a certificate that is shown has to be good all the same
  required,  ///< it asks, and refuses a client that shows none: certificate_required
};

/// What the name in a client's server_name has decided at a server (RFC 6066 3), which then answers the extension.
enum class ServerNameUse : std::uint8_t {
  certificate,    ///< the certificate, if there is more than one
  configuration,  ///< the configuration: the caller chose it by the name, as the Offer of an Acceptor tells it
};

/// What is asked of a peer that speaks TLS 1.2.
enum class ExtendedMasterSecret : std::uint8_t {
  required,   ///< a peer without it is refused
  preferred,  ///< a peer without it is let pass: two of its connections may share their master secret
};

/// The lengths that max_fragment_length can ask for (RFC 6066 4), as on the wire.
enum class MaxFragmentLength : std::uint8_t { none = 0, bytes_512 = 1, bytes_1024 = 2, bytes_2048 = 3, bytes_4096 = 4 };

/// What connections negotiate by: plain data, that can be compared.
struct Preferences {
  /// The versions that may be negotiated, in any order: the highest that both ends have is taken (RFC 9846 4.3.1).
  std::vector<ProtocolVersion> versions{ProtocolVersion::tls13};
  //= RFC 9846 9.1 //# A TLS-compliant application MUST implement the TLS_AES_128_GCM_SHA256 [GCM] cipher
  /// By preference. A server takes its own first that the client offers (RFC 9846 4.2.1). Those of versions that are not
  /// enabled do not count.
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
  /// By preference (RFC 9846 4.3.7).
  std::vector<NamedGroup> groups{NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1};
  /// What the peer may sign with, by preference: a client says so in its ClientHello, a server in its CertificateRequest. Those
  /// of RSA PKCS #1 are for certificates only (RFC 9846 4.3.3).
  std::vector<SignatureScheme> signature_schemes{
      SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::ed25519,
      SignatureScheme::ecdsa_secp384r1_sha384, SignatureScheme::ecdsa_secp521r1_sha512,
      SignatureScheme::rsa_pss_rsae_sha256,    SignatureScheme::rsa_pss_rsae_sha384,
      SignatureScheme::rsa_pss_rsae_sha512,    SignatureScheme::rsa_pkcs1_sha256,
      SignatureScheme::rsa_pkcs1_sha384,       SignatureScheme::rsa_pkcs1_sha512};
  /// ALPN (RFC 7301), by preference; each 1 to 255 bytes; none: no ALPN.
  std::vector<std::string> application_protocols;
  /// RFC 8449: how many bytes of plaintext, its type included, a record to us may hold; 64 to 16385. 0: not negotiated.
  std::uint16_t record_size_limit = 0;
  /// RFC 6066 4: what a client that cannot hold large records asks for, of both directions; none: it does not ask. A server
  /// grants what it is asked for, unless record_size_limit is negotiated (RFC 8449 5).
  MaxFragmentLength max_fragment_length = MaxFragmentLength::none;
  /// Content, type and padding of a record fill whole blocks of so many bytes (RFC 9846 5.4; in DTLS records with a connection
  /// id, as far as the datagram has room). 0: no padding.
  std::uint16_t padding_block_bytes = 0;

  /// Whether all are the same.
  friend bool operator==(const Preferences&, const Preferences&) = default;
};

/// What both ends of a connection have to set.
struct CommonConfig : Preferences {
  /// Needed: the cryptography, as make_openssl_provider gives it.
  std::shared_ptr<Provider> provider;
  /// What a peer can make us hold or repeat.
  Limits limits;
  /// DTLS: how many bytes a datagram may have, without the headers of IP and UDP; from 256 on.
  std::size_t datagram_bytes_max = 1200;
  /// DTLS: of how many bytes the connection id is that the peer's records to us carry (RFC 9146), drawn anew for each
  /// association. 0: none is wanted, but what we send carries the peer's. No value: connection ids are not negotiated.
  std::optional<std::uint8_t> connection_id_bytes;
  /// DTLS: when a flight that was not answered is sent again.
  RetransmissionTimes retransmission;
  /// TLS 1.2: where sessions are kept that a later connection may resume, as a SessionCache does (RFC 5246 7.3). A server keeps
  /// them for clients that want no ticket, or if it makes none; a client keeps one for each server name. Null: nothing is kept,
  /// and a client offers nothing to resume. It is null unless somebody sets it, since a session that is resumed has the secrets
  /// of the first, for as long as it lives; connections need to know the time, too, or there is no age to tell.
  std::shared_ptr<SessionStore> sessions;
  /// How old a session may become from its full handshake on; 1 to 86400 (RFC 5246 F.1.4).
  std::uint32_t session_lifetime_s = 7200;
  /// Called with each secret, as a line in SSLKEYLOGFILE format without newline: for debugging only. Empty: never.
  std::function<void(std::string_view line)> key_log;
  /// Called before the connection closes with internal_error because of a bug of this library. Empty: never.
  std::function<void(Invariant broken)> on_broken_invariant;
};

/// What a server has to set.
struct ServerConfig : CommonConfig {
  /// At least one, by preference. Of those whose key suits the client one for its server name is used, if there is one, and of
  /// those one whose chain is signed as it wants (RFC 9846 4.5.1.2); none that is signed over SHA-1, unless it lists that.
  std::vector<std::shared_ptr<const CertifiedKey>> certificates;
  /// What the client's server name decided before: it is told so.
  ServerNameUse server_name_use = ServerNameUse::certificate;
  /// DTLS: a cookie holds for the period in which it was made, and for the next.
  Milliseconds cookie_period{60000};
  /// DTLS: how long the late records of a closed association are known for what they are; twice the round trip if that is
  /// longer.
  Milliseconds linger_min{2000};
  /// TLS 1.2: what the keys follow from that session tickets are sealed under (RFC 5077); for each session_lifetime_s there is
  /// another one, and a ticket opens in its own and in the next. 32 bytes at least that nobody can guess, the same in all
  /// servers that are to take each other's tickets; shorter or empty: no tickets. Who knows it can read what was sent under
  /// resumed sessions.
  Secret ticket_secret;
  /// Whether clients are asked for certificates.
  ClientAuthentication client_authentication = ClientAuthentication::none;
  /// Needed if they are: which clients to trust, as trust_clients_path and its like give it. Connections need to know the time
  /// then.
  std::shared_ptr<const ClientCertificateVerifier> client_verifier;
};

/// What a client has to set.
struct ClientConfig : CommonConfig {
  /// Needed: whom to trust, as trust_system_store and its like give it.
  std::shared_ptr<const CertificateVerifier> verifier;
  /// For a server that asks for one, by preference: the first whose key and chain suit it is shown. None suits, or there is
  /// none: the server is told so (RFC 9846 4.5.1), and decides.
  std::vector<std::shared_ptr<const CertifiedKey>> certificates;
  /// How many of groups get a key share in the first ClientHello; 0 asks for a HelloRetryRequest (RFC 9846 4.3.8).
  std::size_t key_shares = 1;
  /// RFC 9846 E.4: a session id and change_cipher_spec records.
  bool middlebox_compatibility = true;
};

}  // namespace tocsin
