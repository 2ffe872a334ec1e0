#include "core/handshake/machine/state.h"

namespace tocsin::handshake {

const Traits& traits_of(const State& state) {
  return std::visit([]<class S>(const S&) -> const Traits& { return S::traits; }, state);
}

Established* established_of(State& state) {
  return std::visit(
      []<class S>(S& held) -> Established* {
        if constexpr (S::traits.phase == Phase::connected)
          return &held.established;
        else
          return nullptr;
      },
      state);
}

//= RFC 9846 5 //# it MUST be treated as an unexpected record type (though stateless servers may not be
bool tolerates_change_cipher_spec(const State& state) {
  return std::visit(
      []<class S>(const S& held) {
        if constexpr (S::traits.phase != Phase::handshake)
          return false;
        else if constexpr (OffersVersions<S>)
          return held.offers(ProtocolVersion::tls13);
        else
          return S::traits.version != ProtocolVersion::tls12;
      },
      state);
}

bool heeds_alert_levels(const State& state) {
  return std::visit(
      []<class S>(const S& held) {
        if constexpr (OffersVersions<S>)
          return held.offers(ProtocolVersion::tls12);
        else
          return S::traits.version == ProtocolVersion::tls12;
      },
      state);
}

bool skips_early_data(const State& state) {
  return std::visit(
      []<class S>(const S& held) {
        if constexpr (requires { held.early_data_offered; })
          return held.early_data_offered;
        else
          return false;
      },
      state);
}

}  // namespace tocsin::handshake
