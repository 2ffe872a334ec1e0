// Input:      options suite (from 3 on with libcrypto's AEADs, before with the deterministic ones), seed, sequence, content_type,
//             padding_bytes, chunk_bytes, fault_bit; the body is the content.
// Property:   seal then open is the identity, however the content is cut; a flipped bit or a wrong turn is refused.
// Invariants: nonce_used_once, records_are_well_formed.
#include <algorithm>

#include "fuzz/lib/finding.h"
#include "fuzz/lib/input.h"
#include "fuzz/lib/record_refusal.h"
#include "fuzz/lib/story.h"
#include "fuzz/provider/deterministic_provider.h"
#include "tocsin/openssl_provider.h"

using namespace tocsin;
using fuzz::Tag;

namespace {

std::unique_ptr<Aead> make_aead(const fuzz::Input& input) {
  static const std::shared_ptr<Provider> providers[] = {fuzz::make_deterministic_provider(0), *make_openssl_provider()};
  const unsigned choice = input.option(Tag::suite, 0);
  const auto suite = static_cast<CipherSuite>(0x1301 + choice % 3);
  return std::move(*providers[choice / 3 % 2]->aead(suite, Bytes(key_bytes(suite), input.option(Tag::seed, 0))));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  const std::uint64_t sequence = input.option(Tag::sequence, 0) % 0xff * std::uint64_t{0x0101010101010101};
  const auto type = static_cast<ContentType>(21 + input.option(Tag::content_type, 0) % 3);
  const std::size_t chunk_bytes = std::min(input.body().size() / 4 + input.option(Tag::chunk_bytes, 1) + 1, std::size_t{8192});
  record::Sealer sealer(make_aead(input), {}, sequence);
  record::Opener opener(make_aead(input), {}, sequence);
  Bytes room;
  for (ByteView rest = input.body(); !rest.empty(); rest = rest.subspan(std::min(chunk_bytes, rest.size()))) {
    const ByteView content = rest.first(std::min(chunk_bytes, rest.size()));
    fuzz::tell([&] { return fuzz::Called{"sealer", "seal, twice", content}; });
    Bytes records[2];
    for (Bytes& record : records)
      if (!sealer.seal(type, content, input.option(Tag::padding_bytes, 0), record)) fuzz::finding("sealing failed");
    for (const Bytes& record : records) fuzz::tell([&] { return fuzz::Returned{"sealer", true, record, {}}; });
    fuzz::check(Invariant::nonce_used_once, records[0] != records[1], "one content gave one record twice");
    fuzz::require_refusal(opener, records[1], 0, 0, room);  // it is not its turn
    for (std::size_t i = 0; i < 4; ++i)
      fuzz::require_refusal(opener, records[0], 1, input.option(Tag::fault_bit, 0) + i * (2 * records[0].size() + 1), room);
    for (Bytes& record : records) {
      const auto header = record::parse_header(ByteView(record).first<record::header_bytes>(), record::ciphertext_bytes_max);
      fuzz::check(Invariant::records_are_well_formed, header && header->length_bytes == record.size() - 5,
                  "the header is wrong");
      const auto opened = opener.open(record, fuzz::inner_bytes_max);
      if (!opened || opened->type != type || opened->content_bytes != content.size() ||
          !std::equal(content.begin(), content.end(), record.begin() + record::header_bytes))
        fuzz::finding("a record does not open as what was sealed");
      fuzz::tell([] { return fuzz::Note{"opener", "opens a record as what was sealed"}; });
    }
  }
  return 0;
}
