#pragma once
// The transcript hash (RFC 9846 section 4.1, RFC 5246 section 7.4.9). Before the cipher suite and the version are known there
// is one message, the ClientHello; it is kept, then hashed.
#include <memory>

#include "tocsin/algorithms.h"
#include "tocsin/provider.h"

namespace tocsin::handshake {

//= RFC 6347 4.2.6 //# the Finished MAC MUST be computed as if each handshake message had been sent as a
/// How messages stand in the transcript: with the 4-byte header of TLS, or with the 12-byte header of a whole fragment, however
/// they were cut (RFC 6347 4.2.6).
enum class TranscriptForm : std::uint8_t { message, whole_fragment };

constexpr TranscriptForm transcript_form_of(ProtocolVersion version) {
  return version == ProtocolVersion::dtls12 ? TranscriptForm::whole_fragment : TranscriptForm::message;
}

/// A handshake message as it came.
struct HandshakeMessage {
  ByteView bytes;                 // with its 4-byte header, over datagrams as well
  std::uint16_t message_seq = 0;  // in DTLS
};

class Transcript {
 public:
  /// next_message_seq: DTLS: of the first message that this end sends.
  explicit Transcript(std::uint16_t next_message_seq = 0) : next_message_seq_(next_message_seq) {}

  /// Reason of all of these: crypto_failed.
  Result<Done> add_received(const HandshakeMessage& message);
  /// message: with its 4-byte header. This end's messages have numbers without a gap.
  Result<Done> add_sent(ByteView message);
  /// Once, when suite and version are known.
  Result<Done> start(Provider& provider, HashAlgorithm algorithm, TranscriptForm form);
  /// Instead of start(): the messages go on being kept as well, until stop_keeping(), for a CertificateVerify of TLS 1.2, which
  /// signs with a hash of its own.
  Result<Done> start_and_keep(Provider& provider, HashAlgorithm algorithm, TranscriptForm form);
  void stop_keeping();
  ByteView kept() const { return kept_; }
  /// Replaces everything so far, one ClientHello, by its message_hash, after a HelloRetryRequest. start() came before.
  Result<Done> replace_by_message_hash(Provider& provider, HashAlgorithm algorithm);
  /// After start().
  Result<Secret> current() { return hash_->current(); }

 private:
  Result<Done> add(ByteView part);

  Bytes kept_;
  std::unique_ptr<Hash> hash_;
  std::uint16_t next_message_seq_;
  std::uint16_t kept_message_seq_ = 0;  // of the ClientHello, before start()
  TranscriptForm form_ = TranscriptForm::message;
  bool keeps_ = true;
};

}  // namespace tocsin::handshake
