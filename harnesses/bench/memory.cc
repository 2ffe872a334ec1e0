// Counts the heap: what a server holds for a peer, half open and established, and the allocations of a handshake. Everything
// that C++ code allocates goes through operator new, everything of libcrypto and libssl through CRYPTO_malloc: both are counted
// here.
#include <malloc.h>
#include <openssl/crypto.h>

#include <cstdio>
#include <new>

#include "harnesses/bench/libssl_pair.h"
#include "harnesses/bench/tocsin_datagram_pair.h"
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

void print(const char* of, const char* what, long value) {
  std::printf("{\"name\": \"%s/%s\", \"value\": %ld}\n", of, what, value);
}

/// What `connections` of those that `make` makes hold more than nothing, each. What it returns is kept.
template <class Make>
void print_bytes_held(const char* of, const char* what, Make make) {
  std::vector<decltype(make())> held;
  held.reserve(connections);
  held.push_back(make());  // what is made once, at first use, is not a connection's
  const long before = own.live_bytes + libcrypto.live_bytes;
  for (int i = 1; i < connections; ++i) held.push_back(make());
  print(of, what, (own.live_bytes + libcrypto.live_bytes - before) / (connections - 1));
}

template <class Pair>
void print_allocations(const char* of, Pair& pair) {
  pair.handshake();
  const Heap own_before = own, libcrypto_before = libcrypto;
  for (int i = 0; i < connections; ++i) pair.handshake();
  const long own_allocations = (own.allocations - own_before.allocations) / connections;
  print(of, "allocations", own_allocations);
  print(of, "all allocations", own_allocations + (libcrypto.allocations - libcrypto_before.allocations) / connections);
}

template <class Pair>
void measure_stream(const char* of, ProtocolVersion version) {
  Pair pair(version);
  print_allocations(of, pair);
  print_bytes_held(of, "established", [&] { return pair.established_server(); });
  print_bytes_held(of, "half open", [&] { return pair.half_open_server(); });
}

void measure_listener(const char* of) {
  TocsinDatagramPair pair;
  print_allocations(of, pair);
  print_bytes_held(of, "with cookie", [&] { return pair.peer_with_cookie(); });
  print_bytes_held(of, "half open", [&] { return pair.peer_half_open(); });
  print_bytes_held(of, "established", [&] { return pair.peer_established(); });
}

void measure_libssl_dtls(const char* of) {
  LibsslPair pair(ProtocolVersion::dtls12);
  print_allocations(of, pair);
  print_bytes_held(of, "with cookie", [&] { return pair.half_open_server(); });
  print_bytes_held(of, "half open", [&] { return pair.verified_server(); });
  print_bytes_held(of, "established", [&] { return pair.established_server(); });
}

void measure_all() {
  measure_stream<TocsinPair>("tls13/tocsin", ProtocolVersion::tls13);
  measure_stream<LibsslPair>("tls13/libssl", ProtocolVersion::tls13);
  measure_stream<TocsinPair>("tls12/tocsin", ProtocolVersion::tls12);
  measure_stream<LibsslPair>("tls12/libssl", ProtocolVersion::tls12);
  measure_listener("dtls12/tocsin");
  measure_libssl_dtls("dtls12/libssl");
}

}  // namespace
}  // namespace tocsin::bench

int main() {
  tocsin::bench::must(CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) == 1);
  tocsin::bench::measure_all();
}
