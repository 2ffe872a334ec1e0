#include "harnesses/script/edits.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tocsin::script {
namespace {

constexpr std::size_t header_bytes = 4;
constexpr std::string_view how_names[Edit::number_of_hows] = {"flip", "set", "insert", "erase", "cut", "lie_about_length"};

void set_length(Bytes& message, std::size_t body_bytes) {
  for (std::size_t i = 3; i > 0; --i, body_bytes >>= 8) message[i] = static_cast<std::uint8_t>(body_bytes);
}

std::string to_text(const Edit& edit) {
  std::string text = "[";
  text += how_names[static_cast<std::size_t>(edit.how)];
  return text + " " + std::to_string(edit.where) + " " + std::to_string(edit.value) + "]";
}

std::string hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) text.append({digits[byte >> 4], digits[byte & 15]});
  return text;
}

}  // namespace

void apply(const Edit& edit, std::size_t before_bytes, Bytes& message) {
  const std::size_t body_bytes = message.size() - before_bytes;
  const std::size_t where = before_bytes + (body_bytes == 0 ? 0 : edit.where % body_bytes);
  const auto at = message.begin() + static_cast<std::ptrdiff_t>(where);
  switch (edit.how) {
    case Edit::How::flip:
      if (body_bytes != 0) *at ^= edit.value;
      break;
    case Edit::How::set:
      if (body_bytes != 0) *at = edit.value;
      break;
    case Edit::How::insert:
      message.insert(at, edit.value);
      break;
    case Edit::How::erase:
      if (body_bytes != 0) message.erase(at);
      break;
    case Edit::How::cut:
      message.erase(at, message.end());
      break;
    case Edit::How::lie_about_length:
      break;
  }
}

void apply_all(const std::vector<Edit>& edits, Bytes& message) {
  std::size_t lie = 0;
  for (const Edit& edit : edits) {
    apply(edit, header_bytes, message);
    if (edit.how == Edit::How::lie_about_length) lie += edit.value;
  }
  if (!edits.empty()) set_length(message, message.size() - header_bytes + lie);
}

void replace_body(ByteView body, Bytes& message) {
  message.resize(header_bytes);
  append(message, body);
  set_length(message, body.size());
}

bool is_empty_certificate(ByteView message, ProtocolVersion version) {
  constexpr std::array<std::uint8_t, 8> empty{11, 0, 0, 4, 0, 0, 0, 0};
  constexpr std::array<std::uint8_t, 7> empty_of_tls12{11, 0, 0, 3, 0, 0, 0};
  return std::ranges::equal(message, version == ProtocolVersion::tls13 ? ByteView(empty) : ByteView(empty_of_tls12));
}

std::optional<Bytes> parse_body(Reader& reader) {
  if (reader.empty()) return std::nullopt;
  const std::size_t body_bytes = reader.u8();
  const ByteView body = reader.take(std::min(body_bytes, reader.size()));
  return Bytes(body.begin(), body.end());
}

std::vector<Edit> parse_edits(Reader& reader, unsigned count) {
  std::vector<Edit> edits;
  for (; count > 0 && reader.size() >= 3; --count) {
    const std::uint8_t where = reader.u8();
    const auto how = static_cast<Edit::How>(reader.u8() % Edit::number_of_hows);
    edits.push_back({where, how, reader.u8()});
  }
  return edits;
}

std::string text_of_changes(const std::optional<Bytes>& body, const std::vector<Edit>& edits) {
  std::string text;
  if (body) text += " {" + hex(*body) + "}";
  for (const Edit& edit : edits) text += " " + to_text(edit);
  return text;
}

}  // namespace tocsin::script
