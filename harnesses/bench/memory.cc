// Counts the heap: what a server connection holds, half open and established, and the allocations of a handshake. Everything
// that C++ code allocates goes through operator new, everything of libcrypto and libssl through CRYPTO_malloc: both are counted
// here.
#include <malloc.h>
#include <openssl/crypto.h>

#include <cstdio>
#include <new>

#include "harnesses/bench/libssl_pair.h"
#include "harnesses/bench/tocsin_pair.h"

namespace {

struct Heap {
  long allocations = 0;
  long live_bytes = 0;  // as the allocator rounds them

  void* count(void* made) {
    if (made == nullptr) std::abort();
    ++allocations;
    live_bytes += static_cast<long>(malloc_usable_size(made));
    return made;
  }
  void release(void* object) {
    if (object != nullptr) live_bytes -= static_cast<long>(malloc_usable_size(object));
    std::free(object);
  }
};
Heap own, libcrypto;

void* crypto_malloc(std::size_t size_bytes, const char*, int) {
  return size_bytes == 0 ? nullptr : libcrypto.count(std::malloc(size_bytes));
}
void crypto_free(void* object, const char*, int) { libcrypto.release(object); }
void* crypto_realloc(void* object, std::size_t size_bytes, const char*, int) {
  if (object != nullptr) libcrypto.live_bytes -= static_cast<long>(malloc_usable_size(object));
  return libcrypto.count(std::realloc(object, size_bytes));
}

}  // namespace

void* operator new(std::size_t size_bytes) { return own.count(std::malloc(size_bytes)); }
void operator delete(void* object) noexcept { own.release(object); }
void operator delete(void* object, std::size_t) noexcept { own.release(object); }

namespace tocsin::bench {
namespace {

constexpr int connections = 64;

/// What `connections` of those that `make` makes hold more than nothing, each.
template <class Make>
long bytes_held(Make make) {
  std::vector<decltype(make())> held;
  held.reserve(connections);
  (void)make();  // what is made once, at first use, is not a connection's
  const long before = own.live_bytes + libcrypto.live_bytes;
  for (int i = 0; i < connections; ++i) held.push_back(make());
  return (own.live_bytes + libcrypto.live_bytes - before) / connections;
}

template <class Pair>
void measure(const char* name) {
  Pair pair;
  pair.handshake();
  const Heap own_before = own, libcrypto_before = libcrypto;
  for (int i = 0; i < connections; ++i) pair.handshake();
  const long own_allocations = (own.allocations - own_before.allocations) / connections;
  const long all_allocations = own_allocations + (libcrypto.allocations - libcrypto_before.allocations) / connections;
  std::printf(
      "{\"name\": \"%s\", \"established_bytes\": %ld, \"half_open_bytes\": %ld, \"allocations\": %ld, \"all_allocations\": "
      "%ld}\n",
      name, bytes_held([&] { return pair.established_server(); }), bytes_held([&] { return pair.half_open_server(); }),
      own_allocations, all_allocations);
}

}  // namespace
}  // namespace tocsin::bench

int main() {
  tocsin::bench::must(CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) == 1);
  tocsin::bench::measure<tocsin::bench::TocsinPair>("tocsin");
  tocsin::bench::measure<tocsin::bench::LibsslPair>("libssl");
}
