#include "harnesses/stacks/openssl/peer.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>

#include "core/base/types.h"
#include "core/wire/server_hello.h"
#include "harnesses/stacks/key_log.h"
#include "harnesses/stacks/openssl/outcome.h"

namespace tocsin::stacks {

OpenSslPeer::OpenSslPeer(Role role, const PeerConfig& config, std::uint64_t seed, Observer observer, SSL_SESSION* session)
    : config_(config), observer_(std::move(observer)), random_(seed), ssl_(make_ssl(role, config_)) {
  const UseRandomStream use(random_);
  ERR_clear_error();
  BIO* const bio = new_bio(wire_);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_ex_data(ssl_.get(), peer_ex_data, this);
  SSL_CTX_set_keylog_callback(SSL_get_SSL_CTX(ssl_.get()), on_secret);
  SSL_set_msg_callback(ssl_.get(), on_message);
  SSL_set_msg_callback_arg(ssl_.get(), this);
  if (session != nullptr) SSL_set_session(ssl_.get(), session);
  if (role == Role::client) advance();
}

// The only place where libssl shows an alert that it sends encrypted. Record headers are shown before what they hold.
void OpenSslPeer::on_message(int is_written, int, int content_type, const void* bytes, std::size_t size_bytes, SSL* ssl,
                             void* peer) {
  auto& self = *static_cast<OpenSslPeer*>(peer);
  const ByteView message{static_cast<const std::uint8_t*>(bytes), size_bytes};
  if (content_type == SSL3_RT_HEADER && size_bytes > 0) self.last_record_type_ = message[0];
  bool& is_tls12_protected = self.is_tls12_protected_[is_written != 0 ? 1 : 0];
  const bool is_protected = self.last_record_type_ == SSL3_RT_APPLICATION_DATA || is_tls12_protected;
  if (content_type < SSL3_RT_HEADER) {
    const bool is_update = content_type == SSL3_RT_HANDSHAKE && size_bytes > 0 && message[0] == SSL3_MT_KEY_UPDATE;
    self.has_answered_first_ = !std::exchange(self.has_seen_content_, true) && is_written != 0 && is_update;
    if (self.observer_) self.observer_({is_written != 0, static_cast<std::uint8_t>(content_type), is_protected, message});
  }
  if (content_type == SSL3_RT_CHANGE_CIPHER_SPEC && SSL_version(ssl) == TLS1_2_VERSION) is_tls12_protected = true;
  if (content_type == SSL3_RT_ALERT && size_bytes == 2) {
    if (message[1] == SSL_AD_USER_CANCELLED && message[0] != SSL3_AL_FATAL) return;
    if (message[1] == SSL_AD_CLOSE_NOTIFY && (is_written != 0 || self.status_ != Status::handshaking)) return;
    (is_written != 0 ? self.alert_sent_ : self.alert_received_) = AlertSeen{message[0], message[1], !is_protected};
  }
  // HelloRetryRequest: told from a ServerHello by its random (RFC 9846 4.2.3), behind type, length and version.
  constexpr std::size_t random_at = 6;
  const auto& retry_random = wire::hello_retry_request_random;
  if (content_type == SSL3_RT_HANDSHAKE && size_bytes >= random_at + retry_random.size() &&
      message[0] == SSL3_MT_SERVER_HELLO && std::equal(retry_random.begin(), retry_random.end(), message.begin() + random_at))
    self.is_retried_ = true;
}

// SSL_CTX has a place for this callback, SSL has none.
void OpenSslPeer::on_secret(const SSL* ssl, const char* line) {
  Bytes secret = secret_in(line, "SERVER_HANDSHAKE_TRAFFIC_SECRET");
  if (!secret.empty())
    static_cast<OpenSslPeer*>(SSL_get_ex_data(ssl, peer_ex_data))->server_handshake_secret_ = std::move(secret);
}

void OpenSslPeer::advance() {
  if (status_ == Status::handshaking) {
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
      status_ = Status::complete;
    } else {
      if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) fail();
      return;
    }
  }
  std::array<std::uint8_t, 4096> buffer;
  while (status_ == Status::complete) {
    std::size_t read_bytes = 0;
    const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &read_bytes);
    if (result == 1) {
      append(application_data_, {buffer.data(), read_bytes});
      continue;
    }
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_ZERO_RETURN || error == SSL_ERROR_WANT_READ) return;
    fail();
  }
}

bool OpenSslPeer::fail() {
  status_ = Status::failed;
  error_code_ = ERR_peek_error();
  ERR_clear_error();
  return false;
}

void OpenSslPeer::receive(ByteView from_other_end) {
  if (status_ == Status::failed || from_other_end.empty()) return;
  const UseRandomStream use(random_);
  wire_.to_read.erase(wire_.to_read.begin(),
                      wire_.to_read.begin() + static_cast<std::ptrdiff_t>(std::exchange(wire_.read_bytes, 0)));
  append(wire_.to_read, from_other_end);
  has_seen_content_ = has_answered_first_ = false;
  advance();
}

void OpenSslPeer::receive_end_of_stream() {
  if (status_ == Status::failed) return;
  const UseRandomStream use(random_);
  wire_.is_at_end = true;
  advance();
}

bool OpenSslPeer::is_open_for_writing() const {
  return status_ == Status::complete && (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) == 0;
}

bool OpenSslPeer::send(ByteView application_data) {
  if (!is_open_for_writing()) return false;
  if (application_data.empty()) return true;
  const UseRandomStream use(random_);
  std::size_t written_bytes = 0;
  const int result = SSL_write_ex(ssl_.get(), application_data.data(), application_data.size(), &written_bytes);
  if (result == 1) return true;
  // Amid a renegotiation it waits for the rest of that.
  return SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ && fail();
}

bool OpenSslPeer::update_keys(KeyUpdateRequest request) {
  if (!is_open_for_writing()) return false;
  const UseRandomStream use(random_);
  const int type = request == KeyUpdateRequest::update_requested ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED;
  if (SSL_key_update(ssl_.get(), type) != 1) {  // before TLS 1.3, or while one is due: nothing has happened
    ERR_clear_error();
    return false;
  }
  return SSL_do_handshake(ssl_.get()) == 1 || fail();
}

bool OpenSslPeer::close() {
  if (status_ != Status::complete) return false;
  if (!is_open_for_writing()) return true;  // libssl would wait for the other end's
  const UseRandomStream use(random_);
  return SSL_shutdown(ssl_.get()) >= 0 || fail();
}

std::optional<Bytes> OpenSslPeer::export_keying_material(std::string_view label, std::optional<ByteView> context,
                                                         std::size_t size_bytes) {
  if (status_ != Status::complete) return std::nullopt;
  return exported_key(ssl_.get(), label, context, size_bytes);
}

bool OpenSslPeer::is_closed_by_other_end() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

Negotiated OpenSslPeer::negotiated() const {
  Negotiated agreed = negotiated_of(ssl_.get());
  agreed.retried = is_retried_;
  if (X509* certificate = SSL_is_server(ssl_.get()) != 0 ? SSL_get0_peer_certificate(ssl_.get()) : nullptr) {
    std::uint8_t* der = nullptr;
    const int der_bytes = i2d_X509(certificate, &der);
    if (der_bytes > 0) agreed.client_certificate.assign(der, der + der_bytes);
    OPENSSL_free(der);
  }
  return agreed;
}

std::string OpenSslPeer::failure() const { return reason_of(error_code_); }

}  // namespace tocsin::stacks
