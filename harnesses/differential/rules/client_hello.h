#pragma once
// What a ClientHello breaks. It shares no table and no decoder with core/.
#include "harnesses/differential/rules/fault.h"
#include "harnesses/dissect/messages.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::rules {

/// What the server makes of a ClientHello that breaks no rule, in TLS 1.3.
struct Answer {
  enum class Kind : std::uint8_t { server_hello, retry, unclear } kind;
  NamedGroup group{};  // that a HelloRetryRequest asks for
};
Answer answer_to(const dissect::Message& hello, const stacks::PeerConfig& server);

/// hello: a whole ClientHello. first: the one before, if this answers a HelloRetryRequest. asked: the group that this has asked
/// for, which may be another than that of answer_to. Offsets are those in the message.
Reading read_client_hello(const dissect::Message& hello, const stacks::PeerConfig& server,
                          const dissect::Message* first = nullptr, std::optional<NamedGroup> asked = {});

}  // namespace tocsin::rules
