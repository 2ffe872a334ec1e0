#pragma once
// A list in wire form, read in place: a view over its encoding, whose elements are decoded as they are visited.
#include <cstddef>
#include <iterator>

#include "core/base/reader.h"
#include "tocsin/bytes.h"

namespace tocsin {

/// Codec: a type with `using Element`, and `static Element read(Reader&)`. The view holds the elements without the list's own
/// length; whoever makes it from foreign bytes has checked it with is_valid.
template <class Codec>
class ListView {
 public:
  using Element = typename Codec::Element;
  ListView() = default;
  explicit ListView(ByteView wire) : wire_(wire) {}

  static bool is_valid(ByteView wire) {
    Reader reader(wire);
    while (!reader.failed() && !reader.empty()) Codec::read(reader);
    return reader.done();
  }

  class Iterator {
   public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(ByteView rest) : rest_(rest) {}
    Element operator*() const {
      Reader reader(rest_);
      return Codec::read(reader);
    }
    Iterator& operator++() {
      Reader reader(rest_);
      Codec::read(reader);
      rest_ = rest_.last(reader.size());
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return rest_.size() == other.rest_.size(); }

   private:
    ByteView rest_;
  };

  Iterator begin() const { return Iterator(wire_); }
  Iterator end() const { return Iterator(wire_.last(0)); }
  bool empty() const { return wire_.empty(); }
  ByteView wire() const { return wire_; }
  bool contains(const Element& wanted) const {
    for (const Element& element : *this)
      if (element == wanted) return true;
    return false;
  }

 private:
  ByteView wire_;
};

/// A list of two-byte code points.
template <class Code>
struct CodeCodec {
  using Element = Code;
  static Code read(Reader& reader) { return static_cast<Code>(reader.u16()); }
};
template <class Code>
using CodeList = ListView<CodeCodec<Code>>;

}  // namespace tocsin
