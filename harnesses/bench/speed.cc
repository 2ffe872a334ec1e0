// Times: full handshakes and records, each beside libssl and beside the bare libcrypto operations. ci/bench runs this and makes
// ratios of it.
#include <benchmark/benchmark.h>

#include "harnesses/bench/floor.h"
#include "harnesses/bench/libssl_pair.h"
#include "harnesses/bench/tocsin_pair.h"

namespace tocsin::bench {
namespace {

void handshake(benchmark::State& state, auto&& pair) {
  for (auto _ : state) pair.handshake();
}
BENCHMARK_CAPTURE(handshake, tocsin, TocsinPair(0))->Name("handshake/tocsin");
BENCHMARK_CAPTURE(handshake, tocsin_known, TocsinPair())->Name("handshake/tocsin, known certificate");
BENCHMARK_CAPTURE(handshake, libssl, LibsslPair())->Name("handshake/libssl");

void handshake_floor(benchmark::State& state) {
  HandshakeFloor floor;
  for (auto _ : state) floor.run();
}
BENCHMARK(handshake_floor)->Name("handshake/libcrypto");

constexpr std::int64_t small_bytes = 64, full_bytes = 16384;

/// One record, sealed by the one end and opened by the other.
template <class Pair>
void record(benchmark::State& state) {
  Pair pair;
  pair.handshake();
  const std::vector<std::uint8_t> data(static_cast<std::size_t>(state.range(0)), 0x2a);
  for (auto _ : state) pair.transfer(data);
}
BENCHMARK_TEMPLATE(record, TocsinPair)->Name("record/tocsin")->Arg(small_bytes)->Arg(full_bytes);
BENCHMARK_TEMPLATE(record, LibsslPair)->Name("record/libssl")->Arg(small_bytes)->Arg(full_bytes);

void record_aead(benchmark::State& state) {
  RawAead aead;
  const int size_bytes = static_cast<int>(state.range(0)) + 1;  // and the content type (RFC 8446 5.2)
  const std::vector<std::uint8_t> data(static_cast<std::size_t>(size_bytes), 0x2a);
  std::vector<std::uint8_t> sealed(data.size() + 16), opened(data.size());
  for (auto _ : state) {
    aead.seal(data.data(), size_bytes, sealed.data());
    aead.open(sealed.data(), size_bytes, opened.data());
    benchmark::DoNotOptimize(opened.data());
  }
}
BENCHMARK(record_aead)->Name("record/libcrypto")->Arg(small_bytes)->Arg(full_bytes);

}  // namespace
}  // namespace tocsin::bench

BENCHMARK_MAIN();
