#pragma once
// What shows a maintainer of OpenSSL how it answers a first flight, without anything of this project: shell commands and a program
// in C, set up as the OpenSSL peer here is.
#include <string>

#include "harnesses/stacks/peer_config.h"

namespace tocsin::stacks {

struct FirstFlight {
  Role receiver;
  PeerConfig config;  // the receiver's
  Bytes bytes;
  std::string_view session_id_marker;  // stands where a client finds the session id of its own ClientHello; 32 bytes
};

/// The commands that make the program's certificate, build it from first_flight.c and run it.
std::string commands_for(const FirstFlight& flight);
/// The program. It prints the alerts that OpenSSL sends and gets, and how far the handshake comes.
std::string program_for(const FirstFlight& flight);

}  // namespace tocsin::stacks
