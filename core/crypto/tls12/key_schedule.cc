#include "core/crypto/tls12/key_schedule.h"

#include <algorithm>
#include <array>

#include "core/base/writer.h"

namespace tocsin::crypto::tls12 {
namespace {

using Randoms = std::array<std::uint8_t, 64>;
Randoms both(Random first, Random second) {
  Randoms randoms;
  std::ranges::copy(second, std::ranges::copy(first, randoms.begin()).out);
  return randoms;
}

/// P_hash (RFC 5246 5): A(1) is HMAC(secret, seed), A(i) is HMAC(secret, A(i-1)), and the output HMAC(secret, A(i) || seed) for
/// i = 1, 2, ..., where seed is the PRF's label || seed.
class PHash {
 public:
  PHash(Provider& provider, HashAlgorithm hash, ByteView secret, std::string_view label, ByteView seed)
      : provider_(provider), hash_(hash), secret_(secret), label_(bytes_of(label)), seed_(seed) {}

  /// Fills out with what comes next.
  Result<Done> fill(MutableBytes out) {
    while (!out.empty()) {
      if (rest_bytes_ == 0) TOCSIN_TRY(next());
      const std::size_t size_bytes = std::min(out.size(), rest_bytes_);
      std::ranges::copy(piece_.view().last(rest_bytes_).first(size_bytes), out.begin());
      rest_bytes_ -= size_bytes;
      out = out.subspan(size_bytes);
    }
    return Done{};
  }

 private:
  Result<Done> next() {
    TOCSIN_TRY_SET(a_, a_.empty() ? provider_.hmac(hash_, secret_, label_, seed_) : provider_.hmac(hash_, secret_, a_));
    TOCSIN_TRY_SET(piece_, provider_.hmac(hash_, secret_, a_, label_, seed_));
    rest_bytes_ = piece_.size();
    return Done{};
  }

  Provider& provider_;
  HashAlgorithm hash_;
  ByteView secret_, label_, seed_;
  Secret a_, piece_;
  std::size_t rest_bytes_ = 0;  // of piece_
};

Result<Secret> prf_secret(Provider& provider, HashAlgorithm hash, ByteView secret, std::string_view label, ByteView seed,
                          std::size_t size_bytes) {
  Secret out(size_bytes);
  TOCSIN_TRY(prf(provider, hash, secret, label, seed, out.mutable_bytes()));
  return out;
}

}  // namespace

Result<Done> prf(Provider& provider, HashAlgorithm hash, ByteView secret, std::string_view label, ByteView seed,
                 MutableBytes out) {
  return PHash(provider, hash, secret, label, seed).fill(out);
}

Result<Secret> extended_master_secret(Provider& provider, HashAlgorithm hash, ByteView premaster, ByteView session_hash) {
  return prf_secret(provider, hash, premaster, "extended master secret", session_hash, master_secret_bytes);
}

Result<Secret> master_secret(Provider& provider, HashAlgorithm hash, ByteView premaster, Random client, Random server) {
  return prf_secret(provider, hash, premaster, "master secret", both(client, server), master_secret_bytes);
}

Result<KeyBlock> key_block(Provider& provider, CipherSuite suite, std::size_t fixed_iv_bytes, ByteView master, Random client,
                           Random server) {
  KeyBlock block{Secret(key_bytes(suite)), Secret(key_bytes(suite)), Secret(fixed_iv_bytes), Secret(fixed_iv_bytes)};
  const Randoms randoms = both(server, client);
  PHash bytes(provider, hash_of(suite), master, "key expansion", randoms);
  for (Secret* part : {&block.client_write_key, &block.server_write_key, &block.client_write_iv, &block.server_write_iv})
    TOCSIN_TRY(bytes.fill(part->mutable_bytes()));
  return block;
}

Result<Secret> client_verify_data(Provider& provider, HashAlgorithm hash, ByteView master, ByteView transcript_hash) {
  return prf_secret(provider, hash, master, "client finished", transcript_hash, verify_data_bytes);
}

Result<Secret> server_verify_data(Provider& provider, HashAlgorithm hash, ByteView master, ByteView transcript_hash) {
  return prf_secret(provider, hash, master, "server finished", transcript_hash, verify_data_bytes);
}

Result<Done> export_keying_material(Provider& provider, HashAlgorithm hash, ByteView master, Random client, Random server,
                                    std::string_view label, std::optional<ByteView> context, MutableBytes out) {
  const Randoms randoms = both(client, server);
  Bytes seed(randoms.begin(), randoms.end());
  if (context) Writer(seed).vector16(*context);
  return prf(provider, hash, master, label, seed, out);
}

}  // namespace tocsin::crypto::tls12
