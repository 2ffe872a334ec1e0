#include <algorithm>

#include "core/dtls/reassembly.h"
#include "harnesses/models/reassembly.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

namespace {

/// A record with the next fragment of the script.
Bytes make_record(Reader& script, std::uint32_t next, std::uint8_t& flags) {
  constexpr std::uint32_t lengths[] = {5, 0, 1, 300, 8, 9, 64, 2000};
  const auto message_seq = static_cast<std::uint16_t>(next + script.u8() % 16 - 3);
  const std::uint8_t odd = script.u8();
  flags = script.u8();
  const std::uint32_t length = odd < 0x80 ? lengths[message_seq % 8] : lengths[odd % 8] << odd % 3 * 4;
  const std::uint32_t offset = script.u16() % (length + 1);
  const std::uint32_t size = (flags & 4) != 0 ? script.u16() % 600u : std::min(script.u16() % 600u, length - offset);
  const auto type = odd < 0xf0 ? HandshakeType::certificate : HandshakeType::finished;
  const auto header = wire::make_fragment_header({type, length, message_seq, offset, size});
  Bytes record(header.begin(), header.end());
  for (auto i = offset; i < offset + size; ++i) record.push_back(static_cast<std::uint8_t>(message_seq + 7 * i + flags % 2));
  if ((flags & 2) != 0 && size != 0) record[12 + odd % size] ^= 1;
  return record;
}

}  // namespace

void scenarios::dtls_reassembly(ByteView bytes) {
  const Input input(bytes);
  Limits limits;
  if (input.option(Tag::limits, 0) % 2 != 0)
    limits.reassembly_bytes_max = 700, limits.messages_ahead_max = 3, limits.message_restarts_max = 1;
  dtls::Reassembly reassembly(limits);
  ModelReassembly model(limits);
  Reader script(input.body());
  for (std::uint8_t flags = 0; script.size() >= 7;) {
    const Bytes record = make_record(script, model.next(), flags);
    emit([&] { return CallEvent{"reassembly", "add", record}; });
    Reader reader(record);
    const auto fragment = wire::read_fragment(reader);
    const auto added = fragment ? reassembly.add(*fragment, flags & 1) : Result<Done, Discarded>(fragment.error());
    const auto expected = fragment ? model.add(*fragment, flags & 1) : std::optional(DiscardReason::fragment_beyond_message);
    const auto verdict = [](std::optional<DiscardReason> why) { return why ? std::string(name_of(*why)) : "taken"; };
    const auto seen = added ? std::nullopt : std::optional(added.error().why);
    emit([&] { return NoteEvent{"reassembly", verdict(expected)}; });
    if (seen != expected) finding("of a fragment, due: " + verdict(expected) + "; came: " + verdict(seen));
    check(Invariant::memory_is_bounded, reassembly.held_bytes() <= limits.reassembly_bytes_max, "the limit is not kept");
    if (reassembly.held_bytes() != model.held_bytes()) finding("more or less is held than it should be");
    const auto message = reassembly.whole();
    const auto due = model.whole();
    if (message ? !due || !std::ranges::equal(message->message, *due) : due.has_value()) finding("not the message");
    if (message && (message->message_seq != model.next() || message->epoch != model.epoch())) finding("renumbered");
    if (message && (flags & 8) != 0) reassembly.take(), model.take();
  }
}

}  // namespace tocsin::harness
