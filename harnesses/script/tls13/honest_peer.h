#pragma once
// An honest end of TLS 1.3.
#include <array>
#include <optional>

#include "core/base/types.h"
#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/transcript.h"
#include "core/record/tls13/protection.h"
#include "core/wire/client_hello.h"
#include "harnesses/script/honest_peer.h"

namespace tocsin::script::tls13 {

class HonestPeer final : public script::HonestPeer {
 public:
  using script::HonestPeer::HonestPeer;

  bool sends(What what) const override;
  Bytes build(const Step& step) override;
  void take_sent(What what, ByteView message) override;
  void end_flight() override;
  void take_received(const dissect::RecordView& record) override;
  Keys keys_due(ContentType type) const override;
  bool has(Keys keys) const override;
  void seal(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys, Bytes& out) override;
  std::size_t key_updates() const override { return write_updates_; }
  bool proves(std::string_view trace) const override;

 private:
  static constexpr std::size_t number_of_epochs = 4;  // indexed by Keys; as_due is not used

  Bytes build_server_hello(std::uint8_t argument);
  Bytes build_retry(std::uint8_t argument);
  Bytes build_client_hello(std::uint8_t argument, bool is_second);
  Bytes build_certificate() const;
  Bytes build_certificate_verify();
  Bytes build_finished();

  void take_message(const dissect::MessageView& message) override;
  void take_server_hello(const dissect::MessageView& message);

  void start_transcript(CipherSuite suite);
  void derive_handshake_keys(ByteView shared);
  void derive_application_keys();
  void install(Keys keys, ByteView write_traffic, ByteView read_traffic);

  handshake::Transcript transcript_;
  bool transcript_started_ = false;
  CipherSuite suite_ = CipherSuite::aes_128_gcm_sha256;
  Bytes client_hello_;                   // as it went over the wire
  std::unique_ptr<KeyPair> key_pair_;    // a client's
  std::optional<NamedGroup> asked_for_;  // by a HelloRetryRequest
  wire::Random random_{};
  Secret shared_;  // a server's: of its last ServerHello
  std::optional<crypto::HandshakeSecrets> handshake_;
  std::optional<crypto::ApplicationSecrets> application_;
  Secret write_traffic_;  // for key updates
  bool write_update_due_ = false;
  std::size_t write_updates_ = 0, read_updates_ = 0;
  Secret read_traffic_;
  Keys write_keys_ = Keys::plaintext, read_keys_ = Keys::plaintext;
  std::array<std::optional<record::Sealer>, number_of_epochs> sealers_;
  std::array<std::optional<record::Opener>, number_of_epochs> openers_;
};

}  // namespace tocsin::script::tls13
