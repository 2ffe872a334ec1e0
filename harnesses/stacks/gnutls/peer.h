#pragma once
// GnuTLS as a peer. It sends no alert by itself: this one sends those that an application is told to send (README.md).
#include "harnesses/stacks/deterministic_rand.h"
#include "harnesses/stacks/gnutls/session.h"
#include "harnesses/stacks/peer.h"
#include "harnesses/stacks/wire_alerts.h"

namespace tocsin::stacks {

/// negotiated(): the schemes and server_name are not known, and client_certificate to a server only.
class GnuTlsPeer final : public Peer {
 public:
  /// seed: all randomness of this peer comes from it. A client's ClientHello is in the output at once. before: whose session a
  /// client of TLS 1.2 offers, or null.
  GnuTlsPeer(Role role, const PeerConfig& config, std::uint64_t seed, const GnuTlsPeer* before = nullptr);
  GnuTlsPeer(const GnuTlsPeer&) = delete;
  GnuTlsPeer& operator=(const GnuTlsPeer&) = delete;

  void receive(ByteView from_other_end) override;
  void receive_end_of_stream() override;
  Bytes take_output() override { return std::exchange(output_, {}); }
  bool send(ByteView application_data) override;
  Bytes take_application_data() override { return std::exchange(application_data_, {}); }
  bool update_keys(KeyUpdateRequest request) override;
  bool close() override;
  std::optional<Bytes> export_keying_material(std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override;

  Status status() const override { return status_; }
  const Bytes& server_handshake_secret() const override { return server_handshake_secret_; }
  bool is_closed_by_other_end() const override { return is_closed_by_other_end_; }
  std::optional<AlertSeen> alert_sent() const override { return alert_sent_; }
  std::optional<AlertSeen> alert_received() const override { return alert_received_; }
  Negotiated negotiated() const override;
  std::string failure() const override { return error_ == 0 ? "" : gnutls_strerror(error_); }

 private:
  static GnuTlsPeer& of(void* transport) { return *static_cast<GnuTlsPeer*>(transport); }
  static ssize_t push(void* transport, const void* bytes, std::size_t size_bytes);
  static ssize_t pull(void* transport, void* out, std::size_t size_bytes);
  static int has_input(void* transport, unsigned timeout_ms);
  static int on_secret(gnutls_session_t session, const char* label, const gnutls_datum_t* secret);
  static int on_retry(gnutls_session_t session, unsigned type, unsigned when, unsigned is_incoming,
                      const gnutls_datum_t* message);
  static int verify(gnutls_session_t session);
  void set_up(const GnuTlsPeer* before);
  void advance();
  bool goes_on_after(int error);
  void fail(int error);
  void send_alert_for(int error);
  bool is_open_for_writing() const { return status_ == Status::complete && !is_closed_; }

  Role role_;
  PeerConfig config_;
  RandomStream random_;
  GnuTlsSessionPtr session_;
  Bytes input_, output_, application_data_;
  std::size_t read_bytes_ = 0;  // of input_
  bool is_at_end_ = false;      // nothing will follow input_
  bool is_starved_ = false;     // GnuTLS has asked for more than there is
  Status status_ = Status::handshaking;
  bool is_retried_ = false, is_closed_ = false, is_closed_by_other_end_ = false;
  Bytes server_handshake_secret_;
  std::optional<AlertSeen> alert_sent_, alert_received_;
  int error_ = 0;
};

}  // namespace tocsin::stacks
