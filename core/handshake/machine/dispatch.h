#pragma once
// From a handshake message's bytes to its handler.
#include "core/base/types.h"
#include "core/handshake/machine/transitions.h"
#include "tocsin/limits.h"

namespace tocsin::handshake {

/// Whether a message of this type has a handler in this state, over that transport. Known from the first byte of a message on.
bool expects(const State& state, Transport transport, HandshakeType type);

/// The most that the body of a message of this type may be by our limits, in bytes.
std::size_t message_bytes_max(const Limits& limits, HandshakeType type);

/// The most that it may be by its syntax in this state, over that transport, in bytes; where the state decides on the version,
/// by that version's.
std::size_t message_bytes_possible(const State& state, Transport transport, HandshakeType type);

/// Decodes the context's message and runs its handler. Reasons: any of the decoder's and of the handler's; message_unexpected.
Result<State> dispatch(State state, const Context& context, Effects& effects);

/// TLS 1.2: whether a change_cipher_spec has a handler in this state, and its handler.
bool expects_change_cipher_spec(const State& state);
Result<State> dispatch_change_cipher_spec(State state, const Context& context, Effects& effects);

template <class... Next>
Result<State> widen(To<Next...> next) {
  if (!next) return next.error();
  return std::visit([](auto&& state) { return Result<State>{State{std::move(state)}}; }, std::move(*next));
}

}  // namespace tocsin::handshake
