#include "harnesses/scenarios/dtls_records.h"

#include <algorithm>
#include <numeric>

#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/trace/finding.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::harness {
namespace {

constexpr std::uint16_t epoch = 1;
constexpr CipherSuite suites[] = {CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256, CipherSuite::ecdhe_rsa_aes_256_gcm_sha384,
                                  CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256};

}  // namespace

DtlsRecords::DtlsRecords(const Input& input)
    : suite_choice_(input.option(Tag::suite, 0)),
      seed_(input.option(Tag::seed, 0)),
      type_(static_cast<ContentType>(21 + input.option(Tag::content_type, 2) % 3)),
      connection_id_(std::max<std::size_t>(input.option(Tag::server_connection_id, 0) % 66u, 1) - 1, seed_),
      padding_block_bytes_(4u * input.option(Tag::server_padding, 0)),
      next_sequence_(input.option(Tag::sequence, 0) * std::uint64_t{0x010101010101}),
      by_the_book_(aead()),
      sealer_(sealer()),
      opener_(epoch, protection(), connection_id_) {}

std::unique_ptr<Aead> DtlsRecords::aead() const {
  static const std::shared_ptr<Provider> providers[] = {make_deterministic_provider(0), *make_openssl_provider()};
  const CipherSuite suite = suites[suite_choice_ % 3];
  return std::move(*providers[suite_choice_ / 3 % 2]->aead(suite, Bytes(key_bytes(suite), seed_)));
}

record::tls12::Protection DtlsRecords::protection() const {
  return {aead(), Bytes(record::tls12::Protection::fixed_iv_bytes(suites[suite_choice_ % 3]), seed_)};
}

/// What is sealed opens with nonce and additional data put together here, as RFC 5246 6.2.3.3, RFC 5288 3, RFC 7905 2 and RFC
/// 9146 5.3 have them.
void DtlsRecords::check_by_the_book(ByteView record, ByteView content) const {
  const std::size_t header_bytes = 13 + connection_id_.size();
  const bool is_chacha = suite_choice_ % 3 == 2;
  const ByteView number = record.subspan(3, 8), fragment = record.subspan(header_bytes + (is_chacha ? 0 : 8));
  Aead::Nonce nonce;
  nonce.fill(seed_);
  for (std::size_t i = 0; i < 8; ++i) nonce[4 + i] = is_chacha ? nonce[4 + i] ^ number[i] : record[header_bytes + i];
  Bytes inner(fragment.size() - Aead::tag_bytes), data;
  data.reserve(2 * header_bytes);
  const std::uint8_t length[] = {static_cast<std::uint8_t>(inner.size() >> 8), static_cast<std::uint8_t>(inner.size())};
  if (connection_id_.empty()) {
    append(data, number);
    append(data, record.first(3));
  } else {
    data.assign(8, 0xff);
    append(data, Bytes{25, static_cast<std::uint8_t>(connection_id_.size()), 25, 0xfe, 0xfd});
    append(data, number);
    append(data, connection_id_);
  }
  append(data, length);
  if (!by_the_book_->open(nonce, data, fragment, inner)) finding("a record is not sealed as the RFCs have it");
  Bytes expected(content.begin(), content.end());
  if (!connection_id_.empty()) expected.push_back(static_cast<std::uint8_t>(type_));
  expected.resize(std::max(expected.size(), connection_id_.empty() ? 0 : inner.size()));
  ++stats().other_checks;
  if (inner != expected) finding("a record does not hold what was sealed");
}

record::DtlsSealer DtlsRecords::sealer() const {
  return {epoch, protection(), next_sequence_, {.connection_id = connection_id_, .padding_block_bytes = padding_block_bytes_}};
}

/// As RFC 9146 4 has it, byte by byte.
DtlsRecords::Sealed DtlsRecords::unwrapped(Bytes record, ByteView inner) const {
  Sealed sealed{std::move(record), {}};
  std::size_t type_at = inner.size();
  for (std::size_t i = 0; i < inner.size(); ++i)
    if (inner[i] != 0) type_at = i;
  if (inner.size() > record::plaintext_bytes_max) {
    sealed.refusal = DiscardReason::record_too_long;
  } else if (type_at == inner.size()) {
    sealed.refusal = DiscardReason::inner_type_missing;
  } else if (inner[type_at] < 20 || inner[type_at] > 23) {
    sealed.refusal = DiscardReason::inner_type_wrong;
  } else {
    sealed.content.assign(inner.begin(), inner.begin() + static_cast<std::ptrdiff_t>(type_at));
    sealed.type = static_cast<ContentType>(inner[type_at]);
    if (sealed.content.empty() && sealed.type != ContentType::application_data) sealed.refusal = DiscardReason::record_empty;
  }
  return sealed;
}

void DtlsRecords::seal_inner(ByteView inner) {
  if (connection_id_.empty() || inner.empty() || next_sequence_ > record::dtls_sequence_max) return;
  emit([&] { return CallEvent{"sealer", "seal what is inside", inner}; });
  const auto last = static_cast<ContentType>(inner.back());
  const record::tls12::RecordId id{record::full_sequence(epoch, next_sequence_), last, 0xfefd, connection_id_};
  Bytes fragment, record;
  if (!protection().seal(id, inner.first(inner.size() - 1), fragment)) finding("sealing failed");
  record::append_dtls_header(
      {record::tls12_cid, record::DtlsVersion::dtls12, epoch, next_sequence_, fragment.size(), connection_id_}, record);
  append(record, fragment);
  out_.add(record);
  writer_.begin_next();
  sealed_[next_sequence_++] = unwrapped(std::move(record), inner);
  sealer_ = sealer();
}

void DtlsRecords::seal(ByteView content) {
  const std::size_t at = out_.bytes.size();
  emit([&] { return CallEvent{"sealer", "seal", content}; });
  const auto sealed = writer_.seal(sealer_, type_, content);
  if (!sealed) {
    if (sealed.error().why != Reason::record_sequence_exhausted || next_sequence_ <= record::dtls_sequence_max)
      finding("sealing failed");
    return;
  }
  Bytes record(out_.bytes.begin() + static_cast<std::ptrdiff_t>(at), out_.bytes.end());
  emit([&] { return ReturnEvent{"sealer", true, record, {}}; });
  const auto header = record::parse_dtls_header(record, record::DtlsVersions::negotiated, connection_id_.size());
  const std::size_t least_bytes = content.size() + sealer_.overhead_bytes();
  check(Invariant::records_are_well_formed,
        header && header->length_bytes == record.size() - header->size_bytes() &&
            header->type == (connection_id_.empty() ? type_ : record::tls12_cid) &&
            (out_.sizes_bytes.back() <= datagram_bytes_max || out_.sizes_bytes.back() == least_bytes),
        "the header is wrong, or the datagram too long");
  const bool is_padded = !connection_id_.empty() && padding_block_bytes_ != 0;
  const std::size_t inner_bytes = record.size() - sealer_.overhead_bytes() + 1;
  check(Invariant::records_are_well_formed,
        is_padded && least_bytes <= datagram_bytes_max
            ? inner_bytes % padding_block_bytes_ == 0 || out_.sizes_bytes.back() == datagram_bytes_max
            : record.size() == least_bytes,
        "the content is hidden by other zeros than the block asks for");
  check(Invariant::nonce_used_once, header->sequence == next_sequence_, "a number was used twice or left out");
  check_by_the_book(record, content);
  Sealed sealed_as{std::move(record), Bytes(content.begin(), content.end()), type_};
  if (content.empty() && type_ != ContentType::application_data) sealed_as.refusal = DiscardReason::record_empty;
  sealed_[next_sequence_++] = std::move(sealed_as);
}

void DtlsRecords::skip(std::uint64_t sequences) {
  next_sequence_ = std::min(next_sequence_ + sequences, record::dtls_sequence_max + 1);
  sealer_ = sealer();
}

Bytes DtlsRecords::datagram(std::size_t index) const {
  const auto size = out_.sizes_bytes.begin() + static_cast<std::ptrdiff_t>(index);
  const std::size_t at = std::accumulate(out_.sizes_bytes.begin(), size, std::size_t{0});
  const ByteView bytes = ByteView(out_.bytes).subspan(at, *size);
  return Bytes(bytes.begin(), bytes.end());
}

void DtlsRecords::deliver(ByteView datagram, bool is_edited) {
  record::DatagramReader reader(datagram, record::DtlsVersions::negotiated, connection_id_.size());
  while (const auto next = reader.next()) {
    if (!*next) {
      if (!is_edited) finding("a datagram of whole records was not walked to its end");
      continue;
    }
    const record::DtlsRecord& record = **next;
    const Sealed* sealed = find(record);
    const auto refusal = expected(record, sealed);
    Bytes room(opener_.content_bytes_of(record));
    const auto content = opener_.open(record, record::plaintext_bytes_max, room);
    ++stats().other_checks;
    if (content ? refusal.has_value() : refusal != content.error().why)
      finding(std::string("a record that was to be ") + std::string(refusal ? name_of(*refusal) : "opened") + " was " +
              std::string(content ? "opened" : name_of(content.error().why)));
    emit([&] {
      return NoteEvent{"opener", content ? "opens a record" : "discards: " + std::string(name_of(content.error().why))};
    });
    if (!content) continue;
    if (!std::ranges::equal(content->content, sealed->content) || content->type != sealed->type)
      finding("a record does not open as what was sealed");
    if (content->is_newest != window_.is_newest(record.header.sequence)) finding("a record is taken for the newest, or not");
    window_.mark(record.header.sequence);
    if (opener_.records_opened() != ++opened_) finding("records opened are miscounted");
  }
}

/// The sealed record that this is, to the last bit.
const DtlsRecords::Sealed* DtlsRecords::find(const record::DtlsRecord& record) const {
  const auto found = sealed_.find(record.header.sequence);
  if (found == sealed_.end()) return nullptr;
  Bytes bytes;
  record::append_dtls_header(record.header, bytes);
  append(bytes, record.fragment);
  return bytes == found->second.record ? &found->second : nullptr;
}

std::optional<DiscardReason> DtlsRecords::expected(const record::DtlsRecord& record, const Sealed* sealed) const {
  if (record.header.epoch != epoch) return DiscardReason::epoch_unknown;
  if (!std::ranges::equal(record.header.connection_id, connection_id_))
    return record.header.connection_id.empty() ? DiscardReason::connection_id_missing : DiscardReason::connection_id_unknown;
  if (const auto why = window_.refusal_of(record.header.sequence)) return why;
  if (sealed == nullptr) return DiscardReason::record_bad_mac;
  return sealed->refusal;
}

}  // namespace tocsin::harness
