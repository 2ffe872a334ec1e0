#include "harnesses/metamorphic/hello_edits.h"

#include <algorithm>

#include "core/base/reader.h"
#include "core/base/writer.h"
#include "harnesses/differential/rules/codes.h"

namespace tocsin::metamorphic {
namespace {

template <class Values>
auto place_in(const Values& values, Draw& draw) {
  return values.begin() + static_cast<std::ptrdiff_t>(draw.below(values.size() + 1));
}

// RFC 8701 2
std::uint16_t grease(Draw& draw) { return static_cast<std::uint16_t>(0x0a0a + 0x1010 * draw.below(16)); }
std::uint8_t grease_byte(Draw& draw) { return static_cast<std::uint8_t>(0x0b + 0x1f * draw.below(8)); }
// Which IANA has assigned to nothing.
std::uint16_t unknown_extension(Draw& draw) { return static_cast<std::uint16_t>(0x1000 + draw.below(0x800)); }
std::uint16_t unknown_suite(Draw& draw) { return static_cast<std::uint16_t>(0x4700 + draw.below(0x100)); }

// A list of numbers of two bytes that fills the extension, behind its length; of one that is empty or broken nothing.
std::optional<std::vector<std::uint16_t>> numbers_in(const Extension* extension, std::size_t length_bytes) {
  if (extension == nullptr) return std::nullopt;
  Reader reader(extension->data);
  Reader list(length_bytes == 1 ? reader.vector8(1) : reader.vector16(1));
  std::vector<std::uint16_t> numbers;
  while (!list.empty()) numbers.push_back(list.u16());
  if (!reader.done() || list.failed()) return std::nullopt;
  return numbers;
}

// The value at any place in such a list; not twice, and not beyond its maximum, which the RFCs give in bytes.
bool add_number(Extension* extension, std::size_t length_bytes, std::size_t bytes_max, std::uint16_t value, Draw& draw) {
  auto numbers = numbers_in(extension, length_bytes);
  if (!numbers || std::ranges::count(*numbers, value) != 0 || 2 * numbers->size() + 2 > bytes_max) return false;
  numbers->insert(place_in(*numbers, draw), value);
  extension->data.clear();
  Writer writer(extension->data);
  writer.with_length(length_bytes, [&] {
    for (const std::uint16_t number : *numbers) writer.u16(number);
  });
  return true;
}
bool add_number(Extension* extension, std::uint16_t value, Draw& draw) {
  constexpr std::size_t bytes_max = 0xfffe;
  return add_number(extension, 2, bytes_max, value, draw);
}

bool add_suite(std::uint16_t suite, Hello& hello, Draw& draw) {
  constexpr std::size_t suites_max = 0x7fff;
  auto& suites = hello.cipher_suites;
  if (suites.empty() || suites.size() >= suites_max || std::ranges::count(suites, suite) != 0) return false;
  suites.insert(place_in(suites, draw), suite);
  return true;
}

bool add_extension(std::uint16_t type, Hello& hello, Draw& draw) {
  if (hello.find(type) != nullptr) return false;
  constexpr std::size_t data_bytes_max = 16;
  Extension added{type, draw.bytes(draw.below(data_bytes_max))};
  auto& all = hello.extensions;
  // RFC 9846 4.3.11: pre_shared_key is the last one.
  const bool has_last = !all.empty() && all.back().type == rules::pre_shared_key;
  all.insert(all.begin() + static_cast<std::ptrdiff_t>(draw.below(all.size() + (has_last ? 0 : 1))), std::move(added));
  return true;
}

bool permute_extensions(Hello& hello, Draw& draw) {
  auto& all = hello.extensions;
  const bool has_last = !all.empty() && all.back().type == rules::pre_shared_key;
  const auto end = all.end() - (has_last ? 1 : 0);
  const bool is_misplaced =
      std::any_of(all.begin(), end, [](const Extension& one) { return one.type == rules::pre_shared_key; });
  if (is_misplaced || end - all.begin() < 2) return false;
  // By a number for each type: so a second ClientHello has the order of the first one.
  const std::uint64_t order = draw.below(1u << 16);
  std::stable_sort(all.begin(), end, [&](const Extension& one, const Extension& other) {
    const auto number_of = [&](std::uint16_t type) {
      const std::uint8_t bytes[] = {static_cast<std::uint8_t>(type >> 8), static_cast<std::uint8_t>(type)};
      return Draw(bytes, order).below(1u << 16);
    };
    return number_of(one.type) < number_of(other.type);
  });
  return true;
}

// The entries behind their length in two bytes; nothing if they are too long for that.
std::optional<Bytes> list_of(const std::vector<Bytes>& entries) {
  Bytes data;
  Writer writer(data);
  writer.with_length(2, [&] {
    for (const Bytes& entry : entries) writer.bytes(entry);
  });
  if (writer.overflowed()) return std::nullopt;
  return data;
}

bool grease_suites(Hello& hello, Draw& draw) { return add_suite(grease(draw), hello, draw); }
bool grease_groups(Hello& hello, Draw& draw) { return add_number(hello.find(rules::supported_groups), grease(draw), draw); }
bool grease_schemes(Hello& hello, Draw& draw) {
  return add_number(hello.find(rules::signature_algorithms), grease(draw), draw);
}
bool grease_versions(Hello& hello, Draw& draw) {
  constexpr std::size_t versions_bytes_max = 254;
  return add_number(hello.find(rules::supported_versions), 1, versions_bytes_max, grease(draw), draw);
}
bool grease_extension(Hello& hello, Draw& draw) { return add_extension(grease(draw), hello, draw); }

// A group and a share of it, which stands anywhere among the others.
bool grease_key_share(Hello& hello, Draw& draw) {
  Extension* shares = hello.find(rules::key_share);
  if (shares == nullptr) return false;
  Reader reader(shares->data);
  Reader list(reader.vector16());
  std::vector<Bytes> entries;
  const std::uint16_t group = grease(draw);
  while (!list.empty()) {
    const std::uint16_t other = list.u16();
    const ByteView key = list.vector16(1);
    if (list.failed() || other == group) return false;
    Writer entry(entries.emplace_back());
    entry.u16(other);
    entry.vector16(key);
  }
  Bytes added;
  Writer entry(added);
  entry.u16(group);
  entry.vector16(Bytes{static_cast<std::uint8_t>(draw.below(0x100))});
  entries.insert(place_in(entries, draw), std::move(added));
  auto data = list_of(entries);
  if (!reader.done() || !data || !add_number(hello.find(rules::supported_groups), group, draw)) return false;
  shares->data = std::move(*data);
  return true;
}

bool grease_alpn(Hello& hello, Draw& draw) {
  Extension* alpn = hello.find(rules::alpn);
  if (alpn == nullptr) return false;
  Reader reader(alpn->data);
  Reader list(reader.vector16(1));
  std::vector<Bytes> names;
  while (!list.empty()) {
    Writer(names.emplace_back()).vector8(list.vector8(1));
  }
  if (!reader.done() || list.failed()) return false;
  const std::uint16_t value = grease(draw);
  const auto byte = static_cast<std::uint8_t>(value);
  names.insert(place_in(names, draw), Bytes{2, byte, byte});
  auto data = list_of(names);
  if (!data) return false;
  alpn->data = std::move(*data);
  return true;
}

bool grease_psk_modes(Hello& hello, Draw& draw) {
  Extension* modes = hello.find(rules::psk_key_exchange_modes);
  if (modes == nullptr) return false;
  Reader reader(modes->data);
  const ByteView list = reader.vector8(1, 0xfe);
  if (!reader.done()) return false;
  Bytes values(list.begin(), list.end());
  values.insert(place_in(values, draw), grease_byte(draw));
  modes->data.clear();
  Writer(modes->data).vector8(values);
  return true;
}

bool add_unknown_extension(Hello& hello, Draw& draw) { return add_extension(unknown_extension(draw), hello, draw); }
bool add_unknown_suite(Hello& hello, Draw& draw) { return add_suite(unknown_suite(draw), hello, draw); }

constexpr Edit of_client_hello[] = {
    {"extensions permuted", "RFC 9846 4.3", permute_extensions},
    {"an unknown extension", "RFC 9846 4.2.2", add_unknown_extension},
    {"an unknown cipher suite", "RFC 9846 4.2.2", add_unknown_suite},
    {"GREASE in cipher_suites", "RFC 8701 3.1", grease_suites},
    {"GREASE in extensions", "RFC 8701 3.1", grease_extension},
    {"GREASE in supported_groups", "RFC 8701 3.1", grease_groups},
    {"GREASE in signature_algorithms", "RFC 8701 3.1", grease_schemes},
    {"GREASE in supported_versions", "RFC 8701 3.1", grease_versions},
    {"GREASE in psk_key_exchange_modes", "RFC 8701 3.1", grease_psk_modes},
    {"GREASE in ALPN", "RFC 8701 3.1", grease_alpn},
    {"GREASE in key_share", "RFC 8701 3.1", grease_key_share, true},
};
constexpr Edit of_server_hello[] = {
    {"extensions permuted", "RFC 9846 4.3", permute_extensions},
};

// How many runs begin with one, before those that do not; 0 if one stands anywhere else.
std::size_t hellos_in(const Flight& flight, HandshakeType type) {
  const auto is_hello = [&](ByteView message) { return message[0] == static_cast<std::uint8_t>(type); };
  std::size_t hellos = 0, runs = 0;
  for (const Run& run : flight.runs) {
    if (is_hello(run.content) && hellos++ != runs) return 0;
    ++runs;
    ByteView content = run.content;
    while (dissect::take_message(content) && !content.empty())
      if (is_hello(content)) return 0;
  }
  return hellos;
}

// RFC 9846 4.2.2: a second ClientHello is the first one, but for some extensions.
bool has_order_of(const Hello& first, const Hello& second) {
  const auto common = [](const Hello& of, const Hello& with) {
    std::vector<std::uint16_t> types;
    for (const Extension& extension : of.extensions)
      if (with.find(extension.type) != nullptr) types.push_back(extension.type);
    return types;
  };
  return common(first, second) == common(second, first);
}
bool have_same_order(const std::vector<Hello>& hellos) {
  return std::ranges::all_of(hellos, [&](const Hello& hello) { return has_order_of(hellos[0], hello); });
}

}  // namespace

std::span<const Edit> edits_of_client_hello() { return of_client_hello; }
std::span<const Edit> edits_of_server_hello() { return of_server_hello; }

bool apply(const Edit& edit, HandshakeType type, const Draw& draw, Flight& flight) {
  const std::size_t count = hellos_in(flight, type);
  if (count == 0 || (count > 1 && edit.is_of_first_alone)) return false;
  std::vector<Hello> before, after;
  Flight edited = flight;
  for (std::size_t i = 0; i < count; ++i) {
    auto hello = hello_of(flight.runs[i]);
    if (!hello) return false;
    before.push_back(*hello);
    Draw same = draw;
    if (!edit.apply(*hello, same) || !replace_hello(edited.runs[i], *hello)) return false;
    after.push_back(std::move(*hello));
  }
  const bool is_client_hello = type == HandshakeType::client_hello;
  if (is_client_hello && (!have_same_order(before) || !have_same_order(after))) return false;
  flight = std::move(edited);
  return true;
}

}  // namespace tocsin::metamorphic
