// Input:      byte 0 says which handshake message of TLS 1.2 or DTLS 1.2, modulo their number; the rest is its body.
// Property:   what decodes is encoded to the same bytes, but for the order of extensions, and those that a ClientHello means
//             nothing by; that decodes, and is encoded to the same.
// Invariants: same_input_same_output.
#include "core/wire/certificate12.h"
#include "core/wire/hello_verify_request.h"
#include "core/wire/key_exchange12.h"
#include "core/wire/new_session_ticket12.h"
#include "core/wire/server_hello12.h"
#include "fuzz/lib/wire_round_trip.h"

using namespace tocsin;

namespace {

/// Bytes that are equal leave nothing to be asked of lengths and fields.
struct Rules {
  static void encode(const auto& message, Writer& out) { wire::encode(message, out); }
  static bool has_legal_lengths(const auto&) { return true; }
  static bool is_canonical_form(HandshakeType type, ByteView encoded, ByteView body) {
    return fuzz::is_canonical_form12(type, encoded, body);
  }
  static bool is_same(const auto&, const auto&) { return true; }
};

template <HandshakeType type, auto decode>
constexpr auto check = fuzz::check_round_trip<Rules, type, decode>;

using T = HandshakeType;
constexpr void (*by_first_byte[])(ByteView) = {
    check<T::client_hello, wire::decode_dtls_client_hello>,
    check<T::hello_verify_request, wire::decode_hello_verify_request>,
    check<T::server_hello, wire::decode_server_hello12>,
    check<T::certificate, wire::decode_certificate12>,
    check<T::server_key_exchange, wire::decode_server_key_exchange>,
    check<T::certificate_request, wire::decode_certificate_request12>,
    check<T::server_hello_done, wire::decode_server_hello_done>,
    check<T::client_key_exchange, wire::decode_client_key_exchange>,
    check<T::hello_request, wire::decode_hello_request>,
    check<T::new_session_ticket, wire::decode_new_session_ticket12>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size != 0) by_first_byte[data[0] % std::size(by_first_byte)]({data + 1, size - 1});
  return 0;
}
