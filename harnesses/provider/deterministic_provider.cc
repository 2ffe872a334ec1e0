#include "harnesses/provider/deterministic_provider.h"

#include <algorithm>
#include <cstring>

#include "harnesses/provider/mixing.h"

namespace tocsin::harness {
namespace {

// What a mixture is for; so that equal inputs give unequal results for unequal uses.
enum Domain : std::uint64_t { hash_domain = 1, hmac_domain = 2, seal_domain = 3, shared_domain = 4, point_domain = 5 };

class MixedHash final : public Hash {
 public:
  explicit MixedHash(HashAlgorithm algorithm) : mixer_(hash_domain), digest_bytes_(hash_bytes(algorithm)) {}
  Result<Done> update(ByteView bytes) override {
    mixer_.absorb(bytes);
    return Done{};
  }
  Result<Secret> current() override {
    Secret digest(digest_bytes_);
    mixer_.squeeze(digest.mutable_bytes());
    return digest;
  }

 private:
  Mixer mixer_;
  std::size_t digest_bytes_;
};

class MixedAead final : public Aead {
 public:
  MixedAead(CipherSuite suite, ByteView key) : keyed_(seal_domain + (static_cast<std::uint64_t>(suite) << 8)) {
    keyed_.absorb_part(key);
  }

  Result<Done> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out) override {
    if (out.size() != plaintext.size() + tag_bytes) return Fatal{Reason::crypto_failed};
    const MutableBytes body = out.first(plaintext.size());
    if (!plaintext.empty()) std::memmove(body.data(), plaintext.data(), plaintext.size());
    const Mixer with_nonce = start(nonce);
    transform(with_nonce, body);
    authenticate(with_nonce, aad, body, out.last<tag_bytes>());
    return Done{};
  }

  Result<Done> open(const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out) override {
    if (sealed.size() < tag_bytes || out.size() != sealed.size() - tag_bytes) return Fatal{Reason::crypto_failed};
    const Mixer with_nonce = start(nonce);
    std::array<std::uint8_t, tag_bytes> tag;
    authenticate(with_nonce, aad, sealed.first(out.size()), tag);
    if (!std::equal(tag.begin(), tag.end(), sealed.last(tag_bytes).begin())) return Fatal{Reason::record_bad_mac};
    std::copy_n(sealed.begin(), out.size(), out.begin());
    transform(with_nonce, out);
    return Done{};
  }

 private:
  Mixer start(const Nonce& nonce) const {
    Mixer mixer = keyed_;
    mixer.absorb_part(nonce);
    return mixer;
  }
  static void transform(const Mixer& with_nonce, MutableBytes bytes) {
    std::uint64_t counter = with_nonce.squeeze_word();
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) store(bytes.data(), load(bytes.data()) ^ mix(counter += golden));
    std::uint64_t rest = mix(counter + golden);
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(byte ^ rest);
      rest >>= 8;
    }
  }
  static void authenticate(Mixer mixer, ByteView aad, ByteView ciphertext, std::span<std::uint8_t, tag_bytes> tag) {
    mixer.absorb_part(aad);
    mixer.absorb_part(ciphertext);
    mixer.squeeze(tag);
  }

  Mixer keyed_;
};

// Key exchange: Diffie-Hellman modulo the prime 2^61 - 1.
constexpr std::uint64_t prime = (std::uint64_t{1} << 61) - 1, generator = 37;

constexpr std::uint64_t reduce(std::uint64_t x) {
  x = (x & prime) + (x >> 61);
  return x >= prime ? x - prime : x;
}
constexpr std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return reduce((static_cast<std::uint64_t>(product) & prime) + static_cast<std::uint64_t>(product >> 61));
}
constexpr std::uint64_t power(std::uint64_t base, std::uint64_t exponent) {
  std::uint64_t result = 1;
  for (; exponent != 0; exponent >>= 1, base = multiply(base, base))
    if (exponent & 1) result = multiply(result, base);
  return result;
}

constexpr std::size_t public_key_bytes_max = 97;
constexpr std::uint8_t uncompressed_point = 4;

struct Shape {
  std::size_t point_bytes;  // in front of the coordinates: the byte of the point's form, or nothing
  std::size_t coordinate_bytes;
  bool has_second_coordinate;
  std::size_t size() const { return point_bytes + coordinate_bytes * (has_second_coordinate ? 2 : 1); }
};
Shape shape_of(NamedGroup group) {
  switch (group) {
    case NamedGroup::x25519:
      return {0, 32, false};
    case NamedGroup::secp256r1:
      return {1, 32, true};
    case NamedGroup::secp384r1:
      return {1, 48, true};
  }
  __builtin_unreachable();
}

/// The group element that a coordinate stands for: the sum of its words, so that each bit counts.
std::uint64_t element_of(ByteView coordinate) {
  std::uint64_t sum = 0;
  for (; !coordinate.empty(); coordinate = coordinate.subspan(8)) sum = reduce(sum + reduce(load(coordinate.data())));
  return sum;
}

/// Some coordinate that stands for the element.
void write_coordinate(std::uint64_t element, MutableBytes out) {
  std::uint64_t rest = element;
  for (std::size_t at = 8; at < out.size(); at += 8) {
    const std::uint64_t word = mix(element + at);
    store(out.data() + at, word);
    rest = reduce(rest + prime - reduce(word));
  }
  store(out.data(), rest);
}

void write_second_coordinate(ByteView first, MutableBytes out) {
  Mixer mixer(point_domain);
  mixer.absorb(first);
  mixer.squeeze(out);
}

class MixedKeyPair final : public KeyPair {
 public:
  MixedKeyPair(NamedGroup group, std::uint64_t drawn) : group_(group), exponent_(drawn % (prime - 2) + 1) {
    const Shape shape = shape_of(group);
    const MutableBytes out(public_key_.data(), shape.size());
    const MutableBytes first = out.subspan(shape.point_bytes, shape.coordinate_bytes);
    write_coordinate(power(generator, exponent_), first);
    if (!shape.has_second_coordinate) return;
    out[0] = uncompressed_point;
    write_second_coordinate(first, out.last(shape.coordinate_bytes));
  }

  NamedGroup group() const override { return group_; }
  ByteView public_key() const override { return {public_key_.data(), shape_of(group_).size()}; }

  Result<Secret> derive(ByteView peer_public_key) const override {
    const Shape shape = shape_of(group_);
    if (peer_public_key.size() != shape.size()) return Fatal{Reason::key_share_invalid};
    const ByteView first = peer_public_key.subspan(shape.point_bytes, shape.coordinate_bytes);
    if (shape.has_second_coordinate) {
      std::array<std::uint8_t, public_key_bytes_max> expected;
      const MutableBytes second(expected.data(), shape.coordinate_bytes);
      write_second_coordinate(first, second);
      if (peer_public_key[0] != uncompressed_point || !std::equal(second.begin(), second.end(), first.end()))
        return Fatal{Reason::key_share_invalid};
    }
    const std::uint64_t shared = power(element_of(first), exponent_);
    if (shared == 0) return Fatal{Reason::key_share_invalid};
    std::uint8_t word[8];
    store(word, shared);
    Mixer mixer(shared_domain + (static_cast<std::uint64_t>(group_) << 8));
    mixer.absorb(word);
    Secret secret(shape.coordinate_bytes);
    mixer.squeeze(secret.mutable_bytes());
    return secret;
  }

 private:
  NamedGroup group_;
  std::uint64_t exponent_;
  std::array<std::uint8_t, public_key_bytes_max> public_key_;
};

class MixedProvider final : public DeterministicProvider {
 public:
  explicit MixedProvider(std::uint64_t seed) : state_(mix(seed)) {}

  void reseed(std::uint64_t seed) override { state_ = mix(seed); }

  Result<Done> random(MutableBytes out) override {
    for (; out.size() >= 8; out = out.subspan(8)) store(out.data(), next());
    if (!out.empty()) {
      const std::uint64_t word = next();
      std::memcpy(out.data(), &word, out.size());
    }
    return Done{};
  }

  Result<std::unique_ptr<Hash>> hash(HashAlgorithm algorithm) override {
    return std::unique_ptr<Hash>(std::make_unique<MixedHash>(algorithm));
  }

  Result<Secret> hmac(HashAlgorithm algorithm, ByteView key, ByteView first, ByteView second, ByteView third) override {
    Mixer mixer(hmac_domain);
    mixer.absorb_part(key);
    for (const ByteView part : {first, second, third}) mixer.absorb(part);
    Secret mac(hash_bytes(algorithm));
    mixer.squeeze(mac.mutable_bytes());
    return mac;
  }

  Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) override {
    if (key.size() != key_bytes(suite)) return Fatal{Reason::crypto_failed};
    return std::unique_ptr<Aead>(std::make_unique<MixedAead>(suite, key));
  }

  Result<std::unique_ptr<KeyPair>> generate(NamedGroup group) override {
    return std::unique_ptr<KeyPair>(std::make_unique<MixedKeyPair>(group, next()));
  }

 private:
  std::uint64_t next() { return mix(state_ += golden); }
  std::uint64_t state_;
};

}  // namespace

std::shared_ptr<DeterministicProvider> make_deterministic_provider(std::uint64_t seed) {
  return std::make_shared<MixedProvider>(seed);
}

}  // namespace tocsin::harness
