#include "core/crypto/tls13/key_schedule.h"

#include <algorithm>
#include <array>

namespace tocsin::crypto {
namespace {

constexpr std::string_view label_prefix = "tls13 ";

/// struct HkdfLabel of RFC 9846 7.1, encoded without the heap.
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

// What does not depend on the connection: the hash of nothing, and Derive-Secret(Early Secret, "derived", "") where no PSK is
// used, so that the Early Secret is HKDF-Extract of zeros (RFC 9846 7.1). The test computes them.
constexpr std::uint8_t empty_sha256[] = {0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                                         0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                                         0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55};
constexpr std::uint8_t empty_sha384[] = {0x38, 0xb0, 0x60, 0xa7, 0x51, 0xac, 0x96, 0x38, 0x4c, 0xd9, 0x32, 0x7e,
                                         0xb1, 0xb1, 0xe3, 0x6a, 0x21, 0xfd, 0xb7, 0x11, 0x14, 0xbe, 0x07, 0x43,
                                         0x4c, 0x0c, 0xc7, 0xbf, 0x63, 0xf6, 0xe1, 0xda, 0x27, 0x4e, 0xde, 0xbf,
                                         0xe7, 0x6f, 0x65, 0xfb, 0xd5, 0x1a, 0xd2, 0xf1, 0x48, 0x98, 0xb9, 0x5b};
constexpr std::uint8_t derived_sha256[] = {0x6f, 0x26, 0x15, 0xa1, 0x08, 0xc7, 0x02, 0xc5, 0x67, 0x8f, 0x54,
                                           0xfc, 0x9d, 0xba, 0xb6, 0x97, 0x16, 0xc0, 0x76, 0x18, 0x9c, 0x48,
                                           0x25, 0x0c, 0xeb, 0xea, 0xc3, 0x57, 0x6c, 0x36, 0x11, 0xba};
constexpr std::uint8_t derived_sha384[] = {0x15, 0x91, 0xda, 0xc5, 0xcb, 0xbf, 0x03, 0x30, 0xa4, 0xa8, 0x4d, 0xe9,
                                           0xc7, 0x53, 0x33, 0x0e, 0x92, 0xd0, 0x1f, 0x0a, 0x88, 0x21, 0x4b, 0x44,
                                           0x64, 0x97, 0x2f, 0xd6, 0x68, 0x04, 0x9e, 0x93, 0xe5, 0x2f, 0x2b, 0x16,
                                           0xfa, 0xd9, 0x22, 0xfd, 0xc0, 0x58, 0x44, 0x78, 0x42, 0x8f, 0x28, 0x2b};

ByteView empty_hash(HashAlgorithm hash) {
  return hash == HashAlgorithm::sha256 ? ByteView(empty_sha256) : ByteView(empty_sha384);
}
ByteView early_derived_secret(HashAlgorithm hash) {
  return hash == HashAlgorithm::sha256 ? ByteView(derived_sha256) : ByteView(derived_sha384);
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
  TOCSIN_TRY_SET(const Secret handshake, hkdf_extract(provider, hash, early_derived_secret(hash), shared_secret));
  TOCSIN_TRY_SET(const Secret derived, derive_secret(provider, hash, handshake, "derived", empty_hash(hash)));

  HandshakeSecrets secrets;
  TOCSIN_TRY_SET(secrets.client_traffic, derive_secret(provider, hash, handshake, "c hs traffic", transcript_hash));
  TOCSIN_TRY_SET(secrets.server_traffic, derive_secret(provider, hash, handshake, "s hs traffic", transcript_hash));
  TOCSIN_TRY_SET(secrets.master, hkdf_extract(provider, hash, derived, Secret(hash_bytes(hash))));
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
  TOCSIN_TRY_SET(const Secret secret, derive_secret(provider, hash, exporter_master, label, empty_hash(hash)));
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
