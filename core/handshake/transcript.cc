#include "core/handshake/transcript.h"

#include "core/base/release.h"
#include "core/base/types.h"
#include "core/wire/dtls/fragment.h"

namespace tocsin::handshake {

using wire::message_header_bytes;

Result<Done> Transcript::add(ByteView part) {
  if (keeps_) append(kept_, part);
  if (hash_) return hash_->update(part);
  return Done{};
}

Result<Done> Transcript::add_received(const HandshakeMessage& message) {
  if (!hash_) kept_message_seq_ = message.message_seq;
  if (form_ == TranscriptForm::message) return add(message.bytes);
  TOCSIN_TRY(add(wire::whole_fragment_header(message.bytes, message.message_seq)));
  return add(message.bytes.subspan(message_header_bytes));
}

Result<Done> Transcript::add_sent(ByteView message) { return add_received({message, next_message_seq_++}); }

Result<Done> Transcript::start(Provider& provider, HashAlgorithm algorithm, TranscriptForm form) {
  TOCSIN_TRY(start_and_keep(provider, algorithm, form));
  stop_keeping();
  return Done{};
}

Result<Done> Transcript::start_and_keep(Provider& provider, HashAlgorithm algorithm, TranscriptForm form) {
  form_ = form;
  if (form == TranscriptForm::whole_fragment) {
    const auto header = wire::whole_fragment_header(kept_, kept_message_seq_);
    kept_.insert(kept_.begin() + message_header_bytes, header.begin() + message_header_bytes, header.end());
  }
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
