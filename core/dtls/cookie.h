#pragma once
// The cookies of a DTLS server (RFC 6347 section 4.2.1): they prove that a peer gets what is sent to its address, and nothing
// is kept for them.
#include <array>
#include <cstddef>

#include "core/wire/dtls/hello_verify_request.h"
#include "tocsin/provider.h"
#include "tocsin/time.h"

namespace tocsin {

/// Fits into the 32 bytes that DTLS 1.0 allows, and a HelloVerifyRequest with it is no longer than any ClientHello.
constexpr std::size_t cookie_bytes = 17;
using Cookie = std::array<std::uint8_t, cookie_bytes>;

enum class CookieVerdict : std::uint8_t {
  absent,   // the ClientHello asks for one
  valid,    // the peer got ours, at this address, for these parameters, not long ago
  invalid,  // it is none of ours, or not for this peer, or too old
};

/// Makes cookies and knows them again. Time goes by in periods; a cookie holds for the one in which it was made and for the
/// next. What rotates is the period's number under the MAC, so that no key has to be drawn or kept for it.
class Cookies {
 public:
  /// Draws the secret. period: at least a millisecond. Reason: crypto_failed.
  static Result<Cookies> draw(Provider& provider, Milliseconds period);

  /// The cookie for a peer. peer_address: whatever tells peers apart, ports included. Reason: crypto_failed.
  Result<Cookie> make(Provider& provider, ByteView peer_address, const wire::HelloParameters& hello, Instant now) const;
  /// What the cookie of a ClientHello is worth. Its time does not tell how far it is right. Reason: crypto_failed.
  Result<CookieVerdict> judge(Provider& provider, ByteView peer_address, const wire::HelloParameters& hello, Instant now) const;

 private:
  Cookies(Secret secret, Milliseconds period) : secret_(std::move(secret)), period_(period) {}
  std::uint64_t period_at(Instant now) const;
  Result<Cookie> cookie_of(Provider& provider, std::uint64_t period, ByteView peer_address,
                           const wire::HelloParameters& hello) const;

  Secret secret_;
  Milliseconds period_;
};

}  // namespace tocsin
