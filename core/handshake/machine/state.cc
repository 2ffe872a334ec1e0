#include "core/handshake/machine/state.h"

namespace tocsin::handshake {

namespace {

template <class S, class... Those>
constexpr bool is_one_of = (std::is_same_v<S, Those> || ...);

template <class S>
constexpr bool is_connected =
    is_one_of<S, tls13::server::Connected, tls13::client::Connected, tls12::server::Connected, tls12::client::Connected>;

template <class S>
constexpr bool is_of_tls12 =
    is_one_of<S, tls12::server::WaitCertificate, tls12::server::WaitClientKeyExchange, tls12::server::WaitCertificateVerify,
              tls12::server::WaitChangeCipherSpec, tls12::server::WaitFinished, tls12::server::Connected,
              tls12::client::WaitCertificate, tls12::client::WaitServerKeyExchange, tls12::client::WaitServerHelloDone,
              tls12::client::WaitServerHelloDoneAfterRequest, tls12::client::WaitNewSessionTicket,
              tls12::client::WaitChangeCipherSpec, tls12::client::WaitFinished, tls12::client::Connected,
              tls12::server_resumed::WaitChangeCipherSpec, tls12::server_resumed::WaitFinished,
              tls12::client_resumed::WaitNewSessionTicket, tls12::client_resumed::WaitChangeCipherSpec,
              tls12::client_resumed::WaitFinished>;

bool offers(const State& state, ProtocolVersion version) {
  const auto* waiting = std::get_if<client::WaitServerHello>(&state);
  return waiting != nullptr && waiting->offer.config != nullptr && is_enabled(*waiting->offer.config, version);
}

}  // namespace

Established* established_of(State& state) {
  return std::visit(
      []<class S>(S& held) -> Established* {
        if constexpr (is_connected<S>)
          return &held.established;
        else
          return nullptr;
      },
      state);
}

//= RFC 9846 5 //# it MUST be treated as an unexpected record type (though stateless servers may not be
bool tolerates_change_cipher_spec(const State& state) {
  return std::visit(
      [&]<class S>(const S&) {
        if constexpr (std::is_same_v<S, client::WaitServerHello>)
          return offers(state, ProtocolVersion::tls13);
        else
          return !is_connected<S> && !is_of_tls12<S> && !std::is_same_v<S, server::WaitClientHello>;
      },
      state);
}

bool heeds_alert_levels(const State& state) {
  return offers(state, ProtocolVersion::tls12) || std::visit([]<class S>(const S&) { return is_of_tls12<S>; }, state);
}

bool skips_early_data(const State& state) {
  if (const auto* waiting = std::get_if<tls13::server::WaitSecondClientHello>(&state)) return waiting->early_data_offered;
  if (const auto* waiting = std::get_if<tls13::server::WaitCertificate>(&state)) return waiting->early_data_offered;
  if (const auto* waiting = std::get_if<tls13::server::WaitFinished>(&state)) return waiting->early_data_offered;
  return false;
}

bool waits_for_answer_to_flight(const State& state) {
  return std::holds_alternative<tls13::server::WaitCertificate>(state) ||
         std::holds_alternative<tls13::server::WaitFinished>(state);
}

}  // namespace tocsin::handshake
