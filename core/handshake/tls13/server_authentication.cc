// The server's transitions for what a client authenticates itself with (RFC 9846 Appendix A.2, WAIT_CERT and WAIT_CV).
#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/authentication.h"
#include "core/handshake/tls13/certificate_verify.h"
#include "core/handshake/tls13/server.h"

namespace tocsin::handshake::tls13::server {
namespace {

/// 4.5.3: the client's Finished covers all that came before it.
Result<WaitFinished> wait_for_finished(ClientFlight flight) {
  TOCSIN_TRY_SET(const Secret hash, flight.transcript.current());
  TOCSIN_TRY_SET(Secret expected,
                 crypto::finished_verify_data(*flight.config->provider, hash_of(flight.established.negotiated.cipher_suite),
                                              flight.client_traffic, hash));
  // A record of this flight has been opened, so no early data can follow.
  return WaitFinished{std::move(flight.config), std::move(expected), std::move(flight.established), false};
}

}  // namespace

To<WaitFinished, WaitCertificateVerify> on(WaitCertificate state, const wire::Certificate& message, const Context& context,
                                           Effects&) {
  ClientFlight& flight = state.flight;
  const ServerConfig& config = *flight.config;
  if (!message.certificate_request_context.empty()) return Fatal{Reason::certificate_context_invalid};  // 4.5.1
  TOCSIN_TRY(flight.transcript.add_received(context.message));
  if (message.certificate_list.empty()) {  // 4.5.1.3
    if (config.client_authentication == ClientAuthentication::required) return Fatal{Reason::certificate_required};
    TOCSIN_TRY_SET(auto next, wait_for_finished(std::move(flight)));
    return {std::move(next)};
  }
  std::vector<ByteView> chain;
  for (const wire::CertificateEntry& entry : message.certificate_list) chain.push_back(entry.cert_data);
  TOCSIN_TRY_SET(auto client_key, config.client_verifier->verify(chain, context.date));
  return {WaitCertificateVerify{std::move(flight), std::move(client_key), Bytes(chain.front().begin(), chain.front().end())}};
}

To<WaitFinished> on(WaitCertificateVerify state, const wire::CertificateVerify& message, const Context& context, Effects&) {
  ClientFlight& flight = state.flight;
  TOCSIN_TRY_SET(const Secret hash, flight.transcript.current());
  TOCSIN_TRY(verify_proof(*flight.config, *state.client_key, ProtocolVersion::tls13,
                          CertificateVerifyContent(Role::client, hash), message));
  flight.established.negotiated.client_certificate = std::move(state.client_certificate);
  flight.established.negotiated.client_signature_scheme = message.algorithm;
  TOCSIN_TRY(flight.transcript.add_received(context.message));
  TOCSIN_TRY_SET(auto next, wait_for_finished(std::move(flight)));
  return {std::move(next)};
}

}  // namespace tocsin::handshake::tls13::server
