#pragma once
// The handshake of an honest end of TLS 1.2 or DTLS 1.2, with ECDHE and an AEAD, apart from records: its messages, the
// transcript of what really went over the wire, and the keys.
#include <optional>

#include "core/base/types.h"
#include "core/handshake/transcript.h"
#include "core/record/tls12/protection.h"
#include "core/wire/client_hello.h"
#include "harnesses/dissect/records.h"
#include "harnesses/script/honest_peer.h"

namespace tocsin::script::tls12 {

class Handshake {
 public:
  /// The config must outlive it. Its version is tls12 or dtls12.
  explicit Handshake(const ScriptedPeerConfig& config) : config_(config) {}

  /// Whether an end of this role has such a message to send at all.
  bool sends(What what) const;
  /// The message, with its 4-byte header. Of one that none sends: a header, and what fits.
  Bytes build(const Step& step);
  /// As it goes over the wire, edits and all, with its 4-byte header. message_seq: in DTLS; with TLS any.
  void take_sent(What what, ByteView message, std::uint16_t message_seq);
  void take_received(const dissect::MessageView& message, std::uint16_t message_seq);
  /// Of DTLS: forgets all but the random of a ClientHello, since a HelloVerifyRequest was sent, or another ClientHello comes.
  /// Neither that nor what came before is in the transcript (RFC 6347 4.2.6). cookie: what a client has to show; it repeats its
  /// random then.
  void begin_again(ByteView cookie);

  /// What its records are protected with, and the other end's; null before the keys follow from what was sent and received.
  record::tls12::Protection* write() { return write_ ? &*write_ : nullptr; }
  record::tls12::Protection* read() { return read_ ? &*read_ : nullptr; }
  bool has_keys() const { return write_.has_value(); }
  /// What was settled, if a later connection can go on with it; else null.
  std::shared_ptr<const Session> session() const;
  bool is_resumed() const { return is_resumed_; }

 private:
  bool is_over_datagrams() const { return config_.version == ProtocolVersion::dtls12; }
  handshake::TranscriptForm form() const { return handshake::transcript_form_of(config_.version); }

  /// Of those that the own certificate goes with.
  std::vector<CipherSuite> suites_of_server() const;
  bool is_session_offered() const;
  Bytes build_server_hello(std::uint8_t argument);
  Bytes build_client_hello(std::uint8_t argument);
  Bytes build_certificate() const;
  Bytes build_certificate_request() const;
  Bytes build_server_key_exchange();
  Bytes build_client_key_exchange();
  Bytes build_certificate_verify() const;
  Bytes build_finished();

  void take_client_hello(ByteView message);
  void take_server_hello(ByteView message, std::uint16_t message_seq);
  void derive_keys();
  void resume();
  void expand_keys();
  void generate(NamedGroup group);

  const ScriptedPeerConfig& config_;
  handshake::Transcript transcript_;
  CipherSuite suite_ = CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256;
  wire::Random client_random_{}, server_random_{};  // as they went over the wire
  bool is_hello_seen_ = false;                      // a ClientHello, whichever end sent it
  bool is_started_ = false;                         // the transcript
  Bytes cookie_;                                    // of DTLS, a client's
  Bytes offered_id_, offered_ticket_, given_id_, given_ticket_;
  bool is_resumed_ = false;
  std::optional<NamedGroup> group_;
  std::unique_ptr<KeyPair> key_pair_;
  Bytes public_key_;  // of the other end
  Secret master_;
  std::optional<record::tls12::Protection> write_, read_;
};

}  // namespace tocsin::script::tls12
