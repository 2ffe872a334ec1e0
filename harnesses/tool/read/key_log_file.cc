#include "harnesses/tool/read/key_log_file.h"

#include <algorithm>
#include <cctype>

#include "harnesses/dissect/text.h"
#include "harnesses/tool/failure.h"

namespace tocsin::tool {
namespace {

constexpr std::size_t client_random_digits = 64, secret_digits_max = 128;

bool is_hex(std::string_view text) {
  return text.size() % 2 == 0 && std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

[[noreturn]] void refuse(std::size_t number, const std::string& why) {
  throw UsageError("the key log, line " + std::to_string(number) + ": " + why);
}

/// The client's random in it.
std::string_view checked(std::string_view line, std::size_t number) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == last || first == 0) refuse(number, "expected LABEL client_random secret");
  const std::string_view random = line.substr(first + 1, last - first - 1), secret = line.substr(last + 1);
  if (random.size() != client_random_digits || !is_hex(random)) refuse(number, "the client's random is 64 hex digits");
  if (secret.empty() || secret.size() > secret_digits_max || !is_hex(secret))
    refuse(number, "the secret is an even number of hex digits, 128 at most");
  return random;
}

}  // namespace

stacks::KeyLogSecrets read_key_log(std::string_view text, ByteView client_random) {
  const std::string wanted = dissect::hex(client_random);
  std::string known;
  stacks::KeyLogSecrets secrets;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    std::string random(checked(line, number));
    std::ranges::transform(random, random.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!wanted.empty() && random != wanted) continue;
    if (!known.empty() && random != known)
      refuse(number, "another connection's; what a server sends does not say which one it is of: leave the lines of one");
    known = random;
    secrets.add(line);
  }
  if (known.empty())
    throw UsageError(wanted.empty() ? "the key log holds no secret" : "the key log has no line of client random " + wanted);
  return secrets;
}

}  // namespace tocsin::tool
