#pragma once
// What a peer of DTLS 1.2 does instead of what RFC 6347 says: a list of steps. Any bytes are some script.
//
// Binary form, for fuzzers: steps one after another, each
//   byte 0   what (modulo the number of things)
//   byte 1   bits 0 to 2: what its records say of their protection, and have; bits 3 to 5: their numbers; bits 6 and 7: how
//   many edits byte 2   the argument: see What byte 3   bits 0 and 1: the message's number; bits 2 to 4: fragments; bit 5:
//   shares its datagram with the next step; bit 6: the
//            datagram comes twice; bit 7: with a body of its own
//   in fragments: a byte, how many bytes each, less one
//   its own body, for messages, alerts and datagrams: a byte, and as many bytes as that says
//   3 bytes  an edit: see script.h
#include <optional>
#include <string>
#include <vector>

#include "harnesses/script/script.h"

namespace tocsin::script::dtls12 {

enum class What : std::uint8_t {
  hello,                 // argument: which of the common suites; of a client also bit 7: without the cookie that it has
  hello_verify_request,  // argument: how long the cookie is
  certificate,
  server_key_exchange,
  certificate_request,
  server_hello_done,
  client_key_exchange,
  certificate_verify,
  new_session_ticket,
  finished,
  other_message,    // argument: the handshake type; the body is empty but for edits
  handshake_bytes,  // the own body in a handshake record, as it stands; without one, the argument alone
  change_cipher_spec,
  alert,             // argument: the description; its level is fatal but for close_notify
  application_data,  // argument: how many bytes
  flight_again,      // all since the other end's last message, in records of new numbers (RFC 6347 4.2.4)
  datagram_again,    // argument: how many datagrams lie between that one and now
  datagram,          // the own body, without a record
  lose,              // what the other end sends next does not arrive
  wait,              // argument: so many tenths of a second; 0: until the other end has something to do
  move,              // argument: which of the four addresses the peer sends from
  end_sends,         // argument: how many bytes of application data the other end sends
  end_closes,
};
constexpr std::size_t number_of_whats = 23;
constexpr std::size_t number_of_addresses = 4;

/// The epoch that a record says it is of, and what it is protected with.
enum class Under : std::uint8_t {
  as_due,
  plaintext,             // epoch 0
  keys,                  // epoch 1
  plaintext_in_epoch_1,  // without protection
  keys_in_epoch_0,
  keys_in_next_epoch,  // 2
  keys_with_broken_mac,
  other_version,  // of TLS 1.2
};
constexpr std::size_t number_of_unders = 8;

/// A record's number within its epoch.
enum class Number : std::uint8_t {
  next,
  again,      // that of the last record
  far_ahead,  // 100 are left out
  skipped,    // the highest that was left out, if there is one
  old,        // 64 before the last, or the first
};
constexpr std::size_t number_of_numbers = 5;

/// A message's number.
enum class MessageNumber : std::uint8_t { due, before, ahead, far_ahead };

enum class Fragments : std::uint8_t {
  whole,
  in_order,
  reversed,
  overlapping,       // each reaches into the next
  one_missing,       // the second, or the only one
  with_other_bytes,  // behind the first comes one of the same range with other bytes
  of_lying_length,   // the first says that it is a byte longer than it is
  beyond_message,    // the first says that the message ends in it
};

struct Step {
  What what{};
  std::uint8_t argument = 0;
  Under under = Under::as_due;
  Number number = Number::next;
  MessageNumber message_number = MessageNumber::due;
  Fragments fragments = Fragments::whole;
  std::size_t fragment_bytes = 0;  // 0 exactly if whole
  bool shares_datagram = false;
  bool twice = false;
  std::vector<Edit> edits{};
  std::optional<Bytes> body{};  // in the place of what an honest peer would send; edited like that
  friend bool operator==(const Step&, const Step&) = default;
};

using Script = std::vector<Step>;

constexpr std::size_t steps_max = 48;
Script parse(ByteView binary);
/// For people: "hello; finished [flip 3 1] under plaintext, number again; flight_again in fragments of 40, reversed".
std::string to_text(const Script& script);

/// The same of a stream's script; nothing if What is no message, or one that only datagrams have.
std::optional<script::What> message_of(What what);

}  // namespace tocsin::script::dtls12
