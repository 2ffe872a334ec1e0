#pragma once
// What a peer must not mind about a hello: each edit changes one, and the other end comes to the same. The clauses say so.
#include <span>
#include <string_view>

#include "harnesses/metamorphic/hello.h"

namespace tocsin::metamorphic {

struct Edit {
  std::string_view name, clause;
  /// False, and nothing is changed, where the clause does not hold for this hello: what it is about is not there, or is broken.
  bool (*apply)(Hello& hello, Draw& draw);
  /// A second ClientHello may not have it (RFC 9846 4.2.2).
  bool is_of_first_alone = false;
};

std::span<const Edit> edits_of_client_hello();
/// Also of a HelloRetryRequest.
std::span<const Edit> edits_of_server_hello();

/// The edit of each hello that the flight begins with, of a second ClientHello as of the first one: else it would be another
/// one (RFC 9846 4.2.2). False, and nothing is changed, where the edit does not hold for one of them, or where their extensions
/// stand in different orders, before or after it. type: of the hellos.
bool apply(const Edit& edit, HandshakeType type, const Draw& draw, Flight& flight);

}  // namespace tocsin::metamorphic
