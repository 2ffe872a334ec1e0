#include "harnesses/dissect/text.h"

#include <algorithm>
#include <cstdio>

namespace tocsin::dissect {
namespace {

constexpr std::size_t shown_bytes_max = 8;
constexpr int bytes_column = static_cast<int>(3 * shown_bytes_max + 2);

std::string shown(ByteView bytes) {
  std::string text = hex(bytes.first(std::min(bytes.size(), shown_bytes_max)));
  for (std::size_t at = 2; at < text.size(); at += 3) text.insert(at, 1, ' ');
  return bytes.size() > shown_bytes_max ? text + " .." : text;
}

class Printer {
 public:
  Printer(ByteView input, const std::vector<Remark>& remarks) : input_(input), remarks_(remarks) {}

  std::string print(const std::vector<Node>& nodes) {
    text_ = "offset length bytes                      field\n";
    for (const Node& node : nodes) add(node, 0);
    remark_before(input_.size());
    return std::move(text_);
  }

 private:
  void add(const Node& node, int depth) {
    if (node.size_bytes != 0) remark_before(node.offset);
    char start[64];
    const std::string bytes = node.is_leaf() ? shown(input_.subspan(node.offset, node.size_bytes)) : "";
    std::snprintf(start, sizeof start, "%06zx %6zu %-*s", node.offset, node.size_bytes, bytes_column, bytes.c_str());
    text_ += start + std::string(static_cast<std::size_t>(2 * depth), ' ') + std::string(node.name);
    if (const std::string text = text_of(node); !text.empty()) text_ += ": " + text;
    if (!node.fault.empty()) text_ += "  <-- fault: " + node.fault;
    text_ += '\n';
    for (const Node& field : node.fields) add(field, depth + 1);
  }

  void remark_before(std::size_t offset) {
    for (; next_ < remarks_.size() && remarks_[next_].offset <= offset; ++next_) text_ += remarks_[next_].text;
  }

  ByteView input_;
  const std::vector<Remark>& remarks_;
  std::size_t next_ = 0;
  std::string text_;
};

}  // namespace

std::string to_text(const std::vector<Node>& nodes, ByteView input, const std::vector<Remark>& remarks) {
  return Printer(input, remarks).print(nodes);
}

std::string hex(ByteView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes)
    for (const int nibble : {byte >> 4, byte & 15}) text += "0123456789abcdef"[nibble];
  return text;
}

}  // namespace tocsin::dissect
