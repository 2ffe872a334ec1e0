#pragma once
// What a Listener does with each record of a datagram, and whether the rules permit it.
#include <vector>

#include "harnesses/differential/rules/dtls.h"
#include "harnesses/scenarios/judged.h"
#include "tocsin/listener.h"

namespace tocsin::harness {

class ListenWitness {
 public:
  /// A datagram comes to it; what is sent in answer will stand in out, but not before the call is over. Both live until end.
  void begin(const Listener& listener, const ListenerOutput& out);
  /// Of the Listener's on_discard.
  void see(DiscardReason why);
  /// Of the records in their order.
  const std::vector<rules::RecordConduct>& end();

 private:
  void note_retry();
  void note_answer();

  const Listener* listener_ = nullptr;
  const ListenerOutput* out_ = nullptr;
  std::uint64_t cookies_ = 0;  // that the listener had sent when it was looked at last
  std::size_t answers_ = 0;    // that stood in out when the datagram came
  std::vector<rules::RecordConduct> records_;
};

/// What was done with a datagram from an address of which the Listener knows nothing; a finding if the rules do not permit it.
/// answers: all of them. connection_id_bytes: of those that it gives.
Judged judge_listening(ByteView datagram, std::size_t connection_id_bytes, const std::vector<rules::RecordConduct>& records,
                       const std::vector<ListenerOutput::Addressed>& answers);
/// The same of one that comes amid a handshake which waits for ClientKeyExchange. error: how that failed, or null.
Judged judge_amid_handshake(ByteView datagram, const std::vector<rules::RecordConduct>& records, const Error* error);

/// "listening_not_for_alert hello_verify_request".
std::string names_of(const std::vector<rules::RecordConduct>& records);

}  // namespace tocsin::harness
