#pragma once
// ClientHello (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2) with the extensions that this library knows. Views look into
// the decoded bytes.
#include <array>
#include <optional>

#include "core/base/list.h"
#include "core/base/types.h"
#include "core/wire/extensions.h"
#include "tocsin/algorithms.h"

namespace tocsin::wire {

using Random = std::array<std::uint8_t, 32>;

struct KeyShareEntry {  // RFC 8446 4.2.8
  NamedGroup group{};
  ByteView key_exchange;  // 1 to 65535 bytes
};
struct KeyShareCodec {
  using Element = KeyShareEntry;
  static KeyShareEntry read(Reader& reader);
};
using KeyShares = ListView<KeyShareCodec>;

struct ProtocolNameCodec {  // RFC 7301 3.1: 1 to 255 bytes each
  using Element = ByteView;
  static ByteView read(Reader& reader) { return reader.vector8(1); }
};
using ProtocolNames = ListView<ProtocolNameCodec>;

struct PreSharedKeys {  // RFC 8446 4.2.11; not used, only checked
  ByteView identities;  // the list without its length; at least 7 bytes
  ByteView binders;     // the list without its length; at least 33 bytes
};

struct ClientHello {
  static constexpr HandshakeType type = HandshakeType::client_hello;

  std::uint16_t legacy_version = 0x0303;
  Random random{};
  ByteView legacy_session_id;           // 0 to 32 bytes
  std::optional<ByteView> dtls_cookie;  // 0 to 255 bytes; there in DTLS, and in DTLS only (RFC 6347 4.2.1)
  CodeList<CipherSuite> cipher_suites;  // at least one
  ByteView legacy_compression_methods;  // at least one byte
  bool has_extensions = true;           // false: the message ends here, as before TLS 1.2

  std::optional<ByteView> server_name;                                 // the host_name, 1 byte at least, as received
  std::optional<CodeList<NamedGroup>> supported_groups;                // at least one
  std::optional<CodeList<SignatureScheme>> signature_algorithms;       // at least one
  std::optional<CodeList<SignatureScheme>> signature_algorithms_cert;  // at least one
  std::optional<ProtocolNames> application_protocols;                  // at least one
  std::optional<CodeList<ProtocolVersion>> supported_versions;         // 1 to 127
  std::optional<ByteView> cookie;                                      // 1 byte at least
  std::optional<ByteView> psk_key_exchange_modes;                      // 1 to 255 modes
  std::optional<std::uint16_t> record_size_limit;                      // any value; the range is the handshake's to judge
  std::optional<KeyShares> key_shares;                                 // may be empty
  bool early_data = false;
  // Of TLS 1.2.
  std::optional<ByteView> ec_point_formats;         // RFC 8422 5.1.2: 1 to 255 formats
  bool extended_master_secret = false;              // RFC 7627 5.1
  std::optional<ByteView> renegotiated_connection;  // RFC 5746 3.2: 0 to 255 bytes
  std::optional<ByteView> session_ticket;           // RFC 5077 3.2: empty asks for one
  std::optional<ByteView> connection_id;            // RFC 9146 3: 0 to 255 bytes; in DTLS only
  std::optional<PreSharedKeys> pre_shared_keys;

  ByteView extensions;  // decoded messages only: the block as received, for what must not change after a HelloRetryRequest
};

/// body: the message without its 4-byte header. Reasons: message_malformed, extension_malformed, _duplicate, _misplaced,
/// pre_shared_key_not_last, pre_shared_key_binders_mismatch.
Result<ClientHello> decode_client_hello(ByteView body);
/// The same, of DTLS 1.2, with a dtls_cookie.
Result<ClientHello> decode_dtls_client_hello(ByteView body);
/// Appends header and body, the known extensions in a fixed order, pre_shared_key last; in the form of DTLS if there is a
/// dtls_cookie.
void encode(const ClientHello& message, Writer& out);

}  // namespace tocsin::wire
