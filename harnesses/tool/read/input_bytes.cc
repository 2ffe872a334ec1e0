#include "harnesses/tool/read/input_bytes.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_between_bytes(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ':' || c == ','; }

// 0x or \x before a byte.
bool is_prefix(std::string_view rest) { return rest.substr(0, 2) == "0x" || rest.substr(0, 2) == "\\x"; }

// What is wrong with the text; empty: nothing, and these are its bytes.
std::string decode_hex(std::string_view text, Bytes& bytes) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_between_bytes(text[at])) {
      ++at;
    } else if (is_prefix(text.substr(at))) {
      at += 2;
    } else {
      const int high = digit_of(text[at]), low = at + 1 < text.size() ? digit_of(text[at + 1]) : -1;
      if (high < 0) return "the character at offset " + std::to_string(at) + " is no hex digit";
      if (low < 0) return "half a byte at offset " + std::to_string(at);
      bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
      at += 2;
    }
  }
  return {};
}

}  // namespace

Bytes read_input(const std::string& path) {
  const bool is_standard_input = path == "-";
  const std::string name = is_standard_input ? "standard input" : path;
  const Descriptor file(is_standard_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw UsageError("cannot read " + name + ": " + errno_text(errno));
  Bytes content;
  std::array<std::uint8_t, 65536> buffer;
  for (;;) {
    const ssize_t bytes = read(file.get(), buffer.data(), buffer.size());
    if (bytes == 0) return content;
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0 && errno == EISDIR) throw UsageError("cannot read " + name + ": it is a folder; name a file in it");
    if (bytes < 0) throw UsageError("cannot read " + name + ": " + errno_text(errno));
    append(content, ByteView(buffer).first(static_cast<std::size_t>(bytes)));
    if (content.size() > input_bytes_max)
      throw UsageError("cannot read " + name + ": it is longer than " + std::to_string(input_bytes_max) + " bytes");
  }
}

bool looks_like_hex(ByteView content) {
  Bytes bytes;
  return decode_hex(text_of(content), bytes).empty() && !bytes.empty();
}

Bytes from_hex(std::string_view text) {
  Bytes bytes;
  const std::string problem = decode_hex(text, bytes);
  if (!problem.empty()) throw UsageError("not hex: " + problem);
  return bytes;
}

}  // namespace tocsin::tool
