#include "core/handshake/machine/state.h"

namespace tocsin::handshake {

namespace {

template <class S, class... Those>
constexpr bool is_one_of = (std::is_same_v<S, Those> || ...);

template <class S>
constexpr bool is_connected = is_one_of<S, server::Connected, client::Connected, server12::Connected, client12::Connected>;

template <class S>
constexpr bool is_of_tls12 =
    is_one_of<S, server12::WaitCertificate, server12::WaitClientKeyExchange, server12::WaitCertificateVerify,
              server12::WaitChangeCipherSpec, server12::WaitFinished, server12::Connected, client12::WaitCertificate,
              client12::WaitServerKeyExchange, client12::WaitServerHelloDone, client12::WaitServerHelloDoneAfterRequest,
              client12::WaitNewSessionTicket, client12::WaitChangeCipherSpec, client12::WaitFinished, client12::Connected,
              server12_resumed::WaitChangeCipherSpec, server12_resumed::WaitFinished, client12_resumed::WaitNewSessionTicket,
              client12_resumed::WaitChangeCipherSpec, client12_resumed::WaitFinished>;

bool offers(const State& state, ProtocolVersion version) {
  const auto* waiting = std::get_if<client::WaitServerHello>(&state);
  return waiting != nullptr && waiting->hello.config != nullptr && is_enabled(*waiting->hello.config, version);
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
  if (const auto* waiting = std::get_if<server::WaitSecondClientHello>(&state)) return waiting->early_data_offered;
  if (const auto* waiting = std::get_if<server::WaitCertificate>(&state)) return waiting->early_data_offered;
  if (const auto* waiting = std::get_if<server::WaitFinished>(&state)) return waiting->early_data_offered;
  return false;
}

bool waits_for_answer_to_flight(const State& state) {
  return std::holds_alternative<server::WaitCertificate>(state) || std::holds_alternative<server::WaitFinished>(state);
}

}  // namespace tocsin::handshake
