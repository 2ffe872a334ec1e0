#include "harnesses/stacks/deterministic_rand.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>

namespace tocsin::stacks {
namespace {

Bytes drawn(std::size_t size_bytes) {
  Bytes bytes(size_bytes);
  EXPECT_EQ(RAND_priv_bytes(bytes.data(), static_cast<int>(bytes.size())), 1);
  return bytes;
}

TEST(deterministic_rand, equal_seeds_give_equal_bytes_and_others_do_not) {
  RandomStream a(7), b(7), c(8);
  const UseRandomStream use_a(a);
  const Bytes from_a = drawn(40);
  const UseRandomStream use_b(b);
  EXPECT_EQ(from_a, drawn(40));
  const UseRandomStream use_c(c);
  EXPECT_NE(from_a, drawn(40));
}

TEST(deterministic_rand, a_partys_stream_is_untouched_by_the_others_draws) {
  RandomStream a(1), alone(1), b(2);
  Bytes interrupted, whole;
  {
    const UseRandomStream use(a);
    interrupted = drawn(8);
    const UseRandomStream other(b);
    drawn(100);
  }
  {
    const UseRandomStream use(a);
    append(interrupted, drawn(8));
  }
  const UseRandomStream use(alone);
  whole = drawn(8);
  append(whole, drawn(8));
  EXPECT_EQ(interrupted, whole);
}

TEST(deterministic_rand, reaches_key_generation) {
  std::array<std::array<std::uint8_t, 32>, 2> keys{};
  for (auto& key : keys) {
    RandomStream stream(5);
    const UseRandomStream use(stream);
    EVP_PKEY* pair = EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519");
    std::size_t size_bytes = key.size();
    ASSERT_EQ(EVP_PKEY_get_raw_public_key(pair, key.data(), &size_bytes), 1);
    EVP_PKEY_free(pair);
  }
  EXPECT_EQ(keys[0], keys[1]);
}

TEST(deterministic_rand, outside_of_any_stream_draws_differ) { EXPECT_NE(drawn(32), drawn(32)); }

}  // namespace
}  // namespace tocsin::stacks
