#include <algorithm>

#include "core/record/tls13/protection.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/stacks/pump.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::harness {
namespace {

constexpr std::size_t inner_bytes_max = record::plaintext_bytes_max + 1;

std::unique_ptr<Aead> make_aead(const Input& input) {
  static const std::shared_ptr<Provider> providers[] = {make_deterministic_provider(0), *make_openssl_provider()};
  const unsigned choice = input.option(Tag::suite, 0);
  const auto suite = static_cast<CipherSuite>(0x1301 + choice % 3);
  return std::move(*providers[choice / 3 % 2]->aead(suite, Bytes(key_bytes(suite), input.option(Tag::seed, 0))));
}

// The record must be refused, and the next one still open. flip: the bits of one byte, the one with this bit, that are changed
// meanwhile; 0: the record is authentic, but before its turn. room: for its content, kept for the next call.
void require_refusal(record::Opener& opener, Bytes& record, std::uint8_t flip, std::size_t bit, Bytes& room) {
  std::uint8_t& edited = record[bit / 8 % record.size()];
  const std::uint8_t before_edit = edited;
  edited ^= static_cast<std::uint8_t>(flip << bit % 8);
  emit([&] {
    const std::string bit_text = "bit " + std::to_string(bit % (8 * record.size()));
    return NoteEvent{"opener", "is given " + (flip != 0 ? "the record with another " + bit_text : "a record before its turn")};
  });
  const auto before = opener.records_opened();
  room.resize(opener.inner_bytes_of(record));
  const auto opened = opener.open(record, inner_bytes_max, room);
  edited = before_edit;
  if (opened || opened.error().why != Reason::record_bad_mac) finding("a record that is not authentic was opened");
  if (opener.records_opened() != before) finding("a refused record moved the sequence number");
}

}  // namespace

void scenarios::record_protection(ByteView bytes) {
  const Input input(bytes);
  const std::uint64_t sequence = input.option(Tag::sequence, 0) % 0xff * std::uint64_t{0x0101010101010101};
  const auto type = static_cast<ContentType>(21 + input.option(Tag::content_type, 0) % 3);
  const std::size_t chunk_bytes = std::min(input.body().size() / 4 + input.option(Tag::chunk_bytes, 1) + 1, std::size_t{8192});
  record::Sealer sealer(make_aead(input), {}, sequence);
  record::Opener opener(make_aead(input), {}, sequence);
  Bytes room;
  stacks::each_piece(input.body(), chunk_bytes, [&](ByteView content) {
    emit([&] { return CallEvent{"sealer", "seal, twice", content}; });
    Bytes records[2];
    for (Bytes& record : records)
      if (!sealer.seal(type, content, input.option(Tag::padding_bytes, 0), record)) finding("sealing failed");
    for (const Bytes& record : records) emit([&] { return ReturnEvent{"sealer", true, record, {}}; });
    check(Invariant::nonce_used_once, records[0] != records[1], "one content gave one record twice");
    require_refusal(opener, records[1], 0, 0, room);  // it is not its turn
    for (std::size_t i = 0; i < 4; ++i)
      require_refusal(opener, records[0], 1, input.option(Tag::fault_bit, 0) + i * (2 * records[0].size() + 1), room);
    for (Bytes& record : records) {
      const auto header = record::parse_header(ByteView(record).first<record::header_bytes>(), record::ciphertext_bytes_max);
      check(Invariant::records_are_well_formed, header && header->length_bytes == record.size() - 5, "the header is wrong");
      const auto opened = opener.open(record, inner_bytes_max);
      if (!opened || opened->type != type || opened->content_bytes != content.size() ||
          !std::equal(content.begin(), content.end(), record.begin() + record::header_bytes))
        finding("a record does not open as what was sealed");
      emit([] { return NoteEvent{"opener", "opens a record as what was sealed"}; });
    }
    return true;
  });
}

}  // namespace tocsin::harness
