#include "core/dtls/cookie.h"

#include <algorithm>

#include "core/base/guarded.h"
#include "core/base/writer.h"
#include "core/crypto/tls13/key_schedule.h"

namespace tocsin {

Result<Cookies> Cookies::draw(Provider& provider, Milliseconds period) {
  Secret secret(std::size_t{32});
  TOCSIN_TRY(attempt([&] { return provider.random(secret.mutable_bytes()); }));
  return Cookies(secret, std::max(period, Milliseconds{1}));
}

Result<Cookie> Cookies::make(Provider& provider, ByteView peer_address, const wire::HelloParameters& hello, Instant now) const {
  return cookie_of(provider, period_at(now), peer_address, hello);
}

Result<CookieVerdict> Cookies::judge(Provider& provider, ByteView peer_address, const wire::HelloParameters& hello,
                                     Instant now) const {
  if (hello.cookie.empty()) return CookieVerdict::absent;
  if (hello.cookie.size() != cookie_bytes) return CookieVerdict::invalid;
  const std::uint64_t current = period_at(now), previous = current - 1;
  const std::uint64_t period = hello.cookie[0] == static_cast<std::uint8_t>(current) ? current : previous;
  TOCSIN_TRY_SET(const Cookie expected, cookie_of(provider, period, peer_address, hello));
  return crypto::equal_constant_time(hello.cookie, expected) ? CookieVerdict::valid : CookieVerdict::invalid;
}

/// Rounded down, also where the caller's clock began below zero.
std::uint64_t Cookies::period_at(Instant now) const {
  const auto at = static_cast<std::int64_t>(now), length = count(period_);
  return static_cast<std::uint64_t>(at / length - (at % length < 0 ? 1 : 0));
}

Result<Cookie> Cookies::cookie_of(Provider& provider, std::uint64_t period, ByteView peer_address,
                                  const wire::HelloParameters& hello) const {
  Bytes whose;
  whose.reserve(8 + 4 + peer_address.size());
  Writer out(whose);
  out.u32(static_cast<std::uint32_t>(period >> 32));
  out.u32(static_cast<std::uint32_t>(period));
  out.u32(static_cast<std::uint32_t>(peer_address.size()));
  out.bytes(peer_address);
  // Each part says how long it is, the ClientHello's by its own lengths: no two peers or parameters give the same bytes.
  TOCSIN_TRY_SET(const Secret mac, attempt([&] {
                   return provider.hmac(HashAlgorithm::sha256, secret_, whose, hello.before_cookie, hello.behind_cookie);
                 }));
  Cookie cookie{static_cast<std::uint8_t>(period)};
  std::ranges::copy(mac.view().first(cookie_bytes - 1), cookie.begin() + 1);
  return cookie;
}

}  // namespace tocsin
