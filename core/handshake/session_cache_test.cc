#include <gtest/gtest.h>

#include "core/base/testing.h"
#include "tocsin/sessions.h"

namespace tocsin {
namespace {

std::string found(SessionCache& cache, std::string_view key) { return std::string(text_of(cache.find(bytes_of(key)).view())); }
void keep(SessionCache& cache, std::string_view key, std::string_view session) {
  cache.keep(bytes_of(key), bytes_of(session), UnixSeconds{1});
}

TEST(SessionCache, gives_what_was_kept_last_under_a_key_until_it_is_forgotten) {
  SessionCache cache;
  EXPECT_EQ(found(cache, "a"), "");
  keep(cache, "a", "first");
  keep(cache, "a", "second");
  keep(cache, "b", "other");
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_EQ(found(cache, "a"), "second");
  cache.forget(bytes_of("a"));
  cache.forget(bytes_of("a"));
  EXPECT_EQ(found(cache, "a"), "");
  EXPECT_EQ(found(cache, "b"), "other");
}

TEST(SessionCache, lets_go_of_what_was_not_used_for_longest) {
  SessionCache cache(3);
  for (const std::string_view key : {"a", "b", "c"}) keep(cache, key, key);
  EXPECT_EQ(found(cache, "a"), "a");
  keep(cache, "d", "d");
  EXPECT_EQ(cache.size(), 3u);
  EXPECT_EQ(found(cache, "b"), "");
  keep(cache, "c", "again");
  keep(cache, "e", "e");
  EXPECT_EQ(found(cache, "a"), "");
  EXPECT_EQ(found(cache, "c"), "again");
}

TEST(SessionCache, holds_one_at_least) {
  SessionCache cache(0);
  keep(cache, "a", "a");
  keep(cache, "b", "b");
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_EQ(found(cache, "b"), "b");
}

TEST(SecretBytes, what_was_moved_from_is_empty) {
  SecretBytes one(Bytes{1, 2}), other(Bytes{3});
  other = std::move(one);
  EXPECT_EQ(other.view().size(), 2u);
  EXPECT_TRUE(one.empty());
  const SecretBytes third(std::move(other));
  EXPECT_EQ(third.view()[1], 2);
  EXPECT_TRUE(other.empty());
}

}  // namespace
}  // namespace tocsin
