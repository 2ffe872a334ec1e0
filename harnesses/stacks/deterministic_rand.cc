// RAND_set_rand_method is deprecated since OpenSSL 3.0 in favour of providers; it is still the one way to serve every library
// context's draws, private ones included, in the default provider.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "harnesses/stacks/deterministic_rand.h"

#include <openssl/rand.h>

namespace tocsin::stacks {
namespace {

thread_local RandomStream* current = nullptr;

int draw(unsigned char* out, int size_bytes) {
  if (current == nullptr) return RAND_OpenSSL()->bytes(out, size_bytes);
  current->fill({out, static_cast<std::size_t>(size_bytes)});
  return 1;
}
int seed(const void*, int) { return 1; }
int add(const void*, int, double) { return 1; }
int status() { return 1; }

const RAND_METHOD method{seed, draw, nullptr, add, draw, status};

}  // namespace

// SplitMix64, by Steele, Lea and Flood: a counter under a mixing function.
void RandomStream::fill(MutableBytes out) {
  for (std::size_t i = 0; i < out.size();) {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    mixed ^= mixed >> 31;
    for (int left = 8; left > 0 && i < out.size(); --left, mixed >>= 8) out[i++] = static_cast<std::uint8_t>(mixed);
  }
}

UseRandomStream::UseRandomStream(RandomStream& stream) : outer_(current) {
  static const int installed = RAND_set_rand_method(&method);
  static_cast<void>(installed);
  current = &stream;
}
UseRandomStream::~UseRandomStream() { current = outer_; }

}  // namespace tocsin::stacks
