#pragma once
// A dissection for people: a line for each field, with its offset, length, first bytes, name and value, by depth.
#include <string>
#include <vector>

#include "harnesses/dissect/node.h"
#include "tocsin/bytes.h"

namespace tocsin::dissect {

/// Something to be said before the fields that begin at this offset or behind it.
struct Remark {
  std::size_t offset;
  std::string text;  // lines
};

std::string to_text(const std::vector<Node>& nodes, ByteView input, const std::vector<Remark>& remarks = {});

std::string hex(ByteView bytes);

}  // namespace tocsin::dissect
