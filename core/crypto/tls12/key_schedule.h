#pragma once
// The key schedule of TLS 1.2 (RFC 5246 sections 5, 6.3 and 8.1) over a provider's HMAC. Every function can fail with
// crypto_failed only.
#include <optional>
#include <span>
#include <string_view>

#include "tocsin/provider.h"

namespace tocsin::crypto::tls12 {

constexpr std::size_t master_secret_bytes = 48;
constexpr std::size_t verify_data_bytes = 12;
using Random = std::span<const std::uint8_t, 32>;

/// RFC 5246 5: PRF(secret, label, seed) with P_hash; fills out.
Result<Done> prf(Provider& provider, HashAlgorithm hash, ByteView secret, std::string_view label, ByteView seed,
                 MutableBytes out);

/// RFC 7627 4. session_hash: of the handshake messages up to ClientKeyExchange.
Result<Secret> extended_master_secret(Provider& provider, HashAlgorithm hash, ByteView premaster, ByteView session_hash);
/// RFC 5246 8.1.
Result<Secret> master_secret(Provider& provider, HashAlgorithm hash, ByteView premaster, Random client, Random server);

/// The key block of an AEAD suite (RFC 5246 6.3): no MAC keys.
struct KeyBlock {
  Secret client_write_key, server_write_key;
  Secret client_write_iv, server_write_iv;  // record::tls12::Protection's fixed_iv
};
Result<KeyBlock> key_block(Provider& provider, CipherSuite suite, std::size_t fixed_iv_bytes, ByteView master, Random client,
                           Random server);

/// RFC 5246 7.4.9: 12 bytes.
Result<Secret> client_verify_data(Provider& provider, HashAlgorithm hash, ByteView master, ByteView transcript_hash);
Result<Secret> server_verify_data(Provider& provider, HashAlgorithm hash, ByteView master, ByteView transcript_hash);

/// RFC 5705 4. context: an empty one gives other keys than none.
Result<Done> export_keying_material(Provider& provider, HashAlgorithm hash, ByteView master, Random client, Random server,
                                    std::string_view label, std::optional<ByteView> context, MutableBytes out);

}  // namespace tocsin::crypto::tls12
