#include "fuzz/lib/dtls_records.h"

#include <algorithm>
#include <numeric>

#include "fuzz/lib/finding.h"
#include "fuzz/provider/deterministic_provider.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::fuzz {
namespace {

constexpr std::uint16_t epoch = 1;
constexpr CipherSuite suites[] = {CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256, CipherSuite::ecdhe_rsa_aes_256_gcm_sha384,
                                  CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256};

}  // namespace

DtlsRecords::DtlsRecords(const Input& input)
    : suite_choice_(input.option(Tag::suite, 0)),
      seed_(input.option(Tag::seed, 0)),
      type_(static_cast<ContentType>(21 + input.option(Tag::content_type, 2) % 3)),
      next_sequence_(input.option(Tag::sequence, 0) * std::uint64_t{0x010101010101}),
      sealer_(epoch, protection(), next_sequence_),
      opener_(epoch, protection()) {}

record::Protection12 DtlsRecords::protection() const {
  static const std::shared_ptr<Provider> providers[] = {make_deterministic_provider(0), *make_openssl_provider()};
  const CipherSuite suite = suites[suite_choice_ % 3];
  auto aead = providers[suite_choice_ / 3 % 2]->aead(suite, Bytes(key_bytes(suite), seed_));
  return {std::move(*aead), Bytes(record::Protection12::fixed_iv_bytes(suite), seed_)};
}

void DtlsRecords::seal(ByteView content) {
  const std::size_t at = out_.bytes.size();
  tell([&] { return Called{"sealer", "seal", content}; });
  const auto sealed = writer_.seal(sealer_, type_, content);
  if (!sealed) {
    if (sealed.error().why != Reason::record_sequence_exhausted || next_sequence_ <= record::dtls_sequence_max)
      finding("sealing failed");
    return;
  }
  Bytes record(out_.bytes.begin() + static_cast<std::ptrdiff_t>(at), out_.bytes.end());
  tell([&] { return Returned{"sealer", true, record, {}}; });
  const auto header = record::parse_dtls_header(record, record::DtlsVersions::negotiated);
  check(Invariant::records_are_well_formed,
        header && header->length_bytes == record.size() - record::dtls_header_bytes &&
            (out_.sizes_bytes.back() <= datagram_bytes_max || out_.sizes_bytes.back() == record.size()),
        "the header is wrong, or the datagram too long");
  check(Invariant::nonce_used_once, header->sequence == next_sequence_, "a number was used twice or left out");
  sealed_[next_sequence_++] = {std::move(record), Bytes(content.begin(), content.end())};
}

void DtlsRecords::skip(std::uint64_t sequences) {
  next_sequence_ = std::min(next_sequence_ + sequences, record::dtls_sequence_max + 1);
  sealer_ = record::DtlsSealer(epoch, protection(), next_sequence_);
}

Bytes DtlsRecords::datagram(std::size_t index) const {
  const auto size = out_.sizes_bytes.begin() + static_cast<std::ptrdiff_t>(index);
  const std::size_t at = std::accumulate(out_.sizes_bytes.begin(), size, std::size_t{0});
  const ByteView bytes = ByteView(out_.bytes).subspan(at, *size);
  return Bytes(bytes.begin(), bytes.end());
}

void DtlsRecords::deliver(ByteView datagram, bool is_edited) {
  record::DatagramReader reader(datagram, record::DtlsVersions::negotiated);
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
    tell([&] { return Note{"opener", content ? "opens a record" : "discards: " + std::string(name_of(content.error().why))}; });
    if (!content) continue;
    if (!std::ranges::equal(*content, sealed->content)) finding("a record does not open as what was sealed");
    window_.mark(record.header.sequence);
    if (opener_.records_opened() != ++opened_) finding("records opened are miscounted");
  }
}

/// The sealed record that this is, to the last bit.
const DtlsRecords::Sealed* DtlsRecords::find(const record::DtlsRecord& record) const {
  const auto found = sealed_.find(record.header.sequence);
  if (found == sealed_.end()) return nullptr;
  const auto header = record::make_dtls_header(record.header);
  const ByteView bytes = found->second.record;
  const bool is_it = std::ranges::equal(bytes.first(header.size()), header) &&
                     std::ranges::equal(bytes.subspan(header.size()), record.fragment);
  return is_it ? &found->second : nullptr;
}

std::optional<DiscardReason> DtlsRecords::expected(const record::DtlsRecord& record, const Sealed* sealed) const {
  if (record.header.epoch != epoch) return DiscardReason::epoch_unknown;
  if (const auto why = window_.refusal_of(record.header.sequence)) return why;
  if (sealed == nullptr) return DiscardReason::record_bad_mac;
  if (sealed->content.empty() && type_ != ContentType::application_data) return DiscardReason::record_empty;
  return std::nullopt;
}

}  // namespace tocsin::fuzz
