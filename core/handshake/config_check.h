#pragma once
// Whether a configuration can be used. It is asked when an object is made: later a peer would choose the moment.
#include <optional>

#include "core/handshake/context.h"
#include "tocsin/config.h"
#include "tocsin/error.h"

namespace tocsin {

/// What is wrong with it, if anything. config: perhaps null.
std::optional<Misuse> mistake_in(const ServerConfig* config);
/// over: what carries the records decides which versions can be offered.
std::optional<Misuse> mistake_in(const ClientConfig* config, handshake::Transport over);

}  // namespace tocsin
