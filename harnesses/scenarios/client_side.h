#pragma once
// What a client sends: the part of an honest one, and then the input's body. So a mutated body also arrives where only a client
// that knows the keys could have put it.
#include "harnesses/scenarios/input.h"

namespace tocsin::harness {

/// Options: those of both ends' configurations, and
///   valid_prefix   modulo 4: 0 nothing, 1 the ClientHello, 2 all before the client's Finished (in TLS 1.2 with its
///                 change_cipher_spec), 3 the whole handshake
///   injected_as   even: the body comes as it is; odd: it describes records, each by
///                   one byte: bits 0 and 1, its type: 0 handshake, 1 application data, 2 alert, 3 change_cipher_spec;
///                             bit 2, it is not protected; bits 3 to 7, its padding
///                   one byte: the length of its content
///                   the content, or what is left of the body
///                 The records are protected with the client's real keys from valid_prefix 2 on.
/// The server that the honest client talks to is deterministic_server(input): its twin can then be given the result.
Bytes client_side(const Input& input);

}  // namespace tocsin::harness
