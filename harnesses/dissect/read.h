#pragma once
// Reads bytes as fields say, as far as they make sense: what does not fit is marked where it stands, and reading goes on.
#include "harnesses/dissect/field.h"
#include "harnesses/dissect/node.h"
#include "tocsin/bytes.h"

namespace tocsin::dissect {

/// What is left to read of something that has an end.
struct Region {
  ByteView bytes;
  std::size_t offset = 0;
  bool is_cut = false;  // it should be longer, which was said where that showed

  bool empty() const { return bytes.empty(); }
  Region take(std::size_t size_bytes);
};

/// Reads each of the fields once, and appends what they are. False if the region ended before they did.
bool read(Fields fields, Region& region, std::vector<Node>& into);
/// The same, and nothing may be left then.
void read_whole(Fields fields, Region region, std::vector<Node>& into);
/// A length of size_bytes and then its content, to which it may not add up. The content, as long as it is.
Region read_length(const Field& field, Region& region, std::vector<Node>& into);

/// Printable ASCII in quotes; what is not is escaped.
std::string quoted(ByteView text, std::size_t characters_max = 64);

}  // namespace tocsin::dissect
