#include <algorithm>
#include <array>

#include "core/base/reader.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/stacks/openssl/certificate.h"
#include "harnesses/testdata/testdata.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"
#include "harnesses/trace/trace.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::harness {

namespace {

constexpr UnixSeconds now{1767225600};
constexpr std::string_view names[] = {"localhost", "example.test", "127.0.0.1", "a.wild.example.test", "", "::1", "*.test"};

std::optional<Reason> verdict(const CertificateVerifier& verifier, std::span<const ByteView> chain, std::string_view name) {
  const auto verified = verifier.verify(chain, name, now);
  if (verified) return std::nullopt;
  note_refusal(verified.error());
  return verified.error().why;
}

// RFC 9846 4.5.1.3: a certificate that has to be validated and is signed over MD5 (and here SHA-1, which it recommends) gets
// bad_certificate, unless something else is wrong with it, too.
void check_signature_hash(ByteView end_entity, std::optional<Reason> verdict) {
  const auto seen = stacks::read_certificate(end_entity);
  if (!seen || !seen->is_signed_over_md5_or_sha1) return;
  ++stats().other_checks;
  if (!verdict) finding("a certificate that is signed over MD5 or SHA-1 is trusted");
  if (seen->has_strong_key && alert_for(*verdict) == AlertDescription::unsupported_certificate)
    finding("unsupported_certificate for a strong key in a certificate signed over MD5 or SHA-1: bad_certificate is due");
}

void verify(std::span<const ByteView> chain, std::string_view name) {
  static const auto keeps = *trust_pem(testdata::pem("ca"), TrustOptions{2});
  static const auto keeps_none = *trust_pem(testdata::pem("ca"), TrustOptions{0});
  // One that is kept, whatever was tried before: so an input does by itself what it does.
  static const auto good = *certified_key_from_pem(testdata::pem("server-ecdsa-p256"), testdata::pem("server-ecdsa-p256.key"));
  if (verdict(*keeps, std::array{ByteView(good->chain.front())}, "localhost")) finding("a good certificate is refused");
  const auto first = verdict(*keeps_none, chain, name);
  if (!chain.empty()) check_signature_hash(chain.front(), first);
  emit([&] { return NoteEvent{"verifier", first ? Error(Fatal{*first}).describe() : "accepts the chain"}; });
  for (int i = 0; i < 2; ++i)
    check(Invariant::same_input_same_output, verdict(*keeps, chain, name) == first,
          "a certificate that is kept is judged otherwise than a new one");
  static_cast<void>(insecure_trust_anyone()->verify(chain, name, now));
}

// The last certificate is the authority of the others.
void verify_by_the_last(std::span<const ByteView> chain, std::string_view pem, std::string_view name) {
  const std::size_t last = pem.rfind("-----BEGIN CERTIFICATE-----");
  if (chain.size() < 2 || last == std::string_view::npos || std::ranges::equal(chain.front(), chain.back())) return;
  const auto authority = trust_pem(pem.substr(last));
  if (!authority) return;
  const auto judged = verdict(**authority, chain, name);
  emit([&] { return NoteEvent{"verifier by the last", judged ? Error(Fatal{*judged}).describe() : "accepts the chain"}; });
  check_signature_hash(chain.front(), judged);
}

void load(std::string_view pem, std::string_view name) {
  const auto trust = trust_pem(pem);
  const auto loaded = certified_key_from_pem(pem, pem);
  emit([&] { return NoteEvent{"loader", loaded ? "loads certificate and key" : loaded.error().message}; });
  if (!trust || !loaded) {
    const std::string& message = trust ? loaded.error().message : trust.error().message;
    if (message.empty() || message.find('\n') != std::string::npos) finding("an error is not one line of text");
  }
  if (!loaded) return;
  const std::vector<ByteView> chain((*loaded)->chain.begin(), (*loaded)->chain.end());
  if (chain.empty() || (*loaded)->key == nullptr) finding("a certified key without certificate or key");
  verify(chain, name);
  verify_by_the_last(chain, pem, name);
}

}  // namespace

void scenarios::certificates(ByteView bytes) {
  const Input input(bytes);
  const std::string_view name = names[input.option(Tag::client_server_name, 0) % std::size(names)];
  if (input.option(Tag::entry_point, 0) % 2 == 1) {
    load(text_of(input.body()), name);
    return;
  }
  std::vector<ByteView> chain;
  for (Reader reader(input.body()); !reader.empty() && !reader.failed();) chain.push_back(reader.vector16());
  verify(chain, name);
}

}  // namespace tocsin::harness
