#pragma once
// What is to become of the first datagrams on a link, one by one; from then on the link is perfect.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::link {

enum class Action : std::uint8_t {
  deliver,
  drop,
  duplicate,  // the copy arrives right behind it
  swap,       // with the next one in its direction: held back until that is sent
};
inline constexpr std::array all_actions{Action::deliver, Action::drop, Action::duplicate, Action::swap};

/// The n-th action is for the n-th datagram, counted over all directions in the order of sending.
using Pattern = std::vector<Action>;

/// How many patterns there are for that many datagrams; at most 31.
constexpr std::uint64_t number_of_patterns(std::size_t datagrams) { return std::uint64_t{1} << (2 * datagrams); }
/// The number-th of them, in the order of the letters.
Pattern pattern_of(std::uint64_t number, std::size_t datagrams);

/// A letter for each action: d deliver, l lose, r repeat, s swap.
std::string letters_of(const Pattern& pattern);
/// Nothing if a letter is none of these.
std::optional<Pattern> parse_pattern(std::string_view text);

}  // namespace tocsin::link
