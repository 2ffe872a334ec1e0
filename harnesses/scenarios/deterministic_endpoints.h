#pragma once
// Endpoints over the deterministic provider, with an audit of their nonces: what the targets that fuzz nothing but the core
// use.
#include "harnesses/checkers/checked_connection.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/script/honest_peer.h"

namespace tocsin::harness {

/// What the deterministic certificate is for.
inline constexpr std::string_view deterministic_name = "localhost";

/// As the input's options want them. All randomness follows from the input's seed; the ends have their own each.
ServerConfig deterministic_server(const Input& input);
ClientConfig deterministic_client(const Input& input);
/// A scripted peer of that role, against the other of these; which version it plays, the caller says.
script::ScriptedPeerConfig deterministic_scripted_peer(const Input& input, stacks::Role role);

/// For ends whose other end is honest, and knows the limits that the options say.
CheckOptions checks_of_server(const Input& input);
CheckOptions checks_of_client(const Input& input);
/// For ends whose other end is anything.
CheckOptions checks_of_any_end();

}  // namespace tocsin::harness
