#include "harnesses/checkers/record_refusal.h"

#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {

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

}  // namespace tocsin::harness
