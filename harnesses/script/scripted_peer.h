#pragma once
// An endpoint that obeys a script instead of the RFC, with real keys: it keeps the transcript of what really went over the
// wire, derives the keys from it and seals with them. So an edited message arrives in a valid record and, if nothing else is
// wrong, under a valid Finished.
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "core/base/types.h"
#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/transcript.h"
#include "core/record/tls13/protection.h"
#include "core/wire/client_hello.h"
#include "harnesses/dissect/records.h"
#include "harnesses/script/script.h"
#include "harnesses/stacks/peer.h"
#include "harnesses/stacks/peer_config.h"
#include "tocsin/config.h"

namespace tocsin::script {

using stacks::Role;

/// Sees what the peer does, in order.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_step(const Step& step) = 0;           // before it
  virtual void on_message_built(ByteView message) = 0;  // as an honest peer would send it now, before any edit
  /// Sent. content: without protection, and so many bytes of padding behind it; key_updates: how many changed the keys of
  /// application data before.
  virtual void on_record(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys, std::size_t key_updates) = 0;
  virtual void on_client_hello(ByteView message) = 0;  // a server has got it
  virtual void on_retry() = 0;                         // a client has got a HelloRetryRequest
  virtual void on_exchange() = 0;                      // all that was sent was received, and the answer read
};

struct ScriptedPeerConfig {
  Role role;
  std::shared_ptr<Provider> provider;
  std::shared_ptr<const CertifiedKey> certificate;   // its own; null: a client shows an empty list
  std::string server_name = "localhost";             // a client's
  std::vector<std::string> application_protocols{};  // a client offers them; a server selects the first
  std::vector<CipherSuite> cipher_suites = CommonConfig{}.cipher_suites;
  std::vector<NamedGroup> groups = CommonConfig{}.groups;
  ClientAuthentication client_authentication = ClientAuthentication::none;  // what a client's other end asks for
  Watcher* watcher = nullptr;
};

class ScriptedPeer {
 public:
  explicit ScriptedPeer(ScriptedPeerConfig config) : config_(std::move(config)) {}

  /// Plays the script against the other end, reading what that sends after each step.
  void play(const Script& script, stacks::Peer& other);

  /// Whether the other end may complete: what was sent is all that RFC 9846 demands before that, in its order and under the
  /// right keys, and no proof (Certificate, CertificateVerify, Finished) was edited.
  bool has_proved_itself() const;

 private:
  static constexpr std::size_t number_of_epochs = 4;  // indexed by Keys; as_due is not used

  // Sending
  void perform(const Step& step);
  void exchange(stacks::Peer& other);
  Bytes build(const Step& step);
  Bytes build_server_hello(std::uint8_t argument);
  Bytes build_retry(std::uint8_t argument);
  Bytes build_client_hello(std::uint8_t argument, bool is_second);
  Bytes build_certificate() const;
  Bytes build_certificate_verify();
  Bytes build_finished();
  void after_message(What what);
  void send_content(ContentType type, ByteView content, Keys keys, std::size_t fragment_bytes);
  void send_record(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys);
  void flush_messages(std::size_t fragment_bytes);
  Keys due_or(Keys asked) const;

  // Receiving
  void listen(ByteView from_other);
  void take_messages(ByteView content);
  void take_message(const dissect::MessageView& message);
  void take_server_hello(const dissect::MessageView& message);

  // Keys
  void start_transcript(CipherSuite suite);
  void derive_handshake_keys(ByteView shared);
  void derive_application_keys();
  void install(Keys keys, ByteView write_traffic, ByteView read_traffic);

  ScriptedPeerConfig config_;
  Bytes output_, messages_in_, messages_out_;
  dissect::RecordStream input_;
  Keys messages_out_keys_ = Keys::plaintext;
  std::string
      trace_;  // a letter for each message sent: small as built, large if edited, # under wrong keys; n is an empty Certificate

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
  std::size_t write_updates_ = 0;
  Secret read_traffic_;
  Keys write_keys_ = Keys::plaintext, read_keys_ = Keys::plaintext;
  std::array<std::optional<record::Sealer>, number_of_epochs> sealers_;
  std::array<std::optional<record::Opener>, number_of_epochs> openers_;
};

}  // namespace tocsin::script
