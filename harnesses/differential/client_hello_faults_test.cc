#include "harnesses/differential/client_hello_faults.h"

#include <gtest/gtest.h>

#include "harnesses/peers/tocsin_peer.h"

namespace tocsin::differential {
namespace {

using enum AlertDescription;

struct Sample {
  Sample()
      : record(peers::tocsin_client({}, 1)->take_output()),
        flight(read_flight(record)),
        hello(read_client_hello(flight.messages.at(0).body)) {}
  Alerts faults() const { return faults_of_client_hello(hello, nullptr, {}); }
  ExtensionSeen& extension(std::uint16_t type) { return const_cast<ExtensionSeen&>(*hello.find(type)); }

  Bytes record;
  Flight flight;
  HelloSeen hello;
};

void expect_only(const Alerts& faults, std::initializer_list<AlertDescription> expected) {
  Alerts wanted;
  for (const AlertDescription description : expected) wanted.add(description);
  for (int i = 0; i < 256; ++i)
    EXPECT_EQ(faults.has(static_cast<std::uint8_t>(i)), wanted.has(static_cast<std::uint8_t>(i))) << i;
}

TEST(client_hello_faults, an_honest_hello_has_none) { expect_only(Sample().faults(), {}); }

TEST(client_hello_faults, finds_what_cannot_be_decoded) {
  Sample no_suites, long_id, odd_groups;
  no_suites.hello.cipher_suites = {};
  expect_only(no_suites.faults(), {decode_error, handshake_failure});
  const Bytes bytes(33);
  long_id.hello.session_id = bytes;
  expect_only(long_id.faults(), {decode_error});
  odd_groups.extension(10).body = ByteView(bytes).first(3);
  expect_only(odd_groups.faults(), {decode_error, handshake_failure, illegal_parameter});  // nor is the share's group listed
}

TEST(client_hello_faults, finds_illegal_parameters) {
  Sample compression, twice, share_of_zeros;
  const Bytes deflate{1, 0}, zeros = [] {
    Bytes body{0, 36, 0, 29, 0, 32};
    body.resize(body.size() + 32);
    return body;
  }();
  compression.hello.compression = deflate;
  expect_only(compression.faults(), {illegal_parameter});
  twice.hello.extensions.push_back(twice.hello.extensions.front());
  expect_only(twice.faults(), {illegal_parameter});
  share_of_zeros.extension(51).body = zeros;
  expect_only(share_of_zeros.faults(), {illegal_parameter});
}

TEST(client_hello_faults, finds_what_is_missing_and_what_is_not_shared) {
  Sample without_schemes, version_12;
  std::erase_if(without_schemes.hello.extensions, [](const ExtensionSeen& one) { return one.type == 13; });
  expect_only(without_schemes.faults(), {missing_extension, handshake_failure});
  const Bytes versions{2, 3, 3};
  version_12.extension(43).body = versions;
  expect_only(version_12.faults(), {protocol_version});
}

TEST(client_hello_faults, compares_a_second_hello_with_the_first) {
  const Sample first;
  Sample same, other;
  expect_only(faults_of_client_hello(same.hello, &first.hello, {}), {});
  other.hello.session_id = {};
  expect_only(faults_of_client_hello(other.hello, &first.hello, {}), {illegal_parameter});
}

}  // namespace
}  // namespace tocsin::differential
