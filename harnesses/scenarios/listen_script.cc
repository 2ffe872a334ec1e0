#include "harnesses/scenarios/listen_script.h"

#include <algorithm>

#include "core/base/reader.h"

namespace tocsin::harness {
namespace {

Stray read_stray(Reader& reader, const ReplayedDatagrams& former) {
  constexpr std::array captured{Replayed::hello_with_cookie, Replayed::finished, Replayed::application_data,
                                Replayed::close_notify,      Replayed::hello,    Replayed::hello};
  const std::uint8_t head = reader.u8(), kind = head >> 2 & 7;
  Stray stray;
  stray.from = (head & 3) % listen_addresses;
  stray.is_amid = (head & 0x80) != 0 && (kind == 4 || kind == 5);
  const bool is_edited = (head & 0x20) != 0;
  const std::size_t where = is_edited ? reader.u8() : std::size_t{0};
  const std::uint8_t added = is_edited ? reader.u8() : std::uint8_t{0};
  if (kind == 6) {
    stray.is_datagram = false;
    stray.waits_ms = 100 * reader.u8();
  } else if (kind >= 2) {
    stray.datagram = former[static_cast<std::size_t>(captured[kind - 2u])];
  } else {
    const std::size_t size_bytes = reader.u16();
    const ByteView bytes = reader.take(std::min(size_bytes, reader.size()));
    stray.datagram.assign(bytes.begin(), bytes.end());
  }
  if (!stray.datagram.empty()) stray.datagram[where * stray.datagram.size() / 256] ^= added;
  return stray;
}

}  // namespace

std::vector<Stray> read_strays(ByteView body, const ReplayedDatagrams& former) {
  constexpr std::size_t strays_max = 40;
  std::vector<Stray> strays;
  for (Reader reader(body); !reader.empty() && strays.size() < strays_max;) strays.push_back(read_stray(reader, former));
  return strays;
}

}  // namespace tocsin::harness
