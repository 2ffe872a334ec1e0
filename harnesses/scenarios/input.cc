#include "harnesses/scenarios/input.h"

#include "core/base/reader.h"

namespace tocsin::harness {
namespace {

constexpr std::uint8_t options_max = 0x1f;

}  // namespace

Input::Input(ByteView bytes) {
  Reader reader(bytes);
  const std::size_t options = reader.u8() & options_max;
  for (std::size_t i = 0; i < options && reader.size() >= 2; ++i) {
    const std::uint8_t tag = reader.u8();
    const std::uint8_t value = reader.u8();
    if (tag >= tags_max) continue;
    values_[tag] = value;
    present_ |= std::uint64_t{1} << tag;
  }
  body_ = reader.take(reader.size());
  emit([&] { return InputEvent{options_of(*this), body_}; });
}

Input::Input(ByteView bytes, const Input& other) : Input(bytes) {
  for (std::size_t tag = 0; tag < tags_max; ++tag)
    if ((present_ >> tag & 1) == 0) values_[tag] = other.values_[tag];
  present_ |= other.present_;
}

std::uint8_t Input::option(Tag tag, std::uint8_t default_value) const {
  return has(tag) ? values_[static_cast<std::size_t>(tag)] : default_value;
}

Input Input::with(Tag tag, std::uint8_t value) const {
  Input changed = *this;
  changed.values_[static_cast<std::size_t>(tag)] = value;
  changed.present_ |= std::uint64_t{1} << static_cast<unsigned>(tag);
  return changed;
}

Input Input::with_body(ByteView body) const {
  Input changed = *this;
  changed.body_ = body;
  return changed;
}

std::vector<TracedOption> options_of(const Input& input) {
  std::vector<TracedOption> options;
#define X(name, number, meaning) \
  if (input.has(Tag::name)) options.push_back({#name, input.option(Tag::name, 0), meaning});
  TOCSIN_INPUT_OPTIONS(X)
#undef X
  return options;
}

}  // namespace tocsin::harness
