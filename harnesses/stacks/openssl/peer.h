#pragma once
// OpenSSL as a peer.
#include <functional>

#include "harnesses/stacks/deterministic_rand.h"
#include "harnesses/stacks/openssl/bio.h"
#include "harnesses/stacks/openssl/context.h"
#include "harnesses/stacks/peer.h"

namespace tocsin::stacks {

/// A message, an alert, or what else a record held, as libssl saw it.
struct ContentSeen {
  bool is_sent;  // else received
  std::uint8_t type;
  bool is_protected;
  ByteView content;
};

/// negotiated(): signature_scheme, client_signature_scheme and server_name are not known, and client_certificate to a server
/// only.
class OpenSslPeer final : public Peer {
 public:
  using Observer = std::function<void(const ContentSeen&)>;

  /// seed: all randomness of this peer comes from it. A client's ClientHello is in the output at once. observer: is shown each
  /// handshake message, alert and change_cipher_spec. session: that a client offers, or null.
  OpenSslPeer(Role role, const PeerConfig& config, std::uint64_t seed, Observer observer = {}, SSL_SESSION* session = nullptr);
  OpenSslPeer(const OpenSslPeer&) = delete;
  OpenSslPeer& operator=(const OpenSslPeer&) = delete;

  void receive(ByteView from_other_end) override;
  void receive_end_of_stream() override;
  Bytes take_output() override { return std::exchange(wire_.written, {}); }
  bool send(ByteView application_data) override;
  Bytes take_application_data() override { return std::exchange(application_data_, {}); }
  bool update_keys(KeyUpdateRequest request) override;
  bool close() override;
  std::optional<Bytes> export_keying_material(std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override;

  /// What a later connection may offer: one that a server of TLS 1.2 has given an id.
  SslSessionPtr session() const { return SslSessionPtr(SSL_get1_session(ssl_.get())); }

  Status status() const override { return status_; }
  /// libssl keeps an empty handshake message that comes while an answer to a KeyUpdate is due: it answers, and returns.
  bool has_read_all() const override { return !has_answered_first_; }
  const Bytes& server_handshake_secret() const override { return server_handshake_secret_; }
  bool is_closed_by_other_end() const override;
  std::optional<AlertSeen> alert_sent() const override { return alert_sent_; }
  std::optional<AlertSeen> alert_received() const override { return alert_received_; }
  Negotiated negotiated() const override;
  std::string failure() const override;

 private:
  static void on_message(int is_written, int version, int content_type, const void* bytes, std::size_t size_bytes, SSL* ssl,
                         void* peer);
  static void on_secret(const SSL* ssl, const char* line);
  void advance();
  bool fail();
  bool is_open_for_writing() const;

  PeerConfig config_;
  Observer observer_;
  RandomStream random_;
  Wire wire_;
  SslPtr ssl_;
  Bytes application_data_;
  Status status_ = Status::handshaking;
  bool is_retried_ = false;
  bool has_seen_content_ = false;    // since it was given something last
  bool has_answered_first_ = false;  // then, a KeyUpdate of before, and has seen nothing else since
  Bytes server_handshake_secret_;
  std::uint8_t last_record_type_ = 0;
  std::array<bool, 2> is_tls12_protected_{};  // what is received, what is sent: change_cipher_spec of TLS 1.2 was seen
  std::optional<AlertSeen> alert_sent_, alert_received_;
  unsigned long error_code_ = 0;
};

}  // namespace tocsin::stacks
