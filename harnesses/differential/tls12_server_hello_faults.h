#pragma once
// What is wrong with a ServerHello of TLS 1.2, judged by a reader of its own: the rules that it breaks.
#include "harnesses/differential/server_hello_faults.h"

namespace tocsin::differential {

/// Of a client that offered TLS 1.2. Nothing is said of what follows the ServerHello.
Faults faults_of_tls12_server_hello(const HelloSeen& hello, const OfferSeen& offer);

}  // namespace tocsin::differential
