// Times: full handshakes, records and strangers' datagrams, each beside libssl, and handshakes and records beside the bare
// libcrypto operations. ci/bench runs this and makes ratios of it.
#include <benchmark/benchmark.h>

#include "core/record/dtls/protection.h"
#include "harnesses/bench/floor.h"
#include "harnesses/bench/libssl_pair.h"
#include "harnesses/bench/listen.h"
#include "harnesses/bench/tocsin_datagram_pair.h"
#include "harnesses/bench/tocsin_pair.h"

namespace tocsin::bench {
namespace {

/// What is measured is made anew for each run of it, and done once before: what happens the first time only is not measured,
/// nor taken for the time from which the number of iterations follows.
void add(const std::string& name, auto&& run) { benchmark::RegisterBenchmark(name.c_str(), run); }

void add_handshake(const std::string& name, auto make_pair) {
  add("handshake/" + name, [=](benchmark::State& state) {
    auto pair = make_pair();
    pair.handshake();
    for (auto _ : state) pair.handshake();
  });
}

void add_handshake_floor(const std::string& name, ProtocolVersion version) {
  add("handshake/" + name + "/libcrypto", [=](benchmark::State& state) {
    HandshakeFloor floor(version);
    floor.run();
    for (auto _ : state) floor.run();
  });
}

/// One record, sealed by the one end and opened by the other.
void add_record(const std::string& name, std::size_t content_bytes, auto make_pair) {
  add("record/" + name, [=](benchmark::State& state) {
    auto pair = make_pair();
    pair.handshake();
    const std::vector<std::uint8_t> data(content_bytes, 0x2a);
    pair.transfer(data);
    for (auto _ : state) pair.transfer(data);
  });
}

void add_record_floor(const std::string& name, std::size_t content_bytes, ProtocolVersion version) {
  add("record/" + name + "/libcrypto", [=](benchmark::State& state) {
    RawAead aead(version);
    const int size_bytes = aead.inner_bytes(static_cast<int>(content_bytes));
    const std::vector<std::uint8_t> data(static_cast<std::size_t>(size_bytes), 0x2a);
    std::vector<std::uint8_t> sealed(data.size() + 16), opened(data.size());
    for (auto _ : state) {
      aead.seal(data.data(), size_bytes, sealed.data());
      aead.open(sealed.data(), size_bytes, opened.data());
      benchmark::DoNotOptimize(opened.data());
    }
  });
}

/// A record of DTLS without the association and the Listener around it.
void add_dtls_record_layer(const std::string& name, std::size_t content_bytes) {
  add("record/" + name + "/record layer", [=](benchmark::State& state) {
    const auto provider = make_openssl_provider();
    must(bool{provider});
    const auto protection = [&] {
      return record::tls12::Protection(std::move(*(*provider)->aead(CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256, Bytes(16))),
                                       Bytes(4));
    };
    record::DtlsSealer sealer(1, protection());
    record::DtlsOpener opener(1, protection());
    const Bytes data(content_bytes, 0x2a);
    Bytes datagram, room(content_bytes);
    for (auto _ : state) {
      datagram.clear();
      must(bool{sealer.seal(ContentType::application_data, data, datagram)});
      const auto record = record::DatagramReader(datagram, record::DtlsVersions::negotiated).next();
      must(record && *record && opener.open(**record, record::plaintext_bytes_max, room));
    }
  });
}

template <class Listening>
void add_stranger(const std::string& name, Stranger kind) {
  add("stranger/" + name, [=](benchmark::State& state) {
    Listening listening;
    const Bytes datagram = datagram_of(kind);
    const std::size_t answers = kind == Stranger::hello ? burst_datagrams : 0;
    must(listening.take(datagram) == answers);
    for (auto _ : state) must(listening.take(datagram) == answers);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * burst_datagrams));
  });
}

void add_version(const std::string& name, ProtocolVersion version, auto make_tocsin, std::initializer_list<std::size_t> sizes) {
  const auto make_libssl = [=] { return LibsslPair(version); };
  add_handshake(name + "/tocsin", [=] { return make_tocsin(std::size_t{0}); });
  add_handshake(name + "/tocsin, known certificate", [=] { return make_tocsin(TrustOptions{}.certificates_kept_max); });
  add_handshake(name + "/libssl", make_libssl);
  add_handshake_floor(name, version);
  for (const std::size_t content_bytes : sizes) {
    const std::string sized = name + "/" + std::to_string(content_bytes);
    add_record(sized + "/tocsin", content_bytes, [=] { return make_tocsin(std::size_t{0}); });
    add_record(sized + "/libssl", content_bytes, make_libssl);
    add_record_floor(sized, content_bytes, version);
  }
}

void add_all() {
  const auto over_stream = [](ProtocolVersion version) {
    return [=](std::size_t certificates_kept_max) { return TocsinPair(version, certificates_kept_max); };
  };
  add_version("tls13", ProtocolVersion::tls13, over_stream(ProtocolVersion::tls13), {64, 16384});
  add_version("tls12", ProtocolVersion::tls12, over_stream(ProtocolVersion::tls12), {64});
  add_dtls_record_layer("dtls12/1200", 1200);
  add_version("dtls12", ProtocolVersion::dtls12, [](std::size_t kept_max) { return TocsinDatagramPair(kept_max); }, {64, 1200});
  const std::pair<const char*, Stranger> strangers[] = {
      {"hello", Stranger::hello}, {"stray", Stranger::stray}, {"garbage", Stranger::garbage}};
  for (const auto& [name, kind] : strangers) {
    add_stranger<TocsinListening>(std::string(name) + "/tocsin", kind);
    add_stranger<LibsslListening>(std::string(name) + "/libssl", kind);
  }
}

}  // namespace
}  // namespace tocsin::bench

int main(int argc, char** argv) {
  tocsin::bench::add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
