#pragma once
// What is true of a state whatever comes next. Each state says it of itself, in a member `traits`; nothing else lists states.
#include <concepts>
#include <optional>
#include <string_view>

#include "tocsin/algorithms.h"

namespace tocsin::handshake {

/// start: a server to which nothing has come. Application data flows in both directions when the state is connected, and never
/// before: early data is not accepted (RFC 9846 4.3.10), and a server that has sent its Finished waits for the client's.
enum class Phase : std::uint8_t { start, handshake, connected };

struct Traits {
  std::string_view name;                   // as RFC 9846 Appendix A names it; for TLS 1.2 in the same manner
  std::optional<ProtocolVersion> version;  // tls12 stands for DTLS 1.2 too; none: it is not chosen yet
  Phase phase;
  /// Our flight is on its way, and nothing has come in answer yet.
  bool awaits_answer_to_flight = false;
};

/// What holds for every state. One that is connected has an `established`.
template <class S>
concept HasTraits = requires(S& state) {
  { S::traits } -> std::convertible_to<const Traits&>;
  requires !S::traits.name.empty();
  requires S::traits.phase != Phase::connected || requires { state.established; };
};

/// The version is not chosen yet, but this end has said which ones may be.
template <class S>
concept OffersVersions = requires(const S& state) {
  { state.offers(ProtocolVersion::tls13) } -> std::same_as<bool>;
};

}  // namespace tocsin::handshake
