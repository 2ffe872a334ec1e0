#pragma once
// The presentation language of RFC 9846 section 3 as data: a message is described by a row of fields, and one reader reads them
// all.
#include "core/wire/extensions.h"
#include "harnesses/dissect/registries.h"

namespace tocsin::dissect {

enum class Kind : std::uint8_t {
  number,      // uint8 to uint32, of size_bytes
  opaque,      // of size_bytes
  rest,        // opaque, up to the end of what encloses it
  vector,      // opaque name<min..max>; its length has size_bytes
  enclosed,    // the same, but it holds each of the parts once
  list,        // the same, but it holds the parts over and over
  extensions,  // the same, but it holds Extensions
  choice,      // of two rows of fields, by the number that stands before
};

enum class Show : std::uint8_t { bytes, text };

struct Field {
  Kind kind;
  std::string_view name;  // the RFC's
  std::size_t size_bytes = 0;
  std::size_t min_bytes = 0, max_bytes = 0;  // of a vector, as the RFC has them where the core does too
  const Registry* registry = nullptr;        // of a number
  std::uint64_t value_min = 0, value_max = ~std::uint64_t{0};
  Show show = Show::bytes;
  std::span<const Field> parts{};
  std::span<const Field> otherwise{};  // of a choice: where that number is not value_min
  std::string_view element{};          // of a list: what each is called; none for elements of one field, which has a name
  wire::Carrier carrier{};             // of extensions
  bool may_be_absent = false;          // where nothing is left
};
using Fields = std::span<const Field>;

/// A ServerHello without supported_versions: its extensions are those of TLS 1.2, which has no table of what may stand where.
constexpr auto server_hello_of_tls12 = static_cast<wire::Carrier>(128);

constexpr Field number(std::size_t size_bytes, std::string_view name, const Registry* registry = nullptr) {
  return {.kind = Kind::number, .name = name, .size_bytes = size_bytes, .registry = registry};
}
constexpr Field between(std::uint64_t value_min, std::uint64_t value_max, Field field) {
  field.value_min = value_min;
  field.value_max = value_max;
  return field;
}
constexpr Field opaque(std::size_t size_bytes, std::string_view name) {
  return {.kind = Kind::opaque, .name = name, .size_bytes = size_bytes};
}
constexpr Field rest(std::string_view name) { return {.kind = Kind::rest, .name = name}; }
constexpr Field vector(std::string_view name, std::size_t length_bytes, std::size_t min_bytes, std::size_t max_bytes,
                       Show show = Show::bytes) {
  return {.kind = Kind::vector,
          .name = name,
          .size_bytes = length_bytes,
          .min_bytes = min_bytes,
          .max_bytes = max_bytes,
          .show = show};
}
constexpr Field enclosed(std::string_view name, std::size_t length_bytes, std::size_t min_bytes, std::size_t max_bytes,
                         Fields parts) {
  return {.kind = Kind::enclosed,
          .name = name,
          .size_bytes = length_bytes,
          .min_bytes = min_bytes,
          .max_bytes = max_bytes,
          .parts = parts};
}
constexpr Field list(std::string_view name, std::size_t length_bytes, std::size_t min_bytes, std::size_t max_bytes,
                     Fields parts, std::string_view element = {}) {
  return {.kind = Kind::list,
          .name = name,
          .size_bytes = length_bytes,
          .min_bytes = min_bytes,
          .max_bytes = max_bytes,
          .parts = parts,
          .element = element};
}
constexpr Field extensions(wire::Carrier carrier, std::size_t max_bytes = 0xffff) {
  return {.kind = Kind::extensions, .name = "extensions", .size_bytes = 2, .max_bytes = max_bytes, .carrier = carrier};
}
constexpr Field choice(std::uint64_t number, Fields parts, Fields otherwise) {
  return {.kind = Kind::choice, .name = {}, .value_min = number, .parts = parts, .otherwise = otherwise};
}
constexpr Field if_any_left(Field field) {
  field.may_be_absent = true;
  return field;
}

}  // namespace tocsin::dissect
