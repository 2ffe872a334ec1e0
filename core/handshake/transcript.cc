#include "core/handshake/transcript.h"

#include "core/base/release.h"
#include "core/base/types.h"

namespace tocsin::handshake {

Result<Done> Transcript::add(ByteView message) {
  if (keeps_) append(kept_, message);
  if (hash_) return hash_->update(message);
  return Done{};
}

Result<Done> Transcript::start(Provider& provider, HashAlgorithm algorithm) {
  TOCSIN_TRY(start_and_keep(provider, algorithm));
  stop_keeping();
  return Done{};
}

Result<Done> Transcript::start_and_keep(Provider& provider, HashAlgorithm algorithm) {
  TOCSIN_TRY_SET(hash_, provider.hash(algorithm));
  return hash_->update(kept_);
}

void Transcript::stop_keeping() {
  keeps_ = false;
  release(kept_);
}

Result<Done> Transcript::replace_by_message_hash(Provider& provider, HashAlgorithm algorithm) {
  TOCSIN_TRY_SET(const Secret first_hello, hash_->current());
  TOCSIN_TRY_SET(hash_, provider.hash(algorithm));
  const std::array<std::uint8_t, 4> header{static_cast<std::uint8_t>(HandshakeType::message_hash), 0, 0,
                                           static_cast<std::uint8_t>(first_hello.size())};
  TOCSIN_TRY(hash_->update(header));
  return hash_->update(first_hello);
}

}  // namespace tocsin::handshake
