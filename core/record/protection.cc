#include "core/record/protection.h"

#include <algorithm>
#include <limits>

#include "core/base/invariants.h"

namespace tocsin::record {
namespace {

// The outer version and type of every protected record (RFC 8446 5.2).
constexpr std::uint16_t legacy_record_version = 0x0303;
constexpr std::size_t type_bytes = 1;

bool may_be_protected(ContentType type) {
  return type == ContentType::alert || type == ContentType::handshake || type == ContentType::application_data;
}

// Sequence numbers MUST NOT wrap (RFC 8446 5.3).
bool is_exhausted(std::uint64_t sequence) { return sequence == std::numeric_limits<std::uint64_t>::max(); }

}  // namespace

Aead::Nonce nonce_for(const Aead::Nonce& iv, std::uint64_t sequence) {
  Aead::Nonce nonce = iv;
  for (std::size_t i = Aead::nonce_bytes; sequence != 0; sequence >>= 8) nonce[--i] ^= static_cast<std::uint8_t>(sequence);
  return nonce;
}

Result<Done> Sealer::seal(ContentType type, ByteView content, std::size_t padding_bytes, Bytes& out) {
  INVARIANT(records_are_well_formed,
            content.size() <= plaintext_bytes_max && padding_bytes <= plaintext_bytes_max - content.size());
  if (is_exhausted(sequence_)) return Fatal{Reason::record_sequence_exhausted};
  const Aead::Nonce nonce = nonce_for(iv_, sequence_);
  INVARIANT(nonce_used_once, nonce != nonce_before_);

  std::array<std::uint8_t, type_bytes + plaintext_bytes_max> tail;  // only what is used of it is set
  tail[0] = static_cast<std::uint8_t>(type);
  std::fill_n(tail.begin() + type_bytes, padding_bytes, std::uint8_t{0});

  const std::size_t fragment_bytes = content.size() + type_bytes + padding_bytes + Aead::tag_bytes;
  const auto header = make_header(ContentType::application_data, legacy_record_version, fragment_bytes);
  const std::size_t at = out.size();
  out.resize(at + header_bytes + fragment_bytes);
  std::copy(header.begin(), header.end(), out.begin() + static_cast<std::ptrdiff_t>(at));
  const auto sealed = aead_->seal(nonce, header, content, ByteView(tail).first(type_bytes + padding_bytes),
                                  MutableBytes(out).subspan(at + header_bytes));
  if (!sealed) {
    out.resize(at);
    return sealed.error();
  }
  nonce_before_ = nonce;
  ++sequence_;
  return Done{};
}

Result<Opened> Opener::open(MutableBytes record, std::size_t inner_bytes_max) {
  if (record.size() < header_bytes + type_bytes + Aead::tag_bytes) return Fatal{Reason::record_bad_mac};
  if (is_exhausted(sequence_)) return Fatal{Reason::record_sequence_exhausted};
  const MutableBytes fragment = record.subspan(header_bytes);
  const MutableBytes inner = fragment.first(fragment.size() - Aead::tag_bytes);
  TOCSIN_TRY(aead_->open(nonce_for(iv_, sequence_), record.first(header_bytes), fragment, inner));
  ++sequence_;

  // Everything below was authenticated, so the time that it takes tells nobody but the peer anything (RFC 8446 5.4).
  if (inner.size() > inner_bytes_max) return Fatal{Reason::record_overflow};
  std::size_t size_bytes = inner.size();
  while (size_bytes > 0 && inner[size_bytes - 1] == 0) --size_bytes;
  if (size_bytes == 0) return Fatal{Reason::record_without_content_type};
  const auto type = static_cast<ContentType>(inner[size_bytes - 1]);
  if (!may_be_protected(type)) return Fatal{Reason::record_inner_type_wrong};
  return Opened{type, size_bytes - type_bytes};
}

}  // namespace tocsin::record
