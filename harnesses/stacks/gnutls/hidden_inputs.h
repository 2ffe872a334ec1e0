#pragma once
// What GnuTLS would take from the machine: randomness and the time. Both are the harness's here.

namespace tocsin::stacks {

/// All of GnuTLS's clocks show peers_now from here on, in the whole process; and the file with its gnutls_rnd is linked.
void take_hidden_inputs_of_gnutls();

}  // namespace tocsin::stacks
