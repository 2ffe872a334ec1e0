#include "harnesses/metamorphic/datagrams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/base/writer.h"
#include "harnesses/dissect/records.h"

namespace tocsin::metamorphic {
namespace {

constexpr std::uint64_t draws = 100;

Bytes record_of(ContentType type, std::uint16_t epoch, std::uint32_t sequence, ByteView fragment) {
  Bytes bytes;
  Writer writer(bytes);
  writer.u8(static_cast<std::uint8_t>(type));
  writer.u16(0xfefd);
  writer.u16(epoch);
  writer.u16(0);
  writer.u32(sequence);
  writer.vector16(fragment);
  return bytes;
}
/// A record with a whole message, whose body counts up.
Bytes message_record(HandshakeType type, std::uint32_t sequence, std::uint8_t body_bytes) {
  Bytes content;
  Writer writer(content);
  writer.u8(static_cast<std::uint8_t>(type));
  writer.u24(body_bytes);
  writer.u16(1);
  writer.u24(0);
  writer.u24(body_bytes);
  for (std::uint8_t i = 0; i < body_bytes; ++i) writer.u8(i);
  return record_of(ContentType::handshake, 0, sequence, content);
}
Bytes protected_record() { return record_of(ContentType::handshake, 1, 0, Bytes(40, 1)); }

const DatagramStep& step_of(std::string_view name) {
  const auto steps = datagram_steps();
  return *std::ranges::find(steps, name, &DatagramStep::name);
}
Deliveries stepped(std::string_view name, const std::vector<Bytes>& datagrams, std::uint64_t which) {
  Deliveries all;
  for (const Bytes& datagram : datagrams) all.push_back({datagram});
  Draw draw({}, which);
  return step_of(name).apply(std::move(all), 0, draw);
}
std::vector<dissect::DtlsRecordView> records_of(const Deliveries& all) {
  std::vector<dissect::DtlsRecordView> records;
  for (const Delivery& one : all)
    for (ByteView rest = one.datagram; const auto record = dissect::take_dtls_record(rest);) records.push_back(*record);
  return records;
}

TEST(DatagramSteps, cut_fragments_cover_the_message_under_rising_numbers) {
  bool overlaps = false, is_cut = false;
  for (std::uint64_t which = 0; which < draws; ++which) {
    Bytes datagram = message_record(HandshakeType::client_key_exchange, 2, 30);
    append(datagram, record_of(ContentType::change_cipher_spec, 0, 3, Bytes{1}));
    append(datagram, protected_record());
    const auto all = stepped("fragments cut otherwise", {datagram}, which);
    const auto records = records_of(all);
    ASSERT_GE(records.size(), 3u);
    std::map<std::uint32_t, int> covered;
    for (std::size_t i = 0; i + 2 < records.size(); ++i) {
      EXPECT_LT(records[i].sequence, records[i + 1].sequence);
      const auto fragments = dissect::fragments_of(records[i]);
      ASSERT_EQ(fragments.size(), 1u);
      ASSERT_TRUE(fragments[0].is_whole() && fragments[0].fragment_bytes != 0 && fragments[0].length_bytes == 30);
      for (std::uint32_t at = 0; at < fragments[0].fragment_bytes; ++at) {
        EXPECT_EQ(fragments[0].body[at], fragments[0].offset_bytes + at);
        overlaps = ++covered[fragments[0].offset_bytes + at] > 1 || overlaps;
      }
    }
    EXPECT_EQ(covered.size(), 30u);
    is_cut = is_cut || records.size() > 3;
    const ByteView last = records.back().fragment;
    EXPECT_EQ(Bytes(last.begin(), last.end()), Bytes(40, 1)) << "what is protected cannot be cut";
  }
  EXPECT_TRUE(overlaps && is_cut);
}

TEST(DatagramSteps, a_client_hello_stays_whole) {
  for (std::uint64_t which = 0; which < draws; ++which)
    EXPECT_EQ(stepped("fragments cut otherwise", {message_record(HandshakeType::client_hello, 0, 30)}, which)[0].datagram,
              message_record(HandshakeType::client_hello, 0, 30));
}

TEST(DatagramSteps, grouped_records_are_the_same_in_the_same_order_and_two_hellos_stay_apart) {
  const Bytes hello = message_record(HandshakeType::client_hello, 0, 30), other = message_record(HandshakeType::finished, 1, 9);
  bool is_joined = false, is_spread = false;
  for (std::uint64_t which = 0; which < draws; ++which) {
    Bytes both = hello;
    append(both, other);
    const auto all = stepped("records in other datagrams", {both, hello, other}, which);
    Bytes before, after;
    for (const Bytes& one : {both, hello, other}) append(before, one);
    for (const Delivery& one : all) {
      append(after, one.datagram);
      const std::vector<Delivery> alone{one};
      const auto records = records_of(alone);
      EXPECT_LE(std::ranges::count_if(records, [](const auto& record) { return record.fragment[0] == 1; }), 1);
    }
    EXPECT_EQ(after, before);
    is_joined = is_joined || all.size() < 3;
    is_spread = is_spread || all.size() > 3;
  }
  EXPECT_TRUE(is_joined && is_spread);
}

TEST(DatagramSteps, what_a_stack_need_not_read_on_behind_is_left_alone) {
  Bytes cut = message_record(HandshakeType::finished, 0, 30);
  cut.pop_back();
  Bytes unknown = message_record(HandshakeType::finished, 0, 30);
  unknown[0] = 99;
  Bytes two_hellos = message_record(HandshakeType::client_hello, 0, 30);
  append(two_hellos, message_record(HandshakeType::client_hello, 1, 30));
  for (const Bytes& datagram : {cut, unknown, two_hellos, Bytes{}}) {
    const auto all = stepped("records in other datagrams", {datagram, datagram}, 1);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].datagram, datagram);
  }
}

TEST(DatagramSteps, doubled_ones_and_strays_leave_the_others_as_they_are) {
  std::vector<Bytes> datagrams(8, protected_record());
  const auto doubled = stepped("datagrams doubled", datagrams, 1);
  EXPECT_GT(doubled.size(), 8u);
  EXPECT_TRUE(std::ranges::all_of(doubled, [](const Delivery& one) { return one.datagram == protected_record(); }));
  const auto with_strays = stepped("strays in between", datagrams, 1);
  EXPECT_GT(with_strays.size(), 8u);
  EXPECT_EQ(std::ranges::count(with_strays, false, &Delivery::is_stray), 8);
  for (const Delivery& one : with_strays) EXPECT_EQ(one.datagram == protected_record(), !one.is_stray);
}

}  // namespace
}  // namespace tocsin::metamorphic
