#include "harnesses/metamorphic/hello_edits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harnesses/differential/rules/codes.h"
#include "harnesses/dissect/dissect.h"
#include "harnesses/metamorphic/testing.h"

namespace tocsin::metamorphic {
namespace {

/// Each edit holds for it.
Hello offer() {
  return client_hello({{rules::supported_versions, {4, 3, 4, 3, 3}},
                       {rules::supported_groups, {0, 4, 0, 29, 0, 23}},
                       {rules::signature_algorithms, {0, 2, 4, 3}},
                       {rules::alpn, {0, 3, 2, 'h', '2'}},
                       {rules::psk_key_exchange_modes, {1, 1}},
                       {rules::key_share, {0, 5, 0, 29, 0, 1, 9}},
                       {rules::pre_shared_key, {}}});
}

const Edit& edit_of(std::string_view name) {
  const auto edits = edits_of_client_hello();
  return *std::ranges::find(edits, name, &Edit::name);
}

TEST(HelloEdits, a_hello_is_put_together_as_it_was) {
  for (const Hello& hello : {offer(), server_hello({{rules::alpn, {0, 3, 2, 'h', '2'}}})}) {
    const Bytes message = *message_of(hello);
    ASSERT_TRUE(read_hello(message));
    EXPECT_EQ(message_of(*read_hello(message)), message);
    Bytes longer = message;
    longer.push_back(0);
    EXPECT_FALSE(read_hello(longer));
    longer[3] += 1;
    EXPECT_FALSE(read_hello(longer)) << "something behind the extensions";
  }
}

TEST(HelloEdits, each_changes_the_hello_and_pre_shared_key_stays_last) {
  for (const Edit& edit : edits_of_client_hello()) {
    std::set<Bytes> made;
    for (std::uint64_t which = 0; which < 100; ++which) {
      Hello hello = offer();
      Draw draw({}, which);
      ASSERT_TRUE(edit.apply(hello, draw)) << edit.name;
      EXPECT_EQ(hello.extensions.back().type, std::uint64_t{rules::pre_shared_key}) << edit.name;
      made.insert(*message_of(hello));
    }
    EXPECT_GT(made.size(), 10u) << edit.name;
  }
}

/// The dissector finds the same faults as before: only the empty pre_shared_key.
TEST(HelloEdits, each_keeps_the_syntax) {
  const auto faults_in = [](const Hello& hello) {
    const Bytes message = *message_of(hello);
    const auto document = dissect::dissect_messages(message);
    std::set<std::string> paths;
    for (const dissect::Fault& fault : dissect::faults_of(document.nodes)) paths.insert(fault.path);
    return paths;
  };
  for (const Edit& edit : edits_of_client_hello()) {
    Hello hello = offer();
    Draw draw({});
    ASSERT_TRUE(edit.apply(hello, draw)) << edit.name;
    EXPECT_EQ(faults_in(hello), faults_in(offer())) << edit.name;
  }
}

TEST(HelloEdits, what_is_empty_or_broken_is_not_repaired) {
  const auto is_left_alone = [](std::string_view edit, std::uint16_t type, Bytes data) {
    Hello hello = client_hello({{type, std::move(data)}});
    const auto before = message_of(hello);
    Draw draw({});
    return !edit_of(edit).apply(hello, draw) && message_of(hello) == before;
  };
  EXPECT_TRUE(is_left_alone("GREASE in supported_groups", rules::supported_groups, {0, 0}));
  EXPECT_TRUE(is_left_alone("GREASE in supported_groups", rules::supported_groups, {0, 3, 0, 29, 0}));
  EXPECT_TRUE(is_left_alone("GREASE in supported_groups", rules::supported_groups, {0, 2, 0, 29, 0}));
  EXPECT_TRUE(is_left_alone("GREASE in supported_versions", rules::supported_versions, {0}));
  EXPECT_TRUE(is_left_alone("GREASE in ALPN", rules::alpn, {0, 1, 0}));
  EXPECT_TRUE(is_left_alone("GREASE in psk_key_exchange_modes", rules::psk_key_exchange_modes, {0}));
  EXPECT_TRUE(is_left_alone("GREASE in key_share", rules::key_share, {0, 4, 0, 29, 0, 0}));
  EXPECT_TRUE(is_left_alone("extensions permuted", rules::alpn, {}));
}

TEST(HelloEdits, extensions_are_not_permuted_around_a_misplaced_pre_shared_key) {
  Hello hello = client_hello({{rules::pre_shared_key, {}}, {rules::alpn, {}}, {rules::key_share, {}}});
  Draw draw({});
  EXPECT_FALSE(edit_of("extensions permuted").apply(hello, draw));
}

Flight two_hellos(const Hello& first, const Hello& second) {
  Bytes flight = record(*message_of(first));
  append(flight, record(*message_of(second)));
  return read_flight(flight);
}

TEST(HelloEdits, a_second_client_hello_is_edited_as_the_first_one) {
  Hello second = offer();
  second.find(rules::key_share)->data = {0, 5, 0, 23, 0, 1, 9};
  for (const Edit& edit : edits_of_client_hello()) {
    Flight flight = two_hellos(offer(), second);
    const bool is_applied = apply(edit, HandshakeType::client_hello, Draw({}), flight);
    EXPECT_EQ(is_applied, !edit.is_of_first_alone) << edit.name;
    Hello one = *hello_of(flight.runs[0]), other = *hello_of(flight.runs[1]);
    EXPECT_EQ(one.cipher_suites, other.cipher_suites) << edit.name;
    one.find(rules::key_share)->data = other.find(rules::key_share)->data;
    EXPECT_EQ(message_of(one), message_of(other)) << edit.name;
  }
}

TEST(HelloEdits, two_client_hellos_in_different_orders_are_left_alone) {
  Hello second = offer();
  std::swap(second.extensions[0], second.extensions[1]);
  Flight flight = two_hellos(offer(), second);
  for (const Edit& edit : edits_of_client_hello())
    EXPECT_FALSE(apply(edit, HandshakeType::client_hello, Draw({}), flight)) << edit.name;
}

TEST(HelloEdits, a_hello_that_shares_its_record_does_not_grow) {
  Bytes content = *message_of(offer());
  append(content, message(HandshakeType::client_key_exchange, 4));
  Flight flight = read_flight(record(content));
  EXPECT_FALSE(apply(edit_of("an unknown cipher suite"), HandshakeType::client_hello, Draw({}), flight));
  EXPECT_TRUE(apply(edit_of("extensions permuted"), HandshakeType::client_hello, Draw({}), flight));
  EXPECT_EQ(flight.runs[0].content.size(), content.size());
}

}  // namespace
}  // namespace tocsin::metamorphic
