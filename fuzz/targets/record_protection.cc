// Input:      options suite, seed, sequence, content_type, padding_bytes, chunk_bytes, fault_bit; the body is the content.
// Property:   seal then open is the identity, however the content is cut; a flipped bit or a wrong turn is refused.
// Invariants: nonce_used_once, records_are_well_formed.
#include <algorithm>

#include "core/record/protection.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/input.h"
#include "tocsin/openssl_provider.h"

using namespace tocsin;
using fuzz::Tag;

namespace {

constexpr std::size_t inner_bytes_max = record::plaintext_bytes_max + 1;
std::unique_ptr<Aead> make_aead(const fuzz::Input& input) {
  static const auto provider = make_openssl_provider();
  const auto suite = static_cast<CipherSuite>(0x1301 + input.option(Tag::suite, 0) % 3);
  return std::move(*(*provider)->aead(suite, Bytes(key_bytes(suite), input.option(Tag::seed, 0))));
}

void require_refusal(record::Opener& opener, Bytes record, std::uint8_t flip, std::size_t bit) {
  record[bit / 8 % record.size()] ^= static_cast<std::uint8_t>(flip << bit % 8);
  const auto before = opener.records_opened();
  const auto opened = opener.open(record, inner_bytes_max);
  if (opened || opened.error().why != Reason::record_bad_mac) fuzz::finding("a record that is not authentic was opened");
  if (opener.records_opened() != before) fuzz::finding("a refused record moved the sequence number");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  const std::uint64_t sequence = input.option(Tag::sequence, 0) % 0xff * std::uint64_t{0x0101010101010101};
  const auto type = static_cast<ContentType>(21 + input.option(Tag::content_type, 0) % 3);
  const std::size_t chunk_bytes = std::min(input.body().size() / 4 + input.option(Tag::chunk_bytes, 1) + 1, std::size_t{8192});
  record::Sealer sealer(make_aead(input), {}, sequence);
  record::Opener opener(make_aead(input), {}, sequence);
  for (ByteView rest = input.body(); !rest.empty(); rest = rest.subspan(std::min(chunk_bytes, rest.size()))) {
    const ByteView content = rest.first(std::min(chunk_bytes, rest.size()));
    Bytes records[2];
    for (Bytes& record : records)
      if (!sealer.seal(type, content, input.option(Tag::padding_bytes, 0), record)) fuzz::finding("sealing failed");
    fuzz::check(Invariant::nonce_used_once, records[0] != records[1], "one content gave one record twice");
    require_refusal(opener, records[1], 0, 0);  // it is not its turn
    for (std::size_t i = 0; i < 4; ++i)
      require_refusal(opener, records[0], 1, input.option(Tag::fault_bit, 0) + i * (2 * records[0].size() + 1));
    for (Bytes& record : records) {
      const auto header = record::parse_header(ByteView(record).first<record::header_bytes>(), record::ciphertext_bytes_max);
      fuzz::check(Invariant::records_are_well_formed, header && header->length_bytes == record.size() - 5,
                  "the header is wrong");
      const auto opened = opener.open(record, inner_bytes_max);
      if (!opened || opened->type != type || opened->content_bytes != content.size() ||
          !std::equal(content.begin(), content.end(), record.begin() + record::header_bytes))
        fuzz::finding("a record does not open as what was sealed");
    }
  }
  return 0;
}
