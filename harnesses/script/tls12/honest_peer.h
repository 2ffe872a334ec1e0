#pragma once
// An honest end of TLS 1.2 over a stream: the records of a Handshake.
#include "harnesses/script/honest_peer.h"
#include "harnesses/script/tls12/handshake.h"

namespace tocsin::script::tls12 {

class HonestPeer final : public script::HonestPeer {
 public:
  explicit HonestPeer(const ScriptedPeerConfig& config) : script::HonestPeer(config), handshake_(config) {}

  bool sends(What what) const override { return handshake_.sends(what); }
  Bytes build(const Step& step) override { return handshake_.build(step); }
  void take_sent(What what, ByteView message) override;
  void take_sent_change_cipher_spec() override;
  void take_received(const dissect::RecordView& record) override;
  Keys keys_due(ContentType) const override { return is_write_protected_ ? Keys::application : Keys::plaintext; }
  /// What is protected is so under one key; a script calls it that of application data.
  bool has(Keys keys) const override { return keys == Keys::application && handshake_.has_keys(); }
  void seal(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys, Bytes& out) override;
  bool proves(std::string_view trace) const override;
  std::shared_ptr<const Session> session() const override { return handshake_.session(); }

 private:
  void take_message(const dissect::MessageView& message) override { handshake_.take_received(message, 0); }

  Handshake handshake_;
  bool is_write_protected_ = false, is_read_protected_ = false;
  std::uint64_t write_sequence_ = 0, read_sequence_ = 0;
};

}  // namespace tocsin::script::tls12
