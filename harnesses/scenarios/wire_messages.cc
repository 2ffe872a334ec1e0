#include "harnesses/checkers/message_lengths.h"
#include "harnesses/checkers/message_round_trip.h"
#include "harnesses/scenarios/scenarios.h"

namespace tocsin::harness {

namespace {

struct Rules {
  template <class Message>
  static void encode(const Message& message, Writer& out) {
    wire::encode(message, out);
  }
  static void encode(const std::variant<wire::ServerHello, wire::HelloRetryRequest>& message, Writer& out) {
    std::visit([&](const auto& held) { wire::encode(held, out); }, message);
  }
  static bool has_legal_lengths(const auto& message) { return harness::has_legal_lengths(message); }
  static bool is_canonical_form(HandshakeType type, ByteView encoded, ByteView body) {
    return harness::is_canonical_form(type, encoded, body);
  }
  static bool is_same(const auto& a, const auto& b) { return harness::is_same(a, b); }
};

template <HandshakeType type, auto decode>
constexpr auto check = check_round_trip<Rules, type, decode>;

using T = HandshakeType;
constexpr void (*by_first_byte[])(ByteView) = {
    check<T::client_hello, wire::decode_client_hello>,
    check<T::server_hello, wire::decode_server_hello>,
    check<T::encrypted_extensions, wire::decode_encrypted_extensions>,
    check<T::certificate, wire::decode_certificate>,
    check<T::certificate_request, wire::decode_certificate_request>,
    check<T::certificate_verify, wire::decode_certificate_verify>,
    check<T::finished, wire::decode_finished>,
    check<T::new_session_ticket, wire::decode_new_session_ticket>,
    check<T::key_update, wire::decode_key_update>,
};

}  // namespace

void scenarios::wire_messages(ByteView bytes) {
  if (!bytes.empty()) by_first_byte[bytes[0] % std::size(by_first_byte)](bytes.subspan(1));
}

}  // namespace tocsin::harness
