#pragma once
// For unit tests: records that nothing protects.
#include "core/record/header.h"

namespace tocsin::test {

inline Bytes record_of(ContentType type, ByteView content) {
  const auto header = record::make_header(type, 0x0303, content.size());
  Bytes record(header.begin(), header.end());
  append(record, content);
  return record;
}

}  // namespace tocsin::test
