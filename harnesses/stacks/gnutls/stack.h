#pragma once
// GnuTLS as a stack, in builds that have it.
#include "harnesses/stacks/stack.h"

namespace tocsin::stacks {

/// Null: this build is without GnuTLS.
Stack* gnutls_stack();

}  // namespace tocsin::stacks
