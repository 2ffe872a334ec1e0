#include "core/record/tls12/protection.h"

#include <algorithm>

#include "core/base/big_endian.h"
#include "core/base/guarded.h"
#include "core/record/dtls/header.h"
#include "core/record/nonce.h"

namespace tocsin::record::tls12 {
namespace {

constexpr std::size_t connection_id_bytes_max = 255;

class AdditionalData {
 public:
  AdditionalData(const RecordId& id, std::size_t content_bytes) {
    std::array<std::uint8_t, 8> sequence;
    store_big_endian(id.sequence, std::span(sequence));
    if (id.connection_id.empty()) {
      // RFC 5246 6.2.3.3: seq_num + TLSCompressed.type + TLSCompressed.version + TLSCompressed.length.
      add(sequence);
      add(make_header(id.type, id.version, content_bytes));
      return;
    }
    // RFC 9146 5.3: seq_num_placeholder + tls12_cid + cid_length + tls12_cid + version + epoch + sequence_number + cid +
    // length_of_DTLSInnerPlaintext.
    constexpr auto outer_type = static_cast<std::uint8_t>(tls12_cid);
    const auto header = make_header(tls12_cid, id.version, content_bytes);
    add(std::array<std::uint8_t, 8>{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
    add(std::array<std::uint8_t, 2>{outer_type, static_cast<std::uint8_t>(id.connection_id.size())});
    add(ByteView(header).first(3));
    add(sequence);
    add(id.connection_id);
    add(ByteView(header).last(2));
  }
  operator ByteView() const { return ByteView(data_).first(size_); }

 private:
  void add(ByteView bytes) {
    std::ranges::copy(bytes, data_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += bytes.size();
  }
  std::array<std::uint8_t, 8 + 2 + header_bytes + 8 + connection_id_bytes_max> data_;
  std::size_t size_ = 0;
};

}  // namespace

Protection::Protection(std::unique_ptr<Aead> aead, ByteView fixed_iv)
    : aead_(std::move(aead)), explicit_nonce_bytes_(Aead::nonce_bytes - fixed_iv.size()) {
  std::ranges::copy(fixed_iv, iv_.begin());
}

// With AES-GCM the zeros behind the fixed part make this the sequence number itself (RFC 5288 3), else it is RFC 7905 2.
Aead::Nonce Protection::nonce_of(std::uint64_t sequence) const { return nonce_for(iv_, sequence); }

Result<Done> Protection::seal(const RecordId& id, ByteView content, Bytes& out, std::size_t padding_bytes) {
  const Aead::Nonce nonce = nonce_of(id.sequence);
  const std::size_t at = out.size();
  append(out, ByteView(nonce).last(explicit_nonce_bytes_));
  append(out, content);
  if (!id.connection_id.empty()) {
    out.push_back(static_cast<std::uint8_t>(id.type));
    out.resize(out.size() + padding_bytes);
  }
  const std::size_t inner_bytes = out.size() - at - explicit_nonce_bytes_;
  out.resize(out.size() + Aead::tag_bytes);
  const MutableBytes sealed = MutableBytes(out).subspan(at + explicit_nonce_bytes_);
  const auto done =
      attempt([&] { return aead_->seal(nonce, AdditionalData(id, inner_bytes), sealed.first(inner_bytes), sealed); });
  if (!done) out.resize(at);
  return done;
}

Result<Done> Protection::open(const RecordId& id, ByteView fragment, MutableBytes content) {
  //= RFC 5246 7.2.2 //# This alert also MUST be returned if an alert is sent because a TLSCiphertext decrypted
  if (fragment.size() < overhead_bytes()) return Fatal{Reason::record_bad_mac};
  Aead::Nonce nonce = nonce_of(id.sequence);
  // RFC 5288 3: the sender may choose the explicit part as it likes.
  std::ranges::copy(fragment.first(explicit_nonce_bytes_), nonce.end() - static_cast<std::ptrdiff_t>(explicit_nonce_bytes_));
  return aead_->open(nonce, AdditionalData(id, content.size()), fragment.subspan(explicit_nonce_bytes_), content);
}

}  // namespace tocsin::record::tls12
