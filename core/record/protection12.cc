#include "core/record/protection12.h"

#include <algorithm>

#include "core/base/big_endian.h"
#include "core/record/nonce.h"

namespace tocsin::record {
namespace {

/// RFC 5246 6.2.3.3: seq_num + TLSCompressed.type + TLSCompressed.version + TLSCompressed.length.
std::array<std::uint8_t, 13> additional_data(const RecordId12& id, std::size_t content_bytes) {
  std::array<std::uint8_t, 13> data;
  store_big_endian(id.sequence, std::span(data).first<8>());
  const auto header = make_header(id.type, id.version, content_bytes);
  std::ranges::copy(header, data.begin() + 8);
  return data;
}

}  // namespace

Protection12::Protection12(std::unique_ptr<Aead> aead, ByteView fixed_iv)
    : aead_(std::move(aead)), explicit_nonce_bytes_(Aead::nonce_bytes - fixed_iv.size()) {
  std::ranges::copy(fixed_iv, iv_.begin());
}

// With AES-GCM the zeros behind the fixed part make this the sequence number itself (RFC 5288 3), else it is RFC 7905 2.
Aead::Nonce Protection12::nonce_of(std::uint64_t sequence) const { return nonce_for(iv_, sequence); }

Result<Done> Protection12::seal(const RecordId12& id, ByteView content, Bytes& out) {
  const Aead::Nonce nonce = nonce_of(id.sequence);
  const std::size_t at = out.size();
  append(out, ByteView(nonce).last(explicit_nonce_bytes_));
  append(out, content);
  out.resize(out.size() + Aead::tag_bytes);
  const MutableBytes sealed = MutableBytes(out).subspan(at + explicit_nonce_bytes_);
  const auto done = aead_->seal(nonce, additional_data(id, content.size()), sealed.first(content.size()), sealed);
  if (!done) out.resize(at);
  return done;
}

Result<Done> Protection12::open(const RecordId12& id, ByteView fragment, MutableBytes content) {
  if (fragment.size() < overhead_bytes()) return Fatal{Reason::record_bad_mac};
  Aead::Nonce nonce = nonce_of(id.sequence);
  // RFC 5288 3: the sender may choose the explicit part as it likes.
  std::ranges::copy(fragment.first(explicit_nonce_bytes_), nonce.end() - static_cast<std::ptrdiff_t>(explicit_nonce_bytes_));
  return aead_->open(nonce, additional_data(id, content.size()), fragment.subspan(explicit_nonce_bytes_), content);
}

}  // namespace tocsin::record
