#include "core/wire/dtls/hello_verify_request.h"
#include "core/wire/tls12/certificate.h"
#include "core/wire/tls12/key_exchange.h"
#include "core/wire/tls12/new_session_ticket.h"
#include "core/wire/tls12/server_hello.h"
#include "harnesses/checkers/message_round_trip.h"
#include "harnesses/scenarios/scenarios.h"

namespace tocsin::harness {

namespace {

/// The encoder of the message's own namespace.
void encode_message(const auto& message, Writer& out) { encode(message, out); }

/// Bytes that are equal leave nothing to be asked of lengths and fields.
struct Rules {
  static void encode(const auto& message, Writer& out) { encode_message(message, out); }
  static bool has_legal_lengths(const auto&) { return true; }
  static bool is_canonical_form(HandshakeType type, ByteView encoded, ByteView body) {
    return is_canonical_tls12_form(type, encoded, body);
  }
  static bool is_same(const auto&, const auto&) { return true; }
};

template <HandshakeType type, auto decode>
constexpr auto check = check_round_trip<Rules, type, decode>;

using T = HandshakeType;
constexpr void (*by_first_byte[])(ByteView) = {
    check<T::client_hello, wire::decode_dtls_client_hello>,
    check<T::hello_verify_request, wire::decode_hello_verify_request>,
    check<T::server_hello, wire::tls12::decode_server_hello>,
    check<T::certificate, wire::tls12::decode_certificate>,
    check<T::server_key_exchange, wire::tls12::decode_server_key_exchange>,
    check<T::certificate_request, wire::tls12::decode_certificate_request>,
    check<T::server_hello_done, wire::tls12::decode_server_hello_done>,
    check<T::client_key_exchange, wire::tls12::decode_client_key_exchange>,
    check<T::hello_request, wire::tls12::decode_hello_request>,
    check<T::new_session_ticket, wire::tls12::decode_new_session_ticket>,
};

}  // namespace

void scenarios::wire_messages_tls12(ByteView bytes) {
  if (!bytes.empty()) by_first_byte[bytes[0] % std::size(by_first_byte)](bytes.subspan(1));
}

}  // namespace tocsin::harness
