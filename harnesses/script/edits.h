#pragma once
// What scripts do to the messages that an honest end would send.
#include <string>
#include <vector>

#include "harnesses/script/script.h"

namespace tocsin::script {

/// before_bytes: of a header, which stays as it is.
void apply(const Edit& edit, std::size_t before_bytes, Bytes& message);
/// message: with its 4-byte header, whose length follows the edits unless one lies about it.
void apply_all(const std::vector<Edit>& edits, Bytes& message);
/// Puts the body behind the 4-byte header, whose length follows.
void replace_body(ByteView body, Bytes& message);

/// message: with its 4-byte header. Whether it is a Certificate without certificates, from the beginning or made so by edits.
bool is_empty_certificate(ByteView message);

/// For people: "[flip 3 1]".
std::string to_text(const Edit& edit);
std::string hex(ByteView bytes);

}  // namespace tocsin::script
