#pragma once
// What the deterministic provider has in the place of cryptography: fast, without secrets, but such that every bit of the input
// counts.
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "tocsin/bytes.h"

namespace tocsin::harness {

constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;

/// A bijection in which every input bit reaches every output bit (the finaliser of splitmix64).
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

inline std::uint64_t load(const std::uint8_t* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}
inline void store(std::uint8_t* bytes, std::uint64_t word) { std::memcpy(bytes, &word, sizeof word); }

/// A running mixture of everything absorbed; how the input is cut into calls does not matter. Absorbing a word is a bijection
/// of the state for every word, and of the word for every state: inputs of one length that differ in one word always differ in
/// the end.
class Mixer {
 public:
  explicit Mixer(std::uint64_t domain) : a_(mix(domain)), b_(mix(~domain)) {}

  void absorb(ByteView bytes) {
    for (; pending_bytes_ != 0 && !bytes.empty(); bytes = bytes.subspan(1)) push(bytes[0]);
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) word(load(bytes.data()));
    for (const std::uint8_t byte : bytes) push(byte);
  }

  /// A part with its length in front, so that parts cannot run into one another.
  void absorb_part(ByteView bytes) {
    std::uint8_t size[8];
    store(size, bytes.size());
    absorb(size);
    absorb(bytes);
  }

  /// Fills out; the mixture may go on.
  void squeeze(MutableBytes out) const {
    Mixer end = *this;
    end.word(pending_);
    end.word(words_ * 8 + pending_bytes_);
    end.a_ ^= mix(end.b_);
    end.b_ ^= mix(end.a_);
    std::uint8_t block[16];
    for (std::uint64_t i = 0; !out.empty(); ++i) {
      store(block, mix(end.a_ + i * golden));
      store(block + 8, mix(end.b_ - i * golden));
      const std::size_t taken = out.size() < sizeof block ? out.size() : sizeof block;
      std::memcpy(out.data(), block, taken);
      out = out.subspan(taken);
    }
  }

  std::uint64_t squeeze_word() const {
    std::uint8_t bytes[8];
    squeeze(bytes);
    return load(bytes);
  }

 private:
  static std::uint64_t fold(std::uint64_t x) { return x ^ x >> 32; }
  void word(std::uint64_t w) {
    a_ = fold(std::rotl(a_ ^ w, 29) * 0xff51afd7ed558ccd + 1);
    b_ = fold(std::rotl(b_ ^ w, 41) * 0xc4ceb9fe1a85ec53 + 3);
    ++words_;
  }
  void push(std::uint8_t byte) {
    pending_ |= std::uint64_t{byte} << 8 * pending_bytes_;
    if (++pending_bytes_ < 8) return;
    word(pending_);
    pending_ = 0;
    pending_bytes_ = 0;
  }

  std::uint64_t a_, b_;
  std::uint64_t words_ = 0, pending_ = 0;
  unsigned pending_bytes_ = 0;
};

}  // namespace tocsin::harness
