#pragma once
// An endpoint that obeys a script instead of the RFC, with real keys. What it sends beside the script is what an honest end would
// send, so an edited message arrives in a valid record and, if nothing else is wrong, under a valid Finished.
#include <memory>
#include <string>

#include "core/base/types.h"
#include "harnesses/dissect/records.h"
#include "harnesses/script/honest_peer.h"
#include "harnesses/script/script.h"
#include "harnesses/stacks/peer.h"

namespace tocsin::script {

class ScriptedPeer {
 public:
  explicit ScriptedPeer(ScriptedPeerConfig config) : config_(std::move(config)), honest_(make_honest_peer(config_)) {}
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  /// Plays the script against the other end, reading what that sends after each step.
  void play(const Script& script, stacks::Peer& other);

  /// Whether the other end may complete: what was sent is all that the version demands before that, in its order and under the
  /// right keys, and no proof (Certificate, CertificateVerify, a key exchange, Finished) was edited.
  bool has_proved_itself() const;
  std::shared_ptr<const Session> session() const { return honest_->session(); }

 private:
  void perform(const Step& step);
  void call(const Step& step, stacks::Peer& other);
  void exchange(stacks::Peer& other);
  void listen(ByteView from_other);
  void send_content(ContentType type, ByteView content, Keys keys, std::size_t fragment_bytes);
  void send_record(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys);
  void flush_messages(std::size_t fragment_bytes);
  Keys due_or(ContentType type, Keys asked) const;

  ScriptedPeerConfig config_;
  std::unique_ptr<HonestPeer> honest_;
  Bytes output_, messages_out_;
  dissect::RecordStream input_;
  Keys messages_out_keys_ = Keys::plaintext;
  // A letter for each message sent: small as built, large if edited, # under wrong keys; n is an empty Certificate, s a
  // change_cipher_spec, a an alert, d data.
  std::string trace_;
};

}  // namespace tocsin::script
