#include "harnesses/stacks/openssl/association.h"

#include <openssl/err.h>
#include <sys/time.h>

#include <algorithm>
#include <array>

#include "harnesses/stacks/openssl/outcome.h"
#include "harnesses/stacks/virtual_time.h"

namespace tocsin::stacks {
namespace {

using Cookie = std::array<std::uint8_t, 16>;

Cookie cookie_for(Address peer) {
  Cookie cookie;
  RandomStream(static_cast<std::uint64_t>(peer)).fill(cookie);
  return cookie;
}

}  // namespace

class OpenSslDtls::Call {
 public:
  Call(OpenSslDtls& self, Time now)
      : self_(self), now_(now), random_(self.random_), time_(std::chrono::seconds(static_cast<std::int64_t>(peers_now)) + now) {
    ERR_clear_error();
  }
  ~Call() {
    self_.note_deadline(now_);
    ERR_clear_error();
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

 private:
  OpenSslDtls& self_;
  Time now_;
  UseRandomStream random_;
  UseTime time_;
};

OpenSslDtls::OpenSslDtls(Role role, const PeerConfig& config, std::uint64_t seed, Address peer, Time now, Listening listening)
    : config_(config),
      random_(seed),
      peer_(peer),
      ssl_(make_ssl(role, config_, Transport::datagram)),
      listens_(role == Role::server && listening == Listening::by_dtlsv1_listen) {
  const Call call(*this, now);
  wire_.mtu_bytes = config_.mtu_bytes;
  BIO* const bio = new_bio(wire_);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_ex_data(ssl_.get(), peer_ex_data, this);
  SSL_CTX_set_cookie_generate_cb(SSL_get_SSL_CTX(ssl_.get()), make_cookie);
  SSL_CTX_set_cookie_verify_cb(SSL_get_SSL_CTX(ssl_.get()), verify_cookie);
  if (role == Role::client) advance();
}

int OpenSslDtls::make_cookie(SSL* ssl, unsigned char* cookie, unsigned* cookie_bytes) {
  const Cookie made = cookie_for(static_cast<OpenSslDtls*>(SSL_get_ex_data(ssl, peer_ex_data))->peer_);
  std::copy(made.begin(), made.end(), cookie);
  *cookie_bytes = made.size();
  return 1;
}

int OpenSslDtls::verify_cookie(SSL* ssl, const unsigned char* cookie, unsigned cookie_bytes) {
  const Cookie made = cookie_for(static_cast<OpenSslDtls*>(SSL_get_ex_data(ssl, peer_ex_data))->peer_);
  return std::equal(made.begin(), made.end(), cookie, cookie + cookie_bytes) ? 1 : 0;
}

// After -1, too, it can be called again.
bool OpenSslDtls::is_listening() {
  if (!listens_) return false;
  const OpenSslPtr<BIO_ADDR, BIO_ADDR_free> from(BIO_ADDR_new());
  const int result = DTLSv1_listen(ssl_.get(), from.get());
  if (result < 0) ++complaints_;
  listens_ = result <= 0;
  return listens_;
}

void OpenSslDtls::advance() {
  if (is_listening()) return;
  if (status_ == Status::handshaking) {
    const int result = SSL_do_handshake(ssl_.get());
    if (result != 1) {
      fails_after(result);
      return;
    }
    status_ = Status::complete;
  }
  std::array<std::uint8_t, SSL3_RT_MAX_PLAIN_LENGTH> buffer;
  while (status_ == Status::complete) {
    std::size_t read_bytes = 0;
    const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &read_bytes);
    if (result != 1) {
      fails_after(result);
      return;
    }
    application_data_.emplace_back(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(read_bytes));
  }
}

bool OpenSslDtls::fail() {
  status_ = Status::failed;
  error_code_ = ERR_peek_error();
  return false;
}

// An empty datagram reads as the end of a file, SSL_ERROR_SYSCALL without an error; libssl goes on from there.
bool OpenSslDtls::fails_after(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  const bool is_well =
      error == SSL_ERROR_WANT_READ || error == SSL_ERROR_ZERO_RETURN || (error == SSL_ERROR_SYSCALL && ERR_peek_error() == 0);
  if (!is_well) fail();
  if (error == SSL_ERROR_SYSCALL && is_well) ++complaints_;
  return !is_well;
}

void OpenSslDtls::note_deadline(Time now) {
  timeval left{};
  deadline_.reset();
  if (status_ != Status::failed && DTLSv1_get_timeout(ssl_.get(), &left) == 1)
    deadline_ = now + std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
}

void OpenSslDtls::receive(ByteView datagram, Time now) {
  if (status_ == Status::failed) return;
  const Call call(*this, now);
  wire_.to_read = datagram;
  advance();
  wire_.to_read.reset();
}

void OpenSslDtls::on_timeout(Time now) {
  if (status_ == Status::failed) return;
  const Call call(*this, now);
  if (DTLSv1_handle_timeout(ssl_.get()) < 0) fail();
}

bool OpenSslDtls::send(ByteView application_data, Time now) {
  if (status_ != Status::complete || (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) != 0) return false;
  if (application_data.empty()) return true;
  const Call call(*this, now);
  std::size_t written_bytes = 0;
  return SSL_write_ex(ssl_.get(), application_data.data(), application_data.size(), &written_bytes) == 1 || fail();
}

bool OpenSslDtls::close(Time now) {
  if (status_ != Status::complete) return false;
  const Call call(*this, now);
  return SSL_shutdown(ssl_.get()) >= 0 || fail();
}

bool OpenSslDtls::is_closed_by_peer() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

std::optional<Bytes> OpenSslDtls::export_keying_material(std::string_view label, std::optional<ByteView> context,
                                                         std::size_t size_bytes) {
  if (status_ != Status::complete) return std::nullopt;
  return exported_key(ssl_.get(), label, context, size_bytes);
}

Negotiated OpenSslDtls::negotiated() const { return negotiated_of(ssl_.get()); }

std::string OpenSslDtls::failure() const { return reason_of(error_code_); }

}  // namespace tocsin::stacks
