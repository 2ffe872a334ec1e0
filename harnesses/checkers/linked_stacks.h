#pragma once
// The foreign stacks that are linked into this program. Their ends emit a trace event for every call, if there is a sink.
#include <span>
#include <string_view>

#include "harnesses/stacks/stack.h"

namespace tocsin::harness {

struct LinkedStack {
  std::string_view name;  // that the tool and the ledger call it by: "openssl"
  stacks::Stack* stack;   // null: this build is without it
};

std::span<const LinkedStack> linked_stacks();
/// Null: none of this name is linked.
stacks::Stack* linked_stack(std::string_view name);

}  // namespace tocsin::harness
