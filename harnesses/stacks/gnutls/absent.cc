// For a build without GnuTLS.
#include "harnesses/stacks/gnutls/stack.h"

namespace tocsin::stacks {

Stack* gnutls_stack() { return nullptr; }

}  // namespace tocsin::stacks
