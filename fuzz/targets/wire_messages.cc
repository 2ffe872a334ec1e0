// Input:      byte 0 says which handshake message, modulo their number; the rest is its body.
// Property:   what decodes keeps to the RFC's lengths; its canonical form encodes it, and decodes to the same.
// Invariants: same_input_same_output.
#include "fuzz/lib/wire_lengths.h"
#include "fuzz/lib/wire_round_trip.h"

using namespace tocsin;

namespace {

struct Rules {
  template <class Message>
  static void encode(const Message& message, Writer& out) {
    wire::encode(message, out);
  }
  static void encode(const std::variant<wire::ServerHello, wire::HelloRetryRequest>& message, Writer& out) {
    std::visit([&](const auto& held) { wire::encode(held, out); }, message);
  }
  static bool has_legal_lengths(const auto& message) { return fuzz::has_legal_lengths(message); }
  static bool is_canonical_form(HandshakeType type, ByteView encoded, ByteView body) {
    return fuzz::is_canonical_form(type, encoded, body);
  }
  static bool is_same(const auto& a, const auto& b) { return fuzz::is_same(a, b); }
};

template <HandshakeType type, auto decode>
constexpr auto check = fuzz::check_round_trip<Rules, type, decode>;

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

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size != 0) by_first_byte[data[0] % std::size(by_first_byte)]({data + 1, size - 1});
  return 0;
}
