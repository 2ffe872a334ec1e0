#pragma once
// What must be true of a dissection, and of the core's decoders beside it.
#include "harnesses/dissect/dissect.h"

namespace tocsin::harness {

/// The leaves cover the input, each byte once. A message that the core decodes has no fault; one that it finds malformed has.
/// What is shown of values is printable ASCII.
void check_dissection(const dissect::Document& document, ByteView input);

}  // namespace tocsin::harness
