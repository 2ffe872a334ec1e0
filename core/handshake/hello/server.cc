#include "core/handshake/hello/server.h"

#include "core/handshake/negotiation.h"

namespace tocsin::handshake::server {

To<RecvdClientHello> on(WaitClientHello, const wire::ClientHello& hello, const Context& context, Effects&) {
  TOCSIN_TRY(check_client_hello(hello));
  return {RecvdClientHello{hello, context.message}};
}

namespace {
/// What choose may come to.
using Chosen = std::variant<tls13::server::WaitSecondClientHello, tls13::server::WaitCertificate, tls13::server::WaitFinished,
                            tls12::server::WaitCertificate, tls12::server::WaitClientKeyExchange,
                            tls12::server_resumed::WaitChangeCipherSpec>;
template <class Next>
Result<Chosen> as_chosen(Next next) {
  return std::visit([](auto& state) { return Chosen(std::move(state)); }, next);
}
}  // namespace

Result<Chosen> choose(RecvdClientHello received, Config config, const Context& context, Effects& effects) {
  const auto& [hello, message] = received;
  TOCSIN_TRY_SET(const ProtocolVersion version, choose_version(*config, hello));
  if (version == ProtocolVersion::tls13) {
    TOCSIN_TRY_SET(auto next, tls13::server::answer(std::move(config), hello, message, context, effects));
    return as_chosen(std::move(next));
  }
  TOCSIN_TRY_SET(auto next, tls12::server::answer(std::move(config), hello, message, context, effects));
  return as_chosen(std::move(next));
}

}  // namespace tocsin::handshake::server
