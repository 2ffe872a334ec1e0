#include <algorithm>

#include "core/base/reader.h"
#include "harnesses/scenarios/dtls_records.h"
#include "harnesses/scenarios/scenarios.h"

namespace tocsin::harness {

namespace {

enum class Action : std::uint8_t { seal, seal_apart, skip, deliver, deliver_flipped, deliver_cut, deliver_joined, seal_many };

void act(Action action, std::uint8_t argument, Reader& script, DtlsRecords& records) {
  switch (action) {
    case Action::seal_apart:
      records.end_datagram();
      [[fallthrough]];
    case Action::seal:
      return records.seal(script.take(std::min<std::size_t>(argument, script.size())));
    case Action::seal_many:
      for (unsigned i = 0; i < argument % 80u; ++i) records.seal({&argument, 1});
      return;
    case Action::skip:
      return records.skip(argument < 0xf0 ? argument : std::uint64_t{1} << (argument - 0xf0 + 32));
    case Action::deliver:
    case Action::deliver_flipped:
    case Action::deliver_cut:
    case Action::deliver_joined:
      break;
  }
  if (records.datagrams() == 0) return;
  Bytes datagram = records.datagram(argument % records.datagrams());
  if (action == Action::deliver) return records.deliver(datagram, false);
  const std::size_t where = script.u16();
  if (action == Action::deliver_joined) {
    append(datagram, records.datagram(where % records.datagrams()));
    return records.deliver(datagram, false);
  }
  if (action == Action::deliver_flipped) datagram[where / 8 % datagram.size()] ^= static_cast<std::uint8_t>(1u << where % 8);
  if (action == Action::deliver_cut) datagram.resize(where % datagram.size());
  records.deliver(datagram, true);
}

}  // namespace

void scenarios::record_dtls(ByteView bytes) {
  const Input input(bytes);
  DtlsRecords records(input);
  Reader script(input.body());
  for (int steps = 0; steps < 500 && !script.empty() && !script.failed(); ++steps) {
    const std::uint8_t head = script.u8(), argument = script.u8();
    if ((head & 0x80) != 0 && head % 8 < 2)
      records.seal_inner(script.take(std::min<std::size_t>(argument, script.size())));
    else
      act(static_cast<Action>(head % 8), argument, script, records);
  }
}

}  // namespace tocsin::harness
