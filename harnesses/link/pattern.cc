#include "harnesses/link/pattern.h"

namespace tocsin::link {
namespace {

constexpr std::string_view letters = "dlrs";
static_assert(letters.size() == all_actions.size());

}  // namespace

Pattern pattern_of(std::uint64_t number, std::size_t datagrams) {
  Pattern pattern(datagrams);
  for (std::size_t i = datagrams; i-- > 0; number >>= 2) pattern[i] = all_actions[number & 3];
  return pattern;
}

std::string letters_of(const Pattern& pattern) {
  std::string text;
  for (const Action action : pattern) text += letters[static_cast<std::size_t>(action)];
  return text;
}

std::optional<Pattern> parse_pattern(std::string_view text) {
  Pattern pattern;
  for (const char letter : text) {
    const std::size_t at = letters.find(letter);
    if (at == std::string_view::npos) return std::nullopt;
    pattern.push_back(all_actions[at]);
  }
  return pattern;
}

}  // namespace tocsin::link
