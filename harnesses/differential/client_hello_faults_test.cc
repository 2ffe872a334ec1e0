#include "harnesses/differential/client_hello_faults.h"

#include <gtest/gtest.h>

#include <set>

#include "harnesses/stacks/tocsin/peer.h"

namespace tocsin::differential {
namespace {

using enum FaultKind;

struct Sample {
  Sample()
      : record(stacks::tocsin_client({}, 1)->take_output()),
        flight(read_flight(record)),
        hello(read_client_hello(flight.messages.at(0).body)) {}
  Faults faults() const { return faults_of_client_hello(hello, nullptr, {}); }
  ExtensionSeen& extension(std::uint16_t type) { return const_cast<ExtensionSeen&>(*hello.find(type)); }

  Bytes record;
  Flight flight;
  HelloSeen hello;
};

void expect_only(const Faults& faults, std::set<FaultKind> expected) {
  std::set<FaultKind> found;
  for (const Fault& fault : faults) found.insert(fault.kind);
  EXPECT_EQ(found, expected);
}

TEST(client_hello_faults, an_honest_hello_has_none) { expect_only(Sample().faults(), {}); }

TEST(client_hello_faults, finds_what_cannot_be_decoded) {
  Sample no_suites, long_id, odd_groups;
  no_suites.hello.cipher_suites = {};
  expect_only(no_suites.faults(), {cipher_suites_form});
  const Bytes bytes(33);
  long_id.hello.session_id = bytes;
  expect_only(long_id.faults(), {session_id_too_long});
  odd_groups.extension(10).body = ByteView(bytes).first(3);
  expect_only(odd_groups.faults(), {extension_form});  // what the list should have held is no fault of its own
}

TEST(client_hello_faults, finds_illegal_parameters) {
  Sample compression, twice, share_of_zeros;
  const Bytes deflate{1, 0}, zeros = [] {
    Bytes body{0, 36, 0, 29, 0, 32};
    body.resize(body.size() + 32);
    return body;
  }();
  compression.hello.compression = deflate;
  expect_only(compression.faults(), {compression_value});
  twice.hello.extensions.push_back(twice.hello.extensions.front());
  expect_only(twice.faults(), {extension_twice});
  share_of_zeros.extension(51).body = zeros;
  expect_only(share_of_zeros.faults(), {share_invalid});
}

TEST(client_hello_faults, finds_what_is_missing_and_what_is_not_shared) {
  Sample without_schemes, older_version;
  std::erase_if(without_schemes.hello.extensions, [](const ExtensionSeen& one) { return one.type == 13; });
  expect_only(without_schemes.faults(), {extension_missing});
  const Bytes versions{2, 3, 3};
  older_version.extension(43).body = versions;
  expect_only(older_version.faults(), {no_common_version});
}

// A list with one share: the base point of P-256.
const Bytes p256_share{0x00, 0x45, 0x00, 0x17, 0x00, 0x41, 0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47,
                       0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33,
                       0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
                       0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b,
                       0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};

TEST(client_hello_faults, compares_a_second_hello_with_the_first) {
  const Sample first;
  Sample second, same, other;
  second.extension(51).body = p256_share;
  expect_only(faults_of_client_hello(second.hello, &first.hello, {}), {});
  expect_only(faults_of_client_hello(same.hello, &first.hello, {}), {second_hello_share});
  other.extension(51).body = p256_share;
  other.hello.session_id = {};
  expect_only(faults_of_client_hello(other.hello, &first.hello, {}), {second_hello_differs});
}

TEST(client_hello_faults, leaves_the_shares_that_it_does_not_use_to_the_server) {
  Sample sample;
  Bytes shares = p256_share;  // the first of two; the second is of X25519, and of zeros
  shares.insert(shares.end(), {0x00, 0x1d, 0x00, 0x20});
  shares.resize(shares.size() + 32);
  shares[1] = static_cast<std::uint8_t>(shares.size() - 2);
  sample.extension(51).body = shares;
  stacks::PeerConfig server;
  server.groups = {NamedGroup::secp256r1, NamedGroup::x25519};
  expect_only(faults_of_client_hello(sample.hello, nullptr, server), {});
  expect_only(faults_that_may_pass(sample.hello, server), {share_invalid});
  server.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
  expect_only(faults_of_client_hello(sample.hello, nullptr, server), {share_invalid});
}

}  // namespace
}  // namespace tocsin::differential
