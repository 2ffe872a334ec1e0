#pragma once
// What is wrong with an input: the rules that it breaks, and where.
#include <optional>
#include <string>
#include <vector>

#include "harnesses/differential/rules/rules.h"
#include "tocsin/algorithms.h"

namespace tocsin::rules {

struct Fault {
  Rule rule;
  std::string path;        // "ClientHello.extensions.cookie.length"
  std::size_t offset;      // in what was read, in bytes
  bool may_pass = false;   // whatever its level, the stack may go on: it may not have seen enough of it, or need not look at it
  std::size_t record = 0;  // of a datagram: which of them; each is judged by itself
};

/// What shows that a stack has gone on with all that was read.
enum class Progress : std::uint8_t {
  any_answer,      // a hello of its own, whichever
  second_hello,    // to a HelloRetryRequest
  handshake_keys,  // those of a ServerHello of TLS 1.3
  nothing,         // it waits for more
};

/// What the messages, or one datagram, break for a stack that is set up in one way.
struct Reading {
  std::vector<Fault> faults;
  std::optional<ProtocolVersion> version;  // that is chosen; none: there is none, or nobody can tell
  Progress progress = Progress::any_answer;
  std::size_t records = 1;     // of a datagram
  bool is_read_to_end = true;  // of a datagram: else a stack may go on with what is behind the last record here, or not
};

}  // namespace tocsin::rules
