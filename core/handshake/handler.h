#pragma once
// What all handlers have in common. A handler is an overload of on(State, const Message&, const Context&, Effects&): the table
// of transitions is the set of its overloads, and the result lists the legal successors.
#include <variant>

#include "core/handshake/context.h"
#include "core/handshake/effects.h"
#include "core/handshake/traits.h"

namespace tocsin::handshake {

template <class... Next>
using To = Result<std::variant<Next...>>;

}  // namespace tocsin::handshake
