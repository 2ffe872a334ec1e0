#pragma once
// What a peer does instead of what the RFC says: a list of steps. Any bytes are some script.
//
// Binary form, for fuzzers: steps one after another, each
//   byte 0   what (modulo the number of things)
//   byte 1   bits 0 and 1: under which keys; bit 2: shares its record with the next step; bit 3: twice; bits 4 and 5: how many
//            edits; bit 6: in fragments; bit 7: with a body of its own
//   byte 2   the argument: see What; in fragments: how many bytes each
//   its own body, for messages and alerts: a byte, and as many bytes as that says
//   3 bytes  an edit: where in the body, how, with which value
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tocsin/bytes.h"

namespace tocsin::script {

enum class What : std::uint8_t {
  // ServerHello or ClientHello; argument: which of the common suites. A server of TLS 1.2: bits 0 to 5, of a session that is
  // resumed 0 is its own; bit 6: the session is not resumed; bit 7: a ticket is promised
  hello,
  retry,  // HelloRetryRequest or the second ClientHello; argument: which group is asked for. Of TLS 1.2: HelloRequest
  encrypted_extensions,
  certificate_request,
  certificate,
  certificate_verify,
  finished,
  new_session_ticket,
  key_update,  // argument: request_update
  alert,       // argument: the description
  change_cipher_spec,
  application_data,  // argument: how many bytes
  other_message,     // argument: the handshake type; the body is empty but for edits
  padded_data,       // application data of one byte with padding behind it; argument: 64 times as many bytes
  // Of TLS 1.2.
  server_key_exchange,
  server_hello_done,
  client_key_exchange,
  handshake_bytes,  // the own body in a handshake record, as it stands: a part of a message; without one, the argument alone
  // Nothing is sent, but the other end's application calls it.
  end_sends,         // argument: how many bytes
  end_updates_keys,  // argument: request_update
  end_closes,
};
constexpr std::uint8_t promises_ticket = 128, resumes_nothing = 64;  // bits of the argument of hello
constexpr std::size_t number_of_whats = 21;
constexpr bool is_call_of_end(What what) { return what >= What::end_sends; }

enum class Keys : std::uint8_t { as_due, plaintext, handshake, application };

struct Edit {
  enum class How : std::uint8_t { flip, set, insert, erase, cut, lie_about_length };
  static constexpr std::size_t number_of_hows = 6;
  std::uint8_t where;  // byte of the body, modulo its length; of a message or an alert
  How how;             // cut: drops everything from there on; lie_about_length: adds value to the header's length alone
  std::uint8_t value;
  friend bool operator==(const Edit&, const Edit&) = default;
};

struct Step {
  What what{};
  Keys keys = Keys::as_due;
  bool shares_record = false;
  bool twice = false;
  std::uint8_t argument = 0;
  std::size_t fragment_bytes = 0;  // 0: not in fragments
  std::vector<Edit> edits{};
  std::optional<Bytes> body{};  // in the place of what an honest peer would send; edited like that
  friend bool operator==(const Step&, const Step&) = default;
};

using Script = std::vector<Step>;

constexpr std::size_t steps_max = 32;
Script parse(ByteView binary);
/// For people: "hello; encrypted_extensions [flip 3 1] under plaintext keys; finished, twice".
std::string to_text(const Script& script);

}  // namespace tocsin::script
