#include "core/record/tls13/protection.h"

#include <algorithm>
#include <limits>

#include "core/base/guarded.h"
#include "core/base/invariants.h"

namespace tocsin::record {
namespace {

// The outer version and type of every protected record (RFC 9846 5.2).
constexpr std::uint16_t legacy_record_version = 0x0303;
constexpr std::size_t type_bytes = 1;

bool may_be_protected(ContentType type) {
  return type == ContentType::alert || type == ContentType::handshake || type == ContentType::application_data;
}

// Sequence numbers MUST NOT wrap (RFC 9846 5.3).
bool is_exhausted(std::uint64_t sequence) { return sequence == std::numeric_limits<std::uint64_t>::max(); }

// vector::reserve takes exactly what it is told: asked for each record anew, it would copy all that is there each time.
void reserve_more(Bytes& out, std::size_t size_bytes) {
  const std::size_t wanted = out.size() + size_bytes;
  if (wanted > out.capacity()) out.reserve(std::max(wanted, 2 * out.capacity()));
}

}  // namespace

Result<Done> Sealer::seal(ContentType type, ByteView content, std::size_t padding_bytes, Bytes& out) {
  INVARIANT(records_are_well_formed,
            //= RFC 9846 5.4 //# the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets.
            content.size() <= plaintext_bytes_max && padding_bytes <= plaintext_bytes_max - content.size());
  //= RFC 9846 5.3 //# it MUST either rekey (Section 4.7.3) or terminate the connection.
  if (is_exhausted(sequence_)) return Fatal{Reason::record_sequence_exhausted};
  if (auto* older = std::get_if<tls12::Protection>(&keys_)) return seal_with(*older, type, content, out);
  return seal_with(std::get<KeyedAead>(keys_), type, content, padding_bytes, out);
}

Result<Done> Sealer::seal_with(KeyedAead& keys, ContentType type, ByteView content, std::size_t padding_bytes, Bytes& out) {
  const Aead::Nonce nonce = nonce_for(keys.iv, sequence_);
  INVARIANT(nonce_used_once, nonce != nonce_before_);

  const std::size_t inner_bytes = content.size() + type_bytes + padding_bytes;
  const auto header = make_header(ContentType::application_data, legacy_record_version, inner_bytes + Aead::tag_bytes);
  const std::size_t at = out.size();
  reserve_more(out, header_bytes + inner_bytes + Aead::tag_bytes);
  append(out, header);
  append(out, content);
  out.resize(at + header_bytes + inner_bytes + Aead::tag_bytes);
  const MutableBytes fragment = MutableBytes(out).subspan(at + header_bytes);
  //= RFC 9846 5.4 //# Implementations MUST set the padding octets to all zeros before encrypting.
  fragment[content.size()] = static_cast<std::uint8_t>(type);
  const auto sealed = attempt([&] { return keys.aead->seal(nonce, header, fragment.first(inner_bytes), fragment); });
  if (!sealed) {
    out.resize(at);
    return sealed.error();
  }
  nonce_before_ = nonce;
  ++sequence_;
  return Done{};
}

Result<Done> Sealer::seal_with(tls12::Protection& keys, ContentType type, ByteView content, Bytes& out) {
  const Aead::Nonce nonce = keys.nonce_of(sequence_);
  INVARIANT(nonce_used_once, nonce != nonce_before_);

  const std::size_t fragment_bytes = content.size() + keys.overhead_bytes();
  const std::size_t at = out.size();
  reserve_more(out, header_bytes + fragment_bytes);
  append(out, make_header(type, legacy_record_version, fragment_bytes));
  const auto sealed = keys.seal({sequence_, type, legacy_record_version}, content, out);
  if (!sealed) {
    out.resize(at);
    return sealed.error();
  }
  nonce_before_ = nonce;
  ++sequence_;
  return Done{};
}

std::size_t Opener::overhead_bytes() const {
  const auto* older = std::get_if<tls12::Protection>(&keys_);
  return older != nullptr ? older->overhead_bytes() : Aead::tag_bytes;
}

std::size_t Opener::inner_bytes_of(ByteView record) const {
  return record.size() - std::min(record.size(), header_bytes + overhead_bytes());
}

Result<Opened> Opener::open(MutableBytes record, std::size_t inner_bytes_max) {
  const std::size_t size_bytes = inner_bytes_of(record);
  return open(record, inner_bytes_max, size_bytes == 0 ? MutableBytes{} : record.subspan(header_bytes, size_bytes));
}

Result<Opened> Opener::open(ByteView record, std::size_t inner_bytes_max, MutableBytes out) {
  if (is_exhausted(sequence_)) return Fatal{Reason::record_sequence_exhausted};
  return std::visit([&](auto& keys) { return open_with(keys, record, inner_bytes_max, out); }, keys_);
}

Result<Opened> Opener::open_with(KeyedAead& keys, ByteView record, std::size_t inner_bytes_max, MutableBytes inner) {
  if (inner_bytes_of(record) < type_bytes) return Fatal{Reason::record_bad_mac};
  //= RFC 9846 5.2 //# If the decryption fails, the receiver MUST terminate the connection with a
  TOCSIN_TRY(keys.aead->open(nonce_for(keys.iv, sequence_), record.first(header_bytes), record.subspan(header_bytes), inner));
  ++sequence_;

  // Everything below was authenticated, so the time that it takes tells nobody but the peer anything (RFC 9846 5.4).
  if (inner.size() > inner_bytes_max) return Fatal{Reason::record_overflow};
  std::size_t size_bytes = inner.size();
  //= RFC 9846 5.4 //# Implementations MUST limit their scanning to the cleartext returned from the AEAD
  while (size_bytes > 0 && inner[size_bytes - 1] == 0) --size_bytes;
  //= RFC 9846 5.4 //# it MUST terminate the connection with an "unexpected_message" alert.
  if (size_bytes == 0) return Fatal{Reason::record_without_content_type};
  const auto type = static_cast<ContentType>(inner[size_bytes - 1]);
  //= RFC 9846 5 //# which receives a protected change_cipher_spec record MUST abort the handshake with an
  if (!may_be_protected(type)) return Fatal{Reason::record_inner_type_wrong};
  return Opened{type, size_bytes - type_bytes};
}

// The header's type is authenticated with the rest, and every type may be protected.
Result<Opened> Opener::open_with(tls12::Protection& keys, ByteView record, std::size_t inner_bytes_max, MutableBytes content) {
  const auto type = static_cast<ContentType>(record[0]);
  const auto version = static_cast<std::uint16_t>(record[1] << 8 | record[2]);
  TOCSIN_TRY(keys.open({sequence_, type, version}, record.subspan(header_bytes), content));
  ++sequence_;
  if (content.size() > inner_bytes_max - type_bytes) return Fatal{Reason::record_overflow};
  return Opened{type, content.size()};
}

}  // namespace tocsin::record
