#pragma once
// The key schedule (RFC 9846 section 7) over a provider's HMAC. Every function can fail with crypto_failed only.
#include <string_view>

#include "tocsin/provider.h"

namespace tocsin::crypto {

Result<Secret> hkdf_extract(Provider& provider, HashAlgorithm hash, ByteView salt, ByteView input_key);
/// RFC 9846 7.1, without the "tls13 " that it adds itself. label: at most 249 bytes; context: at most 255; out: at most 255
/// hashes.
Result<Done> hkdf_expand_label(Provider& provider, HashAlgorithm hash, ByteView secret, std::string_view label,
                               ByteView context, MutableBytes out);
Result<Secret> derive_secret(Provider& provider, HashAlgorithm hash, ByteView secret, std::string_view label,
                             ByteView transcript_hash);

struct HandshakeSecrets {
  Secret client_traffic, server_traffic;  // "c hs traffic", "s hs traffic"
  Secret master;                          // the Master Secret
};
/// transcript_hash: of ClientHello...ServerHello. No PSK: the Early Secret is that of zeros.
Result<HandshakeSecrets> handshake_secrets(Provider& provider, HashAlgorithm hash, ByteView shared_secret,
                                           ByteView transcript_hash);

struct ApplicationSecrets {
  Secret client_traffic, server_traffic;  // "c ap traffic", "s ap traffic"
  Secret exporter_master;                 // "exp master"
};
/// transcript_hash: of ClientHello...server Finished.
Result<ApplicationSecrets> application_secrets(Provider& provider, HashAlgorithm hash, ByteView master,
                                               ByteView transcript_hash);

/// "traffic upd" (7.2).
Result<Secret> next_traffic_secret(Provider& provider, HashAlgorithm hash, ByteView traffic_secret);

struct TrafficKeys {
  Secret key;
  Aead::Nonce iv;
};
Result<TrafficKeys> traffic_keys(Provider& provider, CipherSuite suite, ByteView traffic_secret);

/// verify_data of a Finished (4.5.3).
Result<Secret> finished_verify_data(Provider& provider, HashAlgorithm hash, ByteView traffic_secret, ByteView transcript_hash);

/// 7.5. label at most 249 bytes; out at most 255 hashes.
Result<Done> export_keying_material(Provider& provider, HashAlgorithm hash, ByteView exporter_master, std::string_view label,
                                    ByteView context, MutableBytes out);

/// Whether two byte strings are equal, in time that depends on their lengths only.
bool equal_constant_time(ByteView a, ByteView b);

}  // namespace tocsin::crypto
