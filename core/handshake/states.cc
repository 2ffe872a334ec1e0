#include "core/handshake/states.h"

namespace tocsin::handshake {

Established* established_of(State& state) {
  if (auto* connected = std::get_if<server::Connected>(&state)) return &connected->established;
  if (auto* connected = std::get_if<client::Connected>(&state)) return &connected->established;
  return nullptr;
}

bool tolerates_change_cipher_spec(const State& state) {
  return !std::holds_alternative<server::WaitClientHello>(state) && !std::holds_alternative<server::Connected>(state) &&
         !std::holds_alternative<client::Connected>(state);
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
