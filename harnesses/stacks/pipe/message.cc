#include "harnesses/stacks/pipe/message.h"

#include <algorithm>
#include <array>

#include "core/base/reader.h"
#include "core/base/writer.h"

namespace tocsin::stacks::pipe {
namespace {

constexpr std::size_t length_field_bytes = 4;

std::string words_of(Tag tag) { return "field " + std::to_string(static_cast<unsigned>(tag)); }

std::uint64_t integer_of(const Field& field, std::size_t size_bytes) {
  if (field.value.size() != size_bytes)
    throw Broken(words_of(field.tag) + " has " + std::to_string(field.value.size()) + " bytes instead of " +
                 std::to_string(size_bytes));
  std::uint64_t value = 0;
  for (const std::uint8_t byte : field.value) value = value << 8 | byte;
  return value;
}

}  // namespace

Message::Message(ByteView bytes) {
  Reader reader(bytes);
  type_ = static_cast<MessageType>(reader.u8());
  if (reader.failed()) throw Broken("a message is empty");
  while (!reader.empty()) {
    const auto tag = static_cast<Tag>(reader.u8());
    const ByteView value = reader.take(reader.u32());
    if (reader.failed()) throw Broken(words_of(tag) + " is longer than its message");
    if (fields_.size() == fields_max) throw Broken("a message has more than " + std::to_string(fields_max) + " fields");
    fields_.push_back({tag, value});
  }
}

std::optional<ByteView> Message::find(Tag tag, std::size_t value_bytes_max) const {
  const auto found = std::ranges::find(fields_, tag, &Field::tag);
  if (found == fields_.end()) return std::nullopt;
  if (std::ranges::count(fields_, tag, &Field::tag) > 1) throw Broken(words_of(tag) + " stands twice");
  if (found->value.size() > value_bytes_max)
    throw Broken(words_of(tag) + " has " + std::to_string(found->value.size()) + " bytes, and " +
                 std::to_string(value_bytes_max) + " are the most");
  return found->value;
}

std::optional<std::uint64_t> Message::number(Tag tag, std::size_t size_bytes) const {
  const auto value = find(tag, size_bytes);
  return value ? std::optional(integer_of({tag, *value}, size_bytes)) : std::nullopt;
}

std::string Message::text(Tag tag) const {
  std::string text(text_of(find(tag, text_bytes_max).value_or(ByteView())));
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

std::vector<std::uint64_t> Message::numbers(Tag tag, std::size_t size_bytes) const {
  std::vector<std::uint64_t> values;
  for (const Field& field : fields_)
    if (field.tag == tag) values.push_back(integer_of(field, size_bytes));
  if (values.size() > values_max) throw Broken(words_of(tag) + " stands more than " + std::to_string(values_max) + " times");
  return values;
}

MessageWriter::MessageWriter(MessageType type) {
  Writer writer(bytes_);
  writer.u32(0);
  writer.u8(static_cast<std::uint8_t>(type));
}

MessageWriter& MessageWriter::add(Tag tag, ByteView value) {
  if (value.size() > message_bytes_max) throw Broken("a message would be too long");
  Writer writer(bytes_);
  writer.u8(static_cast<std::uint8_t>(tag));
  writer.with_length(4, [&] { writer.bytes(value); });
  return *this;
}

MessageWriter& MessageWriter::number(Tag tag, std::uint64_t value, std::size_t size_bytes) {
  std::array<std::uint8_t, sizeof value> encoded;
  store_big_endian(value, std::span(encoded));
  return add(tag, ByteView(encoded).last(size_bytes));
}

Bytes MessageWriter::finish() {
  const std::size_t length_bytes = bytes_.size() - length_field_bytes;
  if (length_bytes > message_bytes_max) throw Broken("a message would be too long");
  store_big_endian(length_bytes, std::span(bytes_).first<length_field_bytes>());
  return std::move(bytes_);
}

std::optional<std::size_t> MessageReader::length_bytes() const {
  if (unread_.size() < length_field_bytes) return std::nullopt;
  const std::size_t length = Reader(unread_).u32();
  if (length > message_bytes_max)
    throw Broken("it announces a message of " + std::to_string(length) + " bytes, and " + std::to_string(message_bytes_max) +
                 " are the most");
  return length;
}

void MessageReader::add(ByteView bytes) {
  append(unread_, bytes);
  static_cast<void>(length_bytes());  // refused as soon as it is there
}

std::optional<Bytes> MessageReader::take() {
  const auto length = length_bytes();
  if (!length || unread_.size() - length_field_bytes < *length) return std::nullopt;
  const auto begin = unread_.begin() + static_cast<std::ptrdiff_t>(length_field_bytes);
  const auto end = begin + static_cast<std::ptrdiff_t>(*length);
  Bytes message(begin, end);
  unread_.erase(unread_.begin(), end);
  return message;
}

}  // namespace tocsin::stacks::pipe
