#pragma once
// What lasts after the handshake, for either role and version.
#include <variant>

#include "core/wire/client_hello.h"
#include "tocsin/negotiated.h"
#include "tocsin/provider.h"

namespace tocsin::handshake {

namespace tls12 {

struct Randoms {
  wire::Random client{}, server{};
};

/// What the keys of both directions are derived from.
struct Secrets {
  Randoms randoms;
  Secret master;
};

}  // namespace tls12

namespace tls13 {

struct Secrets {
  Secret read_traffic, write_traffic;
  Secret exporter_master;
  std::uint64_t key_updates_sent = 0;
  bool awaits_key_update = false;  // the peer was asked for one, and has not sent it yet
  bool owes_key_update = false;    // the peer asked for one
};

}  // namespace tls13

struct Established {
  std::variant<tls13::Secrets, tls12::Secrets> secrets;
  Negotiated negotiated;
  bool closed_for_writing = false;  // close_notify is sent: neither KeyUpdate nor no_renegotiation can follow it
};

}  // namespace tocsin::handshake
