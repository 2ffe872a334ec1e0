#pragma once
// What tocsin's core itself says of bytes that were dissected. The bytes belong to another session, so a verdict always names
// the check that it is.
#include <optional>
#include <string>
#include <vector>

#include "harnesses/dissect/messages.h"
#include "tocsin/error.h"

namespace tocsin::dissect {

struct CoreVerdict {
  enum class Conclusion : std::uint8_t {
    refuses,  // error is a Fatal
    is_told,  // error is a PeerAlert: the bytes held an alert that ends the connection
    goes_on,  // handshake keys are in force; what comes under the keys of another session was not looked at
    waits,    // for more
  };
  std::string check;  // "as a server with the default configuration ..."
  Conclusion conclusion = Conclusion::waits;
  std::size_t taken_bytes = 0;  // when it said so
  std::optional<Error> error{};
};
std::string_view name_of(CoreVerdict::Conclusion conclusion);

/// The flight goes to a server, byte by byte.
CoreVerdict core_verdict_on_client_flight(ByteView flight);
/// The flight goes to a client, which finds its own session id where the flight has one.
CoreVerdict core_verdict_on_server_flight(ByteView flight);
/// Each whole message goes to its decoder, up to the first that is refused.
CoreVerdict core_verdict_on_messages(const std::vector<Message>& messages);

/// What the core's decoder makes of a message's body; nothing if it has none for this type.
std::optional<Result<Done>> decode(std::uint8_t message_type, ByteView body);

}  // namespace tocsin::dissect
