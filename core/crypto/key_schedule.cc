#include "core/crypto/key_schedule.h"

#include <algorithm>
#include <array>

namespace tocsin::crypto {
namespace {

constexpr std::string_view label_prefix = "tls13 ";

/// struct HkdfLabel of RFC 8446 7.1, encoded without the heap.
class HkdfLabel {
 public:
  static bool fits(std::string_view label, ByteView context) {
    return label_prefix.size() + label.size() <= 255 && context.size() <= 255;
  }
  HkdfLabel(std::size_t out_bytes, std::string_view label, ByteView context) {
    add(out_bytes >> 8);
    add(out_bytes);
    add(label_prefix.size() + label.size());
    add(bytes_of(label_prefix));
    add(bytes_of(label));
    add(context.size());
    add(context);
  }
  ByteView view() const { return {bytes_.data(), size_}; }

 private:
  void add(std::size_t byte) { bytes_[size_++] = static_cast<std::uint8_t>(byte); }
  void add(ByteView bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += bytes.size();
  }
  std::array<std::uint8_t, 2 + 1 + 255 + 1 + 255> bytes_;
  std::size_t size_ = 0;
};

Result<Secret> empty_hash(Provider& provider, HashAlgorithm hash) {
  TOCSIN_TRY_SET(const auto nothing, provider.hash(hash));
  return nothing->current();
}

/// HKDF-Expand-Label for one hash of output at most: the common case, a single HMAC.
Result<Secret> expand_short(Provider& provider, HashAlgorithm hash, ByteView secret, std::string_view label, ByteView context,
                            std::size_t out_bytes) {
  Secret out(out_bytes);
  TOCSIN_TRY(hkdf_expand_label(provider, hash, secret, label, context, out.mutable_bytes()));
  return out;
}

}  // namespace

Result<Secret> hkdf_extract(Provider& provider, HashAlgorithm hash, ByteView salt, ByteView input_key) {
  return provider.hmac(hash, salt, input_key);
}

Result<Done> hkdf_expand_label(Provider& provider, HashAlgorithm hash, ByteView secret, std::string_view label,
                               ByteView context, MutableBytes out) {
  if (!HkdfLabel::fits(label, context) || out.size() > 255 * hash_bytes(hash)) return Fatal{Reason::crypto_failed};
  const HkdfLabel info(out.size(), label, context);
  Secret block;  // T(i) of RFC 5869 2.3; T(0) is empty
  for (std::uint8_t counter = 1; !out.empty(); ++counter) {
    TOCSIN_TRY_SET(block, provider.hmac(hash, secret, block, info.view(), ByteView(&counter, 1)));
    const std::size_t taken = std::min(out.size(), block.size());
    std::copy_n(block.view().begin(), taken, out.begin());
    out = out.subspan(taken);
  }
  return Done{};
}

Result<Secret> derive_secret(Provider& provider, HashAlgorithm hash, ByteView secret, std::string_view label,
                             ByteView transcript_hash) {
  return expand_short(provider, hash, secret, label, transcript_hash, hash_bytes(hash));
}

Result<HandshakeSecrets> handshake_secrets(Provider& provider, HashAlgorithm hash, ByteView shared_secret,
                                           ByteView transcript_hash) {
  const Secret zeros(hash_bytes(hash));
  TOCSIN_TRY_SET(const Secret empty, empty_hash(provider, hash));
  TOCSIN_TRY_SET(const Secret early, hkdf_extract(provider, hash, zeros, zeros));
  TOCSIN_TRY_SET(const Secret early_derived, derive_secret(provider, hash, early, "derived", empty));
  TOCSIN_TRY_SET(const Secret handshake, hkdf_extract(provider, hash, early_derived, shared_secret));
  TOCSIN_TRY_SET(const Secret derived, derive_secret(provider, hash, handshake, "derived", empty));

  HandshakeSecrets secrets;
  TOCSIN_TRY_SET(secrets.client_traffic, derive_secret(provider, hash, handshake, "c hs traffic", transcript_hash));
  TOCSIN_TRY_SET(secrets.server_traffic, derive_secret(provider, hash, handshake, "s hs traffic", transcript_hash));
  TOCSIN_TRY_SET(secrets.master, hkdf_extract(provider, hash, derived, zeros));
  return secrets;
}

Result<ApplicationSecrets> application_secrets(Provider& provider, HashAlgorithm hash, ByteView master,
                                               ByteView transcript_hash) {
  ApplicationSecrets secrets;
  TOCSIN_TRY_SET(secrets.client_traffic, derive_secret(provider, hash, master, "c ap traffic", transcript_hash));
  TOCSIN_TRY_SET(secrets.server_traffic, derive_secret(provider, hash, master, "s ap traffic", transcript_hash));
  TOCSIN_TRY_SET(secrets.exporter_master, derive_secret(provider, hash, master, "exp master", transcript_hash));
  return secrets;
}

Result<Secret> next_traffic_secret(Provider& provider, HashAlgorithm hash, ByteView traffic_secret) {
  return expand_short(provider, hash, traffic_secret, "traffic upd", {}, hash_bytes(hash));
}

Result<TrafficKeys> traffic_keys(Provider& provider, CipherSuite suite, ByteView traffic_secret) {
  TrafficKeys keys;
  TOCSIN_TRY_SET(keys.key, expand_short(provider, hash_of(suite), traffic_secret, "key", {}, key_bytes(suite)));
  TOCSIN_TRY(hkdf_expand_label(provider, hash_of(suite), traffic_secret, "iv", {}, keys.iv));
  return keys;
}

Result<Secret> finished_verify_data(Provider& provider, HashAlgorithm hash, ByteView traffic_secret, ByteView transcript_hash) {
  TOCSIN_TRY_SET(const Secret finished_key, expand_short(provider, hash, traffic_secret, "finished", {}, hash_bytes(hash)));
  return provider.hmac(hash, finished_key, transcript_hash);
}

Result<Done> export_keying_material(Provider& provider, HashAlgorithm hash, ByteView exporter_master, std::string_view label,
                                    ByteView context, MutableBytes out) {
  TOCSIN_TRY_SET(const Secret empty, empty_hash(provider, hash));
  TOCSIN_TRY_SET(const Secret secret, derive_secret(provider, hash, exporter_master, label, empty));
  TOCSIN_TRY_SET(const auto running, provider.hash(hash));
  TOCSIN_TRY(running->update(context));
  TOCSIN_TRY_SET(const Secret context_hash, running->current());
  return hkdf_expand_label(provider, hash, secret, "exporter", context_hash, out);
}

bool equal_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace tocsin::crypto
