#pragma once
// An honest end of TLS 1.2, with ECDHE and an AEAD.
#include <optional>

#include "core/base/types.h"
#include "core/record/tls12/protection.h"
#include "core/wire/client_hello.h"
#include "harnesses/script/honest_peer.h"

namespace tocsin::script::tls12 {

class HonestPeer final : public script::HonestPeer {
 public:
  using script::HonestPeer::HonestPeer;

  bool sends(What what) const override;
  Bytes build(const Step& step) override;
  void take_sent(What what, ByteView message) override;
  void take_sent_change_cipher_spec() override;
  void take_received(const dissect::RecordView& record) override;
  Keys keys_due(ContentType) const override { return is_write_protected_ ? Keys::application : Keys::plaintext; }
  /// What is protected is so under one key; a script calls it that of application data.
  bool has(Keys keys) const override { return keys == Keys::application && write_.has_value(); }
  void seal(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys, Bytes& out) override;
  bool proves(std::string_view trace) const override;
  std::shared_ptr<const Session> session() const override;

 private:
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

  void take_message(const dissect::MessageView& message) override;
  void take_client_hello(ByteView message);
  void take_server_hello(ByteView message);
  void take_ticket(const dissect::MessageView& message);
  void derive_keys();
  void resume();
  void expand_keys();
  void generate(NamedGroup group);

  CipherSuite suite_ = CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256;
  wire::Random client_random_{}, server_random_{};  // as they went over the wire
  bool is_hello_seen_ = false;                      // a ClientHello, whichever end sent it
  bool is_started_ = false;                         // the transcript
  Bytes offered_id_, offered_ticket_, given_id_, given_ticket_;
  bool is_resumed_ = false;
  std::optional<NamedGroup> group_;
  std::unique_ptr<KeyPair> key_pair_;
  Bytes public_key_;  // of the other end
  Secret master_;
  std::optional<record::tls12::Protection> write_, read_;
  bool is_write_protected_ = false, is_read_protected_ = false;
  std::uint64_t write_sequence_ = 0, read_sequence_ = 0;
};

}  // namespace tocsin::script::tls12
