#include "tocsin/discard.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tocsin {
namespace {

TEST(DiscardReason, each_has_a_name_of_its_own_a_clause_and_a_sentence) {
  std::set<std::string_view> names, sentences;
  for (std::size_t i = 0; i < number_of_discard_reasons; ++i) {
    const auto why = static_cast<DiscardReason>(i);
    names.insert(name_of(why));
    sentences.insert(sentence_of(why));
    EXPECT_TRUE(clause_of(why).starts_with("RFC ")) << name_of(why);
    EXPECT_TRUE(sentence_of(why).ends_with(".")) << name_of(why);
  }
  EXPECT_EQ(names.size(), number_of_discard_reasons);
  EXPECT_EQ(sentences.size(), number_of_discard_reasons);
  EXPECT_EQ(name_of(DiscardReason::datagram_empty), "datagram_empty");
  EXPECT_EQ(static_cast<std::size_t>(DiscardReason::called_from_callback), number_of_discard_reasons - 1);
}

}  // namespace
}  // namespace tocsin
