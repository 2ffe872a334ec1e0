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

// vector::reserve takes exactly what it is told: asked for each record anew, it would copy all that is there each time.
void reserve_more(Bytes& out, std::size_t size_bytes) {
  const std::size_t wanted = out.size() + size_bytes;
  if (wanted > out.capacity()) out.reserve(std::max(wanted, 2 * out.capacity()));
}

}  // namespace

std::size_t inner_bytes_of(ByteView record) { return record.size() - std::min(record.size(), header_bytes + Aead::tag_bytes); }

Result<Done> Sealer::seal(ContentType type, ByteView content, std::size_t padding_bytes, Bytes& out) {
  INVARIANT(records_are_well_formed,
            content.size() <= plaintext_bytes_max && padding_bytes <= plaintext_bytes_max - content.size());
  if (is_exhausted(sequence_)) return Fatal{Reason::record_sequence_exhausted};
  const Aead::Nonce nonce = nonce_for(iv_, sequence_);
  INVARIANT(nonce_used_once, nonce != nonce_before_);

  const std::size_t inner_bytes = content.size() + type_bytes + padding_bytes;
  const auto header = make_header(ContentType::application_data, legacy_record_version, inner_bytes + Aead::tag_bytes);
  const std::size_t at = out.size();
  reserve_more(out, header_bytes + inner_bytes + Aead::tag_bytes);
  append(out, header);
  append(out, content);
  out.push_back(static_cast<std::uint8_t>(type));
  out.resize(out.size() + padding_bytes + Aead::tag_bytes);
  const MutableBytes fragment = MutableBytes(out).subspan(at + header_bytes);
  const auto sealed = aead_->seal(nonce, header, fragment.first(inner_bytes), fragment);
  if (!sealed) {
    out.resize(at);
    return sealed.error();
  }
  nonce_before_ = nonce;
  ++sequence_;
  return Done{};
}

Result<Opened> Opener::open(MutableBytes record, std::size_t inner_bytes_max) {
  const std::size_t size_bytes = inner_bytes_of(record);
  return open(record, inner_bytes_max, size_bytes == 0 ? MutableBytes{} : record.subspan(header_bytes, size_bytes));
}

Result<Opened> Opener::open(ByteView record, std::size_t inner_bytes_max, MutableBytes inner) {
  if (inner_bytes_of(record) < type_bytes) return Fatal{Reason::record_bad_mac};
  if (is_exhausted(sequence_)) return Fatal{Reason::record_sequence_exhausted};
  TOCSIN_TRY(aead_->open(nonce_for(iv_, sequence_), record.first(header_bytes), record.subspan(header_bytes), inner));
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
