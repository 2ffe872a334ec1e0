#include "harnesses/scenarios/metamorphosis.h"

#include "harnesses/metamorphic/outcome.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using metamorphic::Draw;
using metamorphic::Edit;
using metamorphic::Flight;

// Edits may change which of several faults is found first.
bool is_same(const Judged& before, const Judged& after) {
  ++stats().other_checks;
  return metamorphic::is_same_outcome(before.verdict, after.verdict) ||
         (before.reading && after.reading &&
          metamorphic::is_refused_for_other_fault(*before.reading, before.verdict, *after.reading, after.verdict));
}

Judged play(const Metamorphosis& of, const Input& input, std::string_view what) {
  emit([&] { return ChunkEvent{std::string(what)}; });
  return of.play(input);
}

[[noreturn]] void report(const Metamorphosis& of, std::string_view name, std::string_view clause, const Judged& before,
                         const Judged& after) {
  const std::string what = std::string(name) + " changed what " + std::string(of.subject) + " came to";
  finding(what + " (" + std::string(clause) + "): " + describe(before.verdict) + "; with it: " + describe(after.verdict),
          what + ": " + describe_outcome(before.verdict) + "; with it: " + describe_outcome(after.verdict));
}

void require_exactly_same(const Metamorphosis& of, std::string_view name, std::string_view clause, const Judged& before,
                          const Input& input) {
  ++stats().other_checks;
  const Judged after = play(of, input, name);
  if (!metamorphic::is_same_outcome(before.verdict, after.verdict)) report(of, name, clause, before, after);
}

// All edits at once; one by one only to find which it was.
void check_edits(const Metamorphosis& of, const Input& input, Flight flight) {
  flight.rest.clear();
  const auto draw_for = [&](const Edit& edit) {
    return Draw(input.body(), static_cast<std::uint64_t>(&edit - of.edits.data()) + 1);
  };
  Flight edited = flight;
  bool is_edited = false;
  for (const Edit& edit : of.edits) is_edited = apply(edit, of.hello, draw_for(edit), edited) || is_edited;
  if (!is_edited) return;
  const Bytes plain = bytes_of(flight), all_edited = bytes_of(edited);
  const Judged before = play(of, input.with_body(plain), "as far as it is plaintext");
  const Judged after = play(of, input.with_body(all_edited), "all edits");
  if (is_same(before, after)) return;
  for (const Edit& edit : of.edits) {
    Flight one = flight;
    if (!apply(edit, of.hello, draw_for(edit), one)) continue;
    const Bytes records = bytes_of(one);
    const Judged with_one = play(of, input.with_body(records), edit.name);
    if (!is_same(before, with_one)) report(of, edit.name, edit.clause, before, with_one);
  }
  report(of, "all edits at once", "RFC 9846 4.2.2", before, after);
}

}  // namespace

void check_metamorphosis(const Metamorphosis& of, const Input& given) {
  const Input input = given.with(Tag::chunk_bytes, 0);
  const Judged before = play(of, input, "as it is");
  Draw draw(input.body());
  const auto piece_bytes_max = static_cast<std::uint8_t>(1 + draw.below(0xff));
  require_exactly_same(of, "delivery in other pieces", "RFC 9846 5.1", before, input.with(Tag::chunk_bytes, piece_bytes_max));
  Flight flight = metamorphic::read_flight(input.body());
  Flight refragmented = flight;
  if (refragment(refragmented, draw)) {
    const Bytes records = bytes_of(refragmented);
    require_exactly_same(of, "other records", "RFC 9846 5.1", before, input.with_body(records));
  }
  check_edits(of, input, std::move(flight));
}

}  // namespace tocsin::harness
