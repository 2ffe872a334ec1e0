#include "harnesses/tool/net/sockets.h"

#include <gtest/gtest.h>

#include <cstring>

#include "harnesses/tool/failure.h"

namespace tocsin::tool {
namespace {

TEST(parse_address, takes_names_addresses_and_ports) {
  EXPECT_EQ(parse_address("example.test:443").host, "example.test");
  EXPECT_EQ(parse_address("example.test:https").port, "https");
  EXPECT_EQ(parse_address("[2001:db8::1]:443").host, "2001:db8::1");
  EXPECT_EQ(parse_address("4433", "127.0.0.1").host, "127.0.0.1");
  EXPECT_EQ(parse_address("4433", "127.0.0.1").port, "4433");
}

TEST(parse_address, refuses_what_is_incomplete_or_ambiguous) {
  for (const char* text : {"", ":", "host:", ":443", "443", "2001:db8::1:443", "[]:443"}) {
    EXPECT_THROW(parse_address(text), UsageError) << text;
  }
}

TEST(source_of, knows_a_host_with_many_addresses_as_one) {
  const auto source = [](const char* host) {
    const Resolved found = resolve<UsageError>({host, "443"}, SOCK_STREAM, AI_NUMERICHOST);
    sockaddr_storage address{};
    std::memcpy(&address, found->ai_addr, found->ai_addrlen);
    return source_of(address);
  };
  EXPECT_EQ(source("192.0.2.1"), (Bytes{192, 0, 2, 1}));
  EXPECT_EQ(source("::ffff:192.0.2.1"), source("192.0.2.1"));
  EXPECT_NE(source("192.0.2.2"), source("192.0.2.1"));
  EXPECT_EQ(source("2001:db8:0:1::1"), source("2001:db8:0:1:ffff::"));
  EXPECT_NE(source("2001:db8:0:1::1"), source("2001:db8:0:2::1"));
  EXPECT_EQ(source_of({}), Bytes{});
}

TEST(listen_on, refuses_a_port_that_is_taken) {
  const Descriptor first = listen_on({"127.0.0.1", "0"});
  EXPECT_THROW(listen_on(parse_address(local_address(first))), UsageError);
}

TEST(connect_to, tells_that_nobody_listens) {
  std::string address;
  {
    const Descriptor taken = listen_on({"127.0.0.1", "0"});
    address = local_address(taken);
  }
  EXPECT_THROW(connect_to(parse_address(address), std::chrono::milliseconds(1000)), NetworkError);
}

}  // namespace
}  // namespace tocsin::tool
