#pragma once
// What a scripted peer of DTLS has sent: datagrams, their records, and the messages that the end needs.
#include <optional>
#include <string>
#include <vector>

#include "core/base/types.h"
#include "harnesses/stacks/peer_config.h"
#include "tocsin/bytes.h"
#include "tocsin/config.h"

namespace tocsin::script::dtls12 {

struct SentRecord {
  ContentType type{};
  std::uint16_t epoch = 0;     // as its header says
  std::uint64_t sequence = 0;  // likewise
  Bytes content;               // without protection; if it does not have that of its epoch, what stands there
  bool is_of_dtls = true;      // its header: what cannot be read takes the rest of the datagram with it
  bool is_authentic = true;    // it has the protection of its epoch: none in epoch 0
  std::size_t handshake = 0;   // which of the peer's handshakes, whose keys it is under
};

struct SentDatagram {
  Bytes bytes;
  std::vector<SentRecord> records;  // none of what is no record at all
};

/// One that takes a number, and stands in the transcript.
struct SentMessage {
  std::size_t handshake;
  std::uint16_t message_seq, epoch;
  char letter;  // see script::ScriptedPeer's trace; large as well where no honest end would send it yet
  Bytes bytes;  // with a 4-byte header
};

/// Whether the end has got all that it needs before it completes: each message whole, in whatever fragments, in records of the
/// epoch that it is due in, with the protection of that.
class Proof {
 public:
  /// A ClientHello of this number comes, with which another handshake begins.
  void begin_handshake(std::uint16_t message_seq) { handshakes_.push_back({message_seq, {}}); }
  /// The end may take one that came out of turn for the one whose number it has.
  void add(const SentMessage& message);
  void add(const SentDatagram& datagram);

  /// peer: who has sent it. asked: what a client is asked for.
  bool is_given(stacks::Role peer, ClientAuthentication asked) const;

 private:
  struct Message {
    SentMessage sent;
    std::vector<bool> has;  // of each byte of the body, and one more: of any fragment
    bool is_whole() const;
  };
  struct Handshake {
    std::uint16_t first_message_seq = 0;
    std::vector<Message> messages{};
  };
  void add(const SentRecord& record);
  static std::vector<std::string> traces_of(const Handshake& handshake);

  std::vector<Handshake> handshakes_{1};
};

}  // namespace tocsin::script::dtls12
