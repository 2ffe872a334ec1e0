#pragma once
// What a stack made of an input, in the terms in which two stacks can be compared.
#include <optional>
#include <string>

#include "harnesses/stacks/openssl/context.h"
#include "harnesses/stacks/peer.h"

namespace tocsin::differential {

enum class End : std::uint8_t {
  waiting,   // for more bytes, in the handshake
  complete,  // the handshake is
  rejected,  // by this stack
  told,      // the other end's alert ended it
  harmed,    // of a listener: honest clients do not get through afterwards, or not at once
};
std::string_view name_of(End end);

struct Verdict {
  End end = End::waiting;
  bool retried = false;                    // a HelloRetryRequest, or a client's second ClientHello, went out
  bool answered = false;                   // a ServerHello went out; or one of TLS 1.3 came in and was taken
  ProtocolVersion version{};               // that a server answered with
  CipherSuite cipher_suite{};              // of the last of either
  NamedGroup group{};                      // likewise
  std::string application_protocol;        // that a server answered with
  std::optional<stacks::AlertSeen> alert;  // that went out
  std::optional<Reason> why;               // tocsin only
  const stacks::Peer* peer = nullptr;      // lives as long as the verdict; asked for its words only when they are needed
};

/// sent: everything that the peer has sent. What is negotiated is read from there, whatever the stack.
Verdict verdict_of(const stacks::Peer& peer, stacks::Role role, ByteView sent);

/// How it ended, and with which alert: "answered, rejected, decode_error".
std::string describe_outcome(const Verdict& verdict);

/// One line.
std::string describe(const Verdict& verdict);

}  // namespace tocsin::differential
