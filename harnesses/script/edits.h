#pragma once
// What scripts do to the messages that an honest end would send.
#include <optional>
#include <string>
#include <vector>

#include "core/base/reader.h"
#include "harnesses/script/script.h"
#include "tocsin/alert.h"
#include "tocsin/algorithms.h"

namespace tocsin::script {

/// before_bytes: of a header, which stays as it is.
void apply(const Edit& edit, std::size_t before_bytes, Bytes& message);
/// message: with its 4-byte header, whose length follows the edits unless one lies about it.
void apply_all(const std::vector<Edit>& edits, Bytes& message);
/// Puts the body behind the 4-byte header, whose length follows.
void replace_body(ByteView body, Bytes& message);

/// Of a step that sends one: the description is its argument, its level is fatal but for close_notify.
template <class Step>
Bytes build_alert(const Step& step) {
  const auto level = step.argument == 0 ? AlertLevel::warning : AlertLevel::fatal;
  Bytes alert = step.body.value_or(Bytes{static_cast<std::uint8_t>(level), step.argument});
  for (const Edit& edit : step.edits) apply(edit, 0, alert);
  return alert;
}

/// message: with its 4-byte header. Whether it is a Certificate without certificates, from the beginning or made so by edits.
bool is_empty_certificate(ByteView message, ProtocolVersion version);

/// In the binary form a body is a byte, and as many bytes as that says; an edit is three bytes. Neither reads beyond the input:
/// what is cut off is left out.
std::optional<Bytes> parse_body(Reader& reader);
std::vector<Edit> parse_edits(Reader& reader, unsigned count);

/// For people: " {00ff} [flip 3 1]"; empty if there is neither.
std::string text_of_changes(const std::optional<Bytes>& body, const std::vector<Edit>& edits);

}  // namespace tocsin::script
