#pragma once
/// @file
/// Errors, of kinds that the types keep apart, and Result, which holds a value or an error.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "tocsin/reason.h"

namespace tocsin {

/// What must be true whatever the peer sends. The catalogue is core/base/INVARIANTS.md.
enum class Invariant : std::uint8_t;

/// An error found at this end: exactly one fatal alert is queued, and the connection is closed for good.
// Aligned so that a Result is copied by words: every step of every record hands several on.
struct alignas(4) Fatal {
  Reason why;                         ///< also selects the alert: see alert_for
  std::optional<Invariant> broken{};  ///< set with Reason::invariant_broken only
  /// Set with Reason::handshake_timed_out only: the fatal alert that came last in plaintext, where anybody can forge it. It may
  /// say why the peer was silent, and proves nothing (RFC 6347 4.1.2.7).
  std::optional<AlertDescription> unauthenticated_alert{};
  friend bool operator==(const Fatal&, const Fatal&) = default;
};

/// An alert received from the peer: nothing is sent in answer, and the connection is closed for good.
struct PeerAlert {
  AlertDescription description;  ///< as received, even if unknown; close_notify if the peer gave up in the handshake
  friend bool operator==(const PeerAlert&, const PeerAlert&) = default;
};

/// A mistake of the caller: the connection is unchanged.
enum class Misuse : std::uint8_t {
  handshake_not_complete,   ///< send, key_update or export before the handshake is complete
  closed_for_writing,       ///< send or key_update after close
  closed_by_caller,         ///< any call after close during the handshake
  key_update_unavailable,   ///< update_keys on a connection of TLS 1.2, which has no KeyUpdate, or after 2^48 - 1 of them
  peer_unknown,             ///< a call of a Listener for an address without an association
  datagram_too_long,        ///< send of more than a datagram holds, in DTLS
  label_or_length_invalid,  ///< export_keying_material with a label or length that RFC 9846 7.5 cannot express
  already_consumed,         ///< a call on an object that was moved from or consumed
  server_name_invalid,      ///< Connection::client with a name that is neither a host name nor an address
  called_from_callback,     ///< a call on an object from one of its own callbacks
  config_missing,           ///< a configuration that is null
  provider_missing,         ///< a configuration without a provider
  verifier_missing,         ///< a client without a verifier
  client_verifier_missing,  ///< a server that asks clients for a certificate, without a verifier for it
  certificate_missing,      ///< a server without a certificate
  certificate_incomplete,   ///< a certificate that is null, has no chain or no key
  config_out_of_range,      ///< a value of a configuration that is outside the range that its comment gives
};

/// One sentence that says what the caller did wrong.
std::string_view sentence_of(Misuse misuse);

/// A Fatal, a PeerAlert or a Misuse: exactly one of fatal(), peer_alert() and misuse() is not null.
class Error {
 public:
  Error(Fatal fatal) : held_(fatal) {}      ///< Holds the Fatal.
  Error(PeerAlert alert) : held_(alert) {}  ///< Holds the PeerAlert.
  Error(Misuse misuse) : held_(misuse) {}   ///< Holds the Misuse.

  const Fatal* fatal() const { return std::get_if<Fatal>(&held_); }               ///< The Fatal, or null.
  const PeerAlert* peer_alert() const { return std::get_if<PeerAlert>(&held_); }  ///< The PeerAlert, or null.
  const Misuse* misuse() const { return std::get_if<Misuse>(&held_); }            ///< The Misuse, or null.

  /// For people: what happened, the Reason or alert by name, and the RFC clause. One line, no newline.
  std::string describe() const;

  friend bool operator==(const Error&, const Error&) = default;

 private:
  std::variant<Fatal, PeerAlert, Misuse> held_;
};

/// The value of a call that succeeds without a result.
struct Done {
  friend bool operator==(const Done&, const Done&) = default;
};

/// A value or an error. Inside the core E is Fatal; the public API returns Error.
template <class T, class E = Fatal>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}  ///< Success.
  Result(E error) : held_(std::in_place_index<1>, std::move(error)) {}  ///< Failure.
  /// A Fatal becomes an Error where the two meet.
  template <class F>
  requires(!std::is_same_v<F, E> && !std::is_same_v<F, T> && std::is_constructible_v<E, F> && !std::is_constructible_v<T, F>)
      Result(F error)
      : held_(std::in_place_index<1>, E{std::move(error)}) {}

  explicit operator bool() const { return held_.index() == 0; }   ///< Whether there is a value.
  T& operator*() { return *std::get_if<0>(&held_); }              ///< The value, only where there is one.
  const T& operator*() const { return *std::get_if<0>(&held_); }  ///< The value, only where there is one.
  T* operator->() { return std::get_if<0>(&held_); }              ///< The value, or null.
  const T* operator->() const { return std::get_if<0>(&held_); }  ///< The value, or null.
  /// Only where there is no value.
  const E& error() const { return *std::get_if<1>(&held_); }

 private:
  std::variant<T, E> held_;
};

/// The result of a call that produces nothing but its output.
using Outcome = Result<Done, Error>;

}  // namespace tocsin

#define TOCSIN_JOIN_(a, b) a##b               ///< of TOCSIN_TRY_SET
#define TOCSIN_JOIN(a, b) TOCSIN_JOIN_(a, b)  ///< of TOCSIN_TRY_SET
/// TOCSIN_TRY(expression): returns the Result's error from the function, if there is one.
#define TOCSIN_TRY(...)                 \
  do {                                  \
    auto tried_ = (__VA_ARGS__);        \
    if (!tried_) return tried_.error(); \
  } while (false)
/// TOCSIN_TRY_SET(declaration, expression): likewise, and moves the value into what is declared.
#define TOCSIN_TRY_SET(declaration, ...) TOCSIN_TRY_SET_(TOCSIN_JOIN(tried_, __LINE__), declaration, __VA_ARGS__)
/// of TOCSIN_TRY_SET
#define TOCSIN_TRY_SET_(held, declaration, ...) \
  auto held = (__VA_ARGS__);                    \
  if (!held) return held.error();               \
  declaration = std::move(*held)
