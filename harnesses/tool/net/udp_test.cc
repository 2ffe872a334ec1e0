#include "harnesses/tool/net/udp.h"

#include <gtest/gtest.h>

namespace tocsin::tool {
namespace {

TEST(udp, looks_up_after_a_number_of_datagrams) {
  const Descriptor receiving = bind_datagrams(parse_address("127.0.0.1:0"));
  const Descriptor sending = connect_datagrams(parse_address(local_address(receiving)));
  for (int i = 0; i < datagrams_per_turn + 1; ++i) ASSERT_EQ(send_datagram(sending, bytes_of("x")), 0);
  int taken = 0;
  const auto take = [&taken](const ReceivedDatagram&) { ++taken; };
  EXPECT_EQ(receive_waiting(receiving, take), 0);
  EXPECT_EQ(taken, datagrams_per_turn);
  EXPECT_EQ(receive_waiting(receiving, take), EAGAIN);
  EXPECT_EQ(taken, datagrams_per_turn + 1);
}

}  // namespace
}  // namespace tocsin::tool
