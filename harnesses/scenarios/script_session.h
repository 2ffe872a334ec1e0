#pragma once
// The connection of TLS 1.2 before the one that a script plays, whose session this one resumes.
#include "harnesses/scenarios/input.h"
#include "harnesses/script/scripted_peer.h"

namespace tocsin::harness {

/// By what the input has a session resumed: option resumption, in TLS 1.2.
script::SessionBy session_by(const Input& input, ProtocolVersion version);
/// What an honest end with that configuration, which begins a session, sends in a full handshake; then both close.
script::Script script_of_session(const script::ScriptedPeerConfig& config);

}  // namespace tocsin::harness
