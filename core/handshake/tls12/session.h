#pragma once
// A session of TLS 1.2, and the form in which it is kept: by a store, by a client as a ticket (RFC 5077 section 4). Each had
// extended_master_secret: without it two sessions may share their master secret, and none such is resumed (RFC 7627 5.3, 5.4).
#include <optional>
#include <string>
#include <vector>

#include "tocsin/config.h"
#include "tocsin/provider.h"
#include "tocsin/sessions.h"

namespace tocsin::handshake::tls12 {

/// What a connection that resumes takes over, and what has to be the same for it.
struct Session {
  ProtocolVersion version{};
  CipherSuite cipher_suite{};
  MaxFragmentLength max_fragment_length{};  // that was granted: it holds as long as the session does (RFC 6066 4)
  Secret master;
  UnixSeconds since{};            // of its full handshake, however often it was resumed
  std::string server_name;        // server: SNI; client: the name that was verified
  std::vector<Bytes> peer_chain;  // certificates that the peer has proved; empty: it did not authenticate
};

/// What a client keeps.
struct ClientSession {
  Session session;
  Bytes id;                           // RFC 5246 7.4.1.3; not used with a ticket (RFC 5077 3.4)
  Bytes ticket;                       // empty: none
  UnixSeconds until{};                // by the server's hint and the configuration
  Bytes own_certificate;              // the one that the client has proved, DER; empty: none
  bool asks_for_certificate = false;  // the server did
  MaxFragmentLength max_fragment_length_asked{};
};

SecretBytes encode_session(const Session& session);
SecretBytes encode_session(const ClientSession& session);
/// Nothing if it has another form, as one of another version of this library may.
std::optional<Session> decode_session(ByteView encoded);
std::optional<ClientSession> decode_client_session(ByteView encoded);

/// RFC 5246 F.1.4: a session should not be resumed later than that.
constexpr std::uint32_t session_lifetime_s_max = 86400;
/// How long a session lives, by the configuration: at least a second.
std::uint32_t session_lifetime_s(const CommonConfig& config);
/// Whether it is neither too old nor from the future.
bool is_alive(const Session& session, const CommonConfig& config, UnixSeconds now);
/// So much later. Where the type ends, so does time.
UnixSeconds later(UnixSeconds at, std::uint32_t seconds);

/// Whether there is a store, and a time to tell a session's age by.
bool keeps_sessions(const CommonConfig& config, UnixSeconds now);

/// Under what a session stands in a store.
Bytes key_of_server_session(ByteView id);
Bytes key_of_client_session(ProtocolVersion version, std::string_view server_name);

}  // namespace tocsin::handshake::tls12
