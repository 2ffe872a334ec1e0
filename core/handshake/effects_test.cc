#include "core/handshake/effects.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"
#include "core/wire/finished.h"

namespace tocsin::handshake {
namespace {

using test::copy_of;
using test::from_hex;

TEST(Effects, a_message_can_be_patched_between_its_encoding_and_its_queueing) {
  Effects effects;
  effects.send(wire::Finished{from_hex("0102")});
  const MutableBytes encoded = effects.encode_message(wire::Finished{from_hex("0000")});
  EXPECT_EQ(effects.in_order.size(), 1u);
  encoded.back() = 0xff;
  const ByteView queued = effects.queue(encoded);
  EXPECT_EQ(copy_of(queued), from_hex("14 000002 00ff"));
  ASSERT_EQ(effects.in_order.size(), 2u);
  const auto& sent = std::get<SendHandshake>(effects.in_order.begin()[1]);
  EXPECT_EQ(copy_of(ByteView(effects.messages).subspan(sent.offset_bytes, sent.size_bytes)), copy_of(queued));
}

}  // namespace
}  // namespace tocsin::handshake
