#pragma once
// What one end sends over a stream, and the same said in another way: the other end comes to the same.
#include <span>

#include "harnesses/metamorphic/hello_edits.h"
#include "harnesses/scenarios/judged.h"

namespace tocsin::harness {

struct Metamorphosis {
  std::string_view subject;      // for findings: "a server"
  Judged (*play)(const Input&);  // to tocsin
  HandshakeType hello;           // that the body begins with
  std::span<const metamorphic::Edit> edits;
};

/// The body in other records and other pieces, and its hellos edited. Where a transformation's premise does not hold for the
/// body, that one is left out. Edits change the transcript, so with them the body goes only as far as it is plaintext.
void check_metamorphosis(const Metamorphosis& of, const Input& input);

}  // namespace tocsin::harness
