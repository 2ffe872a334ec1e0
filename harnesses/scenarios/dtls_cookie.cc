#include <algorithm>

#include "core/dtls/cookie.h"
#include "core/wire/client_hello.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

namespace {

/// The ClientHello up to its extensions, with another cookie.
Bytes with_cookie(const wire::HelloParameters& hello, ByteView cookie) {
  Bytes out(hello.before_cookie.begin(), hello.before_cookie.end());
  Writer(out).vector8(cookie);
  append(out, hello.behind_cookie);
  return out;
}

}  // namespace

void scenarios::dtls_cookie(ByteView bytes) {
  const Input input(bytes);
  Reader reader(input.body());
  const ByteView peer = reader.vector8(), body = reader.take(reader.size());
  const auto hello = wire::split_dtls_client_hello(body);
  if (!hello) return;
  if (const auto decoded = wire::decode_dtls_client_hello(body);
      decoded && decoded->cipher_suites.wire().data() != hello->behind_cookie.data() + 2)
    finding("the decoders differ");
  const auto provider = make_deterministic_provider(input.option(Tag::seed, 0));
  const auto cookies = *Cookies::draw(*provider, Milliseconds{10});
  const int made = input.option(Tag::sequence, 0) - 128, kind = input.option(Tag::fault_kind, 16 << 2);
  const Cookie cookie = *cookies.make(*provider, peer, *hello, Instant{made});
  check(Invariant::same_input_same_output, cookie == *cookies.make(*provider, peer, *hello, Instant{made}), "two");

  const Bytes sent = with_cookie(*hello, cookie);
  Bytes received = sent, address(peer.begin(), peer.end());
  const std::size_t bit = input.option(Tag::fault_bit, 0) + 256u * input.option(Tag::fault_bit_high, 0);
  if ((kind & 1) != 0 && !address.empty()) address[bit % address.size()] ^= 1;
  if ((kind & 1) != 0 && bit % 9 == 0) address.push_back(0);
  if ((kind & 2) != 0) received[bit / 8 % received.size()] ^= static_cast<std::uint8_t>(1u << bit % 8);
  const auto again = wire::split_dtls_client_hello(received);
  if (!again) return;
  const int later = made + (kind >> 2) - 16, periods = (later + 1000) / 10 - (made + 1000) / 10;
  const bool is_his = std::ranges::equal(address, peer) && received == sent && (periods == 0 || periods == 1);
  const CookieVerdict expected = again->cookie.empty() ? CookieVerdict::absent
                                 : is_his              ? CookieVerdict::valid
                                                       : CookieVerdict::invalid;
  ++stats().other_checks;
  if (*cookies.judge(*provider, address, *again, Instant{later}) != expected) finding("a cookie is judged wrongly");
}

}  // namespace tocsin::harness
