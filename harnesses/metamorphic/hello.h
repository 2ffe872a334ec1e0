#pragma once
// A ClientHello or ServerHello taken apart, so that it can be put together in another way.
#include <optional>
#include <vector>

#include "harnesses/metamorphic/flight.h"

namespace tocsin::metamorphic {

struct Extension {
  std::uint16_t type = 0;
  Bytes data;
};

struct Hello {
  HandshakeType type{};
  Bytes opening;  // version, random, session id
  std::vector<std::uint16_t> cipher_suites;
  Bytes compression_methods;
  std::vector<Extension> extensions;

  const Extension* find(std::uint16_t wanted) const;
  Extension* find(std::uint16_t wanted);
};

/// message: with its header. Nothing if it is another message, if a length in it does not add up, or without extensions.
std::optional<Hello> read_hello(ByteView message);
/// With its header. Nothing if it would be too long for one of its lengths.
std::optional<Bytes> message_of(const Hello& hello);

/// The hello at the beginning of the run; nothing if there is none that read_hello reads.
std::optional<Hello> hello_of(const Run& run);
/// Puts it in the place of that hello; the last of its records grows. False, and nothing is changed, if that is too long then,
/// or holds something else, too, whose place would change.
bool replace_hello(Run& run, const Hello& hello);

}  // namespace tocsin::metamorphic
