#pragma once
// The connection of TLS 1.2 before the one that a script plays, whose session this one resumes.
#include "harnesses/scenarios/input.h"
#include "harnesses/script/scripted_peer.h"

namespace tocsin::harness {

/// By what the input has a session resumed: option resumption, in TLS 1.2.
script::SessionBy session_by(const Input& input, ProtocolVersion version);
/// Begins a session in a full handshake against this end, honestly, and then both close. Null if that did not complete.
std::shared_ptr<const script::Session> begin_session(script::ScriptedPeerConfig config, script::SessionBy by,
                                                     stacks::Peer& end);

}  // namespace tocsin::harness
