#pragma once
// What a step wants done, as data. A handler sends, installs and delivers nothing itself: the engine carries the effects out,
// in their order, only if the whole step succeeded.
#include <array>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "core/base/inline_vector.h"
#include "core/base/writer.h"
#include "core/record/tls12/protection.h"
#include "core/record/tls13/protection.h"
#include "core/wire/alert.h"
#include "tocsin/config.h"
#include "tocsin/negotiated.h"
#include "tocsin/sessions.h"

namespace tocsin::handshake {

struct SendHandshake {  // a part of Effects::messages
  std::size_t offset_bytes, size_bytes;
};
struct SendChangeCipherSpec {};
struct SendAlert {  // close_notify and user_canceled only; fatal alerts are the funnel's
  AlertDescription description;
};
struct SendApplicationData {
  ByteView data;
};
enum class Limited : std::uint8_t { protected_records, all_records };
struct LimitSentRecords {  // content and type, in bytes; without protection there is the content alone
  std::size_t inner_bytes_max;
  Limited which = Limited::protected_records;
};
struct LimitReceivedRecords {
  std::size_t inner_bytes_max;
  Limited which = Limited::protected_records;
};
namespace tls13 {
struct InstallWriteKeys {
  record::Sealer sealer;
};
struct InstallReadKeys {
  record::Opener opener;
};
}  // namespace tls13
namespace tls12 {
struct InstallWriteKeys {
  record::tls12::Protection protection;
  Bytes connection_id;  // DTLS: which the records carry, or empty
};
struct InstallReadKeys {
  record::tls12::Protection protection;
  Bytes connection_id;  // likewise
};
}  // namespace tls12
struct Deliver {  // of what the step has opened
  std::size_t size_bytes;
};
struct Raise {
  Event event;
};
struct LogSecret {
  SecretBytes line;
};
struct PendingSession {  // of the configuration's store: this connection goes on with it, or hopes to
  Bytes key;
};
struct StoreSession {  // for later connections; this one has it then
  Bytes key;
  SecretBytes session;
  UnixSeconds until;
};
using Effect = std::variant<SendHandshake, SendChangeCipherSpec, SendAlert, SendApplicationData, tls13::InstallWriteKeys,
                            tls13::InstallReadKeys, tls12::InstallWriteKeys, tls12::InstallReadKeys, LimitSentRecords,
                            LimitReceivedRecords, Deliver, Raise, LogSecret, PendingSession, StoreSession>;

class Effects {
  // A step has some twenty effects at most, unless it sends a lot of data, and most have none or one: no heap for them.
  static constexpr std::size_t usual_count_max = 20;

 public:
  Bytes messages;  // encoded handshake messages, with their 4-byte headers: an engine of DTLS makes fragments of them
  InlineVector<Effect, usual_count_max> in_order;

  /// Encodes a message and queues it. Gives its bytes, for the transcript; they are valid until the next one is encoded.
  template <class Message>
  ByteView send(const Message& message) {
    return queue(encode_message(message));
  }
  template <class Encoder>
  ByteView send_with(Encoder&& encoder) {
    return queue(encode_with(encoder));
  }

  /// Encodes a message that the caller patches before it queues it, as a ClientHello whose binders cover what stands before
  /// them (RFC 9846 4.3.11.2). Valid until the next one is encoded.
  template <class Message>
  MutableBytes encode_message(const Message& message) {
    return encode_with([&](Writer& out) { encode(message, out); });
  }
  template <class Encoder>
  MutableBytes encode_with(Encoder&& encoder) {
    constexpr std::size_t usual_flight_bytes = 1024;
    if (messages.empty()) messages.reserve(usual_flight_bytes);
    const std::size_t begin = messages.size();
    Writer out(messages);
    encoder(out);
    return MutableBytes(messages).subspan(begin);
  }
  /// encoded: the last message that was encoded.
  ByteView queue(ByteView encoded) {
    add(SendHandshake{messages.size() - encoded.size(), encoded.size()});
    return encoded;
  }

  template <class E>
  void add(E effect) {
    in_order.emplace_back(std::move(effect));
  }
};

/// Queues a line in SSLKEYLOGFILE format, if the configuration wants one.
void log_secret(const CommonConfig& config, std::string_view label, ByteView client_random, ByteView secret, Effects& effects);

}  // namespace tocsin::handshake
