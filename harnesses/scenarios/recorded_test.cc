// What real clients and servers said, as corpus/RECORDED.md lists it, comes to what it came to when it was recorded.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/client_hello.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"
#include "core/wire/server_hello.h"
#include "harnesses/scenarios/first_flight.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

using differential::End;
using differential::Verdict;

// The unit tests run in the source tree.
std::map<std::string, Bytes> recorded(const std::string& target) {
  std::map<std::string, Bytes> seeds;
  for (const auto& entry : std::filesystem::directory_iterator("corpus/" + target)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("recorded-")) continue;
    seeds[name] = corpus_file(target + "/" + name);
  }
  return seeds;
}

bool has(const std::string& name, std::string_view part) { return name.find(part) != name.npos; }

TEST(recorded, clients_are_served_by_either_way_in_unless_they_have_nothing_in_common_with_us) {
  std::size_t served = 0;
  for (const auto& [name, seed] : recorded("server_first_flight")) {
    const Verdict verdict = server_verdict(Input(seed));
    if (name.ends_with("-tls12")) {
      EXPECT_EQ(verdict.why, Reason::version_unsupported) << name;
    } else if (name.ends_with("-ffdhe2048")) {
      EXPECT_EQ(verdict.why, Reason::no_common_group) << name;
    } else {
      EXPECT_EQ(verdict.end, End::waiting) << name << ": " << describe(verdict);
      EXPECT_TRUE(verdict.answered) << name;
      EXPECT_EQ(verdict.retried, has(name, "-retry")) << name;
      ++served;
    }
  }
  EXPECT_GE(served, 50u);
}

TEST(recorded, server_hellos_are_taken_and_what_is_under_their_keys_is_not) {
  std::size_t taken = 0;
  for (const auto& [name, seed] : recorded("client_first_flight")) {
    const Verdict verdict = client_verdict(Input(seed));
    if (has(name, "-refuses-")) {
      EXPECT_EQ(verdict.end, End::told) << name << ": " << describe(verdict);
      EXPECT_FALSE(verdict.alert) << name;
    } else if (has(name, "-asks-for-cookie")) {
      EXPECT_EQ(verdict.end, End::waiting) << name << ": " << describe(verdict);
      EXPECT_TRUE(verdict.retried) << name;
    } else {
      // The server had another client's key share, so that only its first record can be read here.
      EXPECT_EQ(verdict.why, Reason::record_bad_mac) << name << ": " << describe(verdict);
      EXPECT_TRUE(verdict.answered) << name;
      EXPECT_EQ(verdict.retried, has(name, "-retry")) << name;
      ++taken;
    }
  }
  EXPECT_GE(taken, 20u);
}

template <auto decode>
bool decodes(ByteView body) {
  return bool(decode(body));
}

TEST(recorded, messages_are_decoded) {
  // In the order of the target wire_messages.
  constexpr bool (*by_first_byte[])(ByteView) = {
      decodes<wire::decode_client_hello>, decodes<wire::decode_server_hello>,        decodes<wire::decode_encrypted_extensions>,
      decodes<wire::decode_certificate>,  decodes<wire::decode_certificate_request>, decodes<wire::decode_certificate_verify>,
      decodes<wire::decode_finished>,     decodes<wire::decode_new_session_ticket>,  decodes<wire::decode_key_update>,
  };
  const auto seeds = recorded("wire_messages");
  EXPECT_GE(seeds.size(), 100u);
  for (const auto& [name, seed] : seeds) {
    ASSERT_LT(seed.at(0), std::size(by_first_byte)) << name;
    EXPECT_TRUE(by_first_byte[seed[0]](ByteView(seed).subspan(1))) << name;
  }
}

}  // namespace
}  // namespace tocsin::harness
