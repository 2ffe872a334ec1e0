#pragma once
// What an honest end would send now, and under which keys: it keeps the transcript of what really went over the wire, and
// derives the keys from it. For each version there is one.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harnesses/dissect/messages.h"
#include "harnesses/dissect/records.h"
#include "harnesses/script/script.h"
#include "harnesses/script/watcher.h"
#include "harnesses/stacks/peer_config.h"
#include "tocsin/config.h"

namespace tocsin::script {

using stacks::Role;

/// Of TLS 1.2: what a later connection goes on with.
struct Session {
  CipherSuite suite{};
  Secret master;
  Bytes id, ticket;  // a client has the one or the other
};

/// How a session of TLS 1.2 is to be begun, so that a later connection can go on with it.
enum class SessionBy : std::uint8_t { none, ticket, id };

struct ScriptedPeerConfig {
  Role role;
  std::shared_ptr<Provider> provider;
  std::shared_ptr<const CertifiedKey> certificate;   // its own; null: a client shows an empty list
  std::string server_name = "localhost";             // a client's
  std::vector<std::string> application_protocols{};  // a client offers them; a server selects the first
  std::vector<CipherSuite> cipher_suites = CommonConfig{}.cipher_suites;
  std::vector<NamedGroup> groups = CommonConfig{}.groups;
  ClientAuthentication client_authentication = ClientAuthentication::none;  // what a client's other end asks for
  ProtocolVersion version = ProtocolVersion::tls13;                         // or tls12, or dtls12 (dtls12/scripted_peer.h)
  SessionBy begins_session = SessionBy::none;
  std::shared_ptr<const Session> session{};  // that it resumes, if the other end has it, too
  Watcher* watcher = nullptr;
};

/// That the key of its own certificate signs with; none without one.
std::optional<SignatureScheme> own_scheme_of(const ScriptedPeerConfig& config);

class HonestPeer {
 public:
  /// The config must outlive it.
  explicit HonestPeer(const ScriptedPeerConfig& config) : config_(config) {}
  virtual ~HonestPeer() = default;
  HonestPeer(const HonestPeer&) = delete;
  HonestPeer& operator=(const HonestPeer&) = delete;

  /// Whether an end of this version and role has such a message to send at all.
  virtual bool sends(What what) const = 0;
  /// The message, with its header. Of one that none sends: a header, and what fits.
  virtual Bytes build(const Step& step) = 0;
  /// As it goes over the wire, edits and all.
  virtual void take_sent(What what, ByteView message) = 0;
  /// Whatever was sent is in records now.
  virtual void end_flight() {}
  virtual void take_sent_change_cipher_spec() {}
  virtual void take_received(const dissect::RecordView& record) = 0;

  /// What it would send a record of this type under.
  virtual Keys keys_due(ContentType type) const = 0;
  virtual bool has(Keys keys) const = 0;
  /// Appends a record. keys: that it has. Only TLS 1.3 has padding.
  virtual void seal(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys, Bytes& out) = 0;
  /// What was settled, if a later connection can go on with it; else null.
  virtual std::shared_ptr<const Session> session() const { return nullptr; }
  virtual std::size_t key_updates() const { return 0; }  // since the first keys of application data

  /// trace: see ScriptedPeer. Whether it is all that the other end may ask for before it completes.
  virtual bool proves(std::string_view trace) const = 0;

 protected:
  virtual void take_message(const dissect::MessageView& message) = 0;
  void take_messages(ByteView content);
  void tell_of_received(ContentType type, ByteView content, Keys keys, std::size_t key_updates) const {
    if (config_.watcher != nullptr) config_.watcher->on_received(type, content, keys, key_updates);
  }

  const ScriptedPeerConfig& config_;

 private:
  Bytes messages_in_;
};

std::unique_ptr<HonestPeer> make_honest_peer(const ScriptedPeerConfig& config);

}  // namespace tocsin::script
