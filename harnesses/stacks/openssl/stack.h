#pragma once
// OpenSSL as a stack, but for how an end is made: plainly, or traced.
#include "harnesses/stacks/openssl/context.h"
#include "harnesses/stacks/stack.h"

namespace tocsin::stacks {

class OpenSslStack : public Stack {
 public:
  std::string name() const override { return "OpenSSL"; }
  std::string version() const override { return std::string(openssl_version()); }
  /// OpenSSL 3.0 sends one key share, and does not know record_size_limit.
  PeerConfig adapted(PeerConfig config) const override;
  Limits limits() const override;
};

}  // namespace tocsin::stacks
