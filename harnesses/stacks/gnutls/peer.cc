#include "harnesses/stacks/gnutls/peer.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/base/types.h"

namespace tocsin::stacks {
namespace {

NamedGroup group_of(gnutls_group_t group) {
  if (group == GNUTLS_GROUP_SECP256R1) return NamedGroup::secp256r1;
  if (group == GNUTLS_GROUP_SECP384R1) return NamedGroup::secp384r1;
  return group == GNUTLS_GROUP_X25519 ? NamedGroup::x25519 : NamedGroup{};
}

CipherSuite suite_of(gnutls_session_t session) {
  const char* const name = gnutls_ciphersuite_get(session);  // IANA's
  for (const CipherSuite suite : CommonConfig{}.cipher_suites)
    if (name != nullptr && name_of(suite) == name) return suite;
  return {};
}

}  // namespace

GnuTlsPeer::GnuTlsPeer(Role role, const PeerConfig& config, std::uint64_t seed, const GnuTlsPeer* before)
    : role_(role), config_(config), random_(seed) {
  const UseRandomStream use(random_);
  session_ = make_gnutls_session(role, config_);
  set_up(before);
  if (role == Role::client) advance();
}

void GnuTlsPeer::set_up(const GnuTlsPeer* before) {
  gnutls_session_t session = session_.get();
  gnutls_session_set_ptr(session, this);
  gnutls_transport_set_ptr(session, this);
  gnutls_transport_set_push_function(session, push);
  gnutls_transport_set_pull_function(session, pull);
  gnutls_transport_set_pull_timeout_function(session, has_input);
  gnutls_session_set_keylog_function(session, on_secret);
  gnutls_session_set_verify_function(session, verify);
  gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_HELLO_RETRY_REQUEST, GNUTLS_HOOK_POST, on_retry);
  if (before == nullptr) return;
  gnutls_datum_t data{};
  if (gnutls_session_get_data2(before->session_.get(), &data) < 0) return;
  gnutls_session_set_data(session, data.data, data.size);
  gnutls_free(data.data);
}

ssize_t GnuTlsPeer::push(void* transport, const void* bytes, std::size_t size_bytes) {
  append(of(transport).output_, ByteView(static_cast<const std::uint8_t*>(bytes), size_bytes));
  return static_cast<ssize_t>(size_bytes);
}

ssize_t GnuTlsPeer::pull(void* transport, void* out, std::size_t size_bytes) {
  GnuTlsPeer& self = of(transport);
  const ByteView rest = ByteView(self.input_).subspan(self.read_bytes_);
  const std::size_t taken_bytes = std::min(rest.size(), size_bytes);
  if (taken_bytes == 0 && !self.is_at_end_) {
    self.is_starved_ = true;
    gnutls_transport_set_errno(self.session_.get(), EAGAIN);
    return -1;
  }
  std::copy_n(rest.begin(), taken_bytes, static_cast<std::uint8_t*>(out));
  self.read_bytes_ += taken_bytes;
  return static_cast<ssize_t>(taken_bytes);
}

int GnuTlsPeer::has_input(void* transport, unsigned) {
  GnuTlsPeer& self = of(transport);
  self.is_starved_ = self.is_starved_ || (self.read_bytes_ == self.input_.size() && !self.is_at_end_);
  return self.is_starved_ ? 0 : 1;
}

int GnuTlsPeer::on_secret(gnutls_session_t session, const char* label, const gnutls_datum_t* secret) {
  if (std::string_view(label) == "SERVER_HANDSHAKE_TRAFFIC_SECRET")
    of(gnutls_session_get_ptr(session)).server_handshake_secret_.assign(secret->data, secret->data + secret->size);
  return 0;
}

int GnuTlsPeer::on_retry(gnutls_session_t session, unsigned, unsigned, unsigned, const gnutls_datum_t*) {
  of(gnutls_session_get_ptr(session)).is_retried_ = true;
  return 0;
}

int GnuTlsPeer::verify(gnutls_session_t session) {
  const GnuTlsPeer& self = of(gnutls_session_get_ptr(session));
  return verify_by_gnutls(session, self.role_, self.config_);
}

// A call also returns after what is neither data nor the end of the handshake, and is repeated until all is read.
void GnuTlsPeer::advance() {
  is_starved_ = false;
  while (status_ == Status::handshaking) {
    const int result = gnutls_handshake(session_.get());
    if (result == GNUTLS_E_SUCCESS)
      status_ = Status::complete;
    else if (!goes_on_after(result))
      return;
  }
  std::array<std::uint8_t, 4096> buffer;
  while (status_ == Status::complete && !is_closed_by_other_end_) {
    const ssize_t result = gnutls_record_recv(session_.get(), buffer.data(), buffer.size());
    if (result > 0)
      append(application_data_, {buffer.data(), static_cast<std::size_t>(result)});
    else if (result == 0)
      is_closed_by_other_end_ = true;
    else if (!goes_on_after(static_cast<int>(result)))
      return;
  }
}

bool GnuTlsPeer::goes_on_after(int error) {
  // RFC 5246 7.4.1.1: no renegotiation here, of which GnuTLS lets a client only go on.
  if (error == GNUTLS_E_REHANDSHAKE && role_ == Role::client) {
    gnutls_alert_send_appropriate(session_.get(), error);
    return true;
  }
  if (error == GNUTLS_E_REHANDSHAKE || gnutls_error_is_fatal(error) != 0) {
    fail(error);
    return false;
  }
  return !is_starved_;
}

void GnuTlsPeer::fail(int error) {
  error_ = error;
  status_ = Status::failed;
  if (error == GNUTLS_E_FATAL_ALERT_RECEIVED)
    alert_received_ = AlertSeen{0, static_cast<std::uint8_t>(gnutls_alert_get(session_.get())), false};
  else if (error == GNUTLS_E_SESSION_EOF)  // in the handshake; afterwards there is no error
    alert_received_ = AlertSeen{0, GNUTLS_A_CLOSE_NOTIFY, false};
  else if (error != GNUTLS_E_PREMATURE_TERMINATION)  // else nobody is there any more
    send_alert_for(error);
}

void GnuTlsPeer::send_alert_for(int error) {
  const Bytes before = std::exchange(output_, {});
  gnutls_alert_send_appropriate(session_.get(), error);
  WireAlerts alerts;
  alerts.note(output_);
  int level = 0;
  const int description = gnutls_error_to_alert(error, &level);
  if (alerts.in_plaintext())
    alert_sent_ = alerts.in_plaintext();
  else if (alerts.may_end_protected())
    alert_sent_ = AlertSeen{static_cast<std::uint8_t>(level), static_cast<std::uint8_t>(description), false};
  output_.insert(output_.begin(), before.begin(), before.end());
}

void GnuTlsPeer::receive(ByteView from_other_end) {
  if (status_ == Status::failed || from_other_end.empty()) return;
  const UseRandomStream use(random_);
  input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(std::exchange(read_bytes_, 0)));
  append(input_, from_other_end);
  advance();
}

void GnuTlsPeer::receive_end_of_stream() {
  if (status_ == Status::failed) return;
  const UseRandomStream use(random_);
  is_at_end_ = true;
  advance();
}

bool GnuTlsPeer::send(ByteView application_data) {
  if (!is_open_for_writing()) return false;
  const UseRandomStream use(random_);
  while (!application_data.empty()) {
    const ssize_t result = gnutls_record_send(session_.get(), application_data.data(), application_data.size());
    if (result < 0) return fail(static_cast<int>(result)), false;
    application_data = application_data.subspan(static_cast<std::size_t>(result));
  }
  return true;
}

bool GnuTlsPeer::update_keys(KeyUpdateRequest request) {
  if (!is_open_for_writing()) return false;
  const UseRandomStream use(random_);
  const unsigned flags = request == KeyUpdateRequest::update_requested ? GNUTLS_KU_PEER : 0;
  return gnutls_session_key_update(session_.get(), flags) == GNUTLS_E_SUCCESS;  // not before TLS 1.3: nothing has happened
}

bool GnuTlsPeer::close() {
  if (!is_open_for_writing()) return status_ == Status::complete;
  const UseRandomStream use(random_);
  is_closed_ = gnutls_bye(session_.get(), GNUTLS_SHUT_WR) == GNUTLS_E_SUCCESS;
  return is_closed_;
}

std::optional<Bytes> GnuTlsPeer::export_keying_material(std::string_view label, std::optional<ByteView> context,
                                                        std::size_t size_bytes) {
  Bytes key(size_bytes);
  const ByteView bytes = context.value_or(ByteView{});
  if (status_ != Status::complete ||
      gnutls_prf_rfc5705(session_.get(), label.size(), label.data(), bytes.size(), reinterpret_cast<const char*>(bytes.data()),
                         key.size(), reinterpret_cast<char*>(key.data())) != GNUTLS_E_SUCCESS)
    return std::nullopt;
  return key;
}

Negotiated GnuTlsPeer::negotiated() const {
  gnutls_session_t session = session_.get();
  Negotiated agreed;
  agreed.version = gnutls_protocol_get_version(session) == GNUTLS_TLS1_2 ? ProtocolVersion::tls12 : ProtocolVersion::tls13;
  agreed.cipher_suite = suite_of(session);
  gnutls_datum_t protocol{};
  if (gnutls_alpn_get_selected_protocol(session, &protocol) == GNUTLS_E_SUCCESS)
    agreed.application_protocol = text_of({protocol.data, protocol.size});
  agreed.retried = is_retried_;
  agreed.resumed = gnutls_session_is_resumed(session) != 0;
  if (!agreed.resumed) agreed.group = group_of(gnutls_group_get(session));
  unsigned count = 0;
  const gnutls_datum_t* const certificates = gnutls_certificate_get_peers(session, &count);
  if (role_ == Role::server && certificates != nullptr)
    agreed.client_certificate.assign(certificates->data, certificates->data + certificates->size);
  return agreed;
}

}  // namespace tocsin::stacks
