// Input:      byte 0 says which handshake message of TLS 1.2 or DTLS 1.2, modulo their number; the rest is its body.
// Property:   what decodes is encoded to the same bytes, but for the order of extensions, and those that a ClientHello means
//             nothing by; that decodes, and is encoded to the same.
// Invariants: same_input_same_output.
#include "core/wire/certificate12.h"
#include "core/wire/hello_verify_request.h"
#include "core/wire/key_exchange12.h"
#include "core/wire/new_session_ticket12.h"
#include "core/wire/server_hello12.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/story.h"
#include "fuzz/lib/wire_compare.h"
#include "harnesses/dissect/registries.h"

using namespace tocsin;

namespace {

template <HandshakeType type, auto decode>
void check(ByteView body) {
  fuzz::tell([&] { return fuzz::Called{"decoder", dissect::handshake_types.find(static_cast<std::uint8_t>(type)), body}; });
  const auto decoded = decode(body);
  if (!decoded) return fuzz::check_refusal(decoded.error());
  Bytes once, twice;
  Writer out(once), out_again(twice);
  encode(*decoded, out);
  fuzz::tell([&] { return fuzz::Content{"encoder", fuzz::Content::Direction::sent, 22, false, once}; });
  Reader message(once);
  if (out.overflowed() || message.u8() != static_cast<std::uint8_t>(type) || message.u24() != message.size())
    fuzz::finding("the header of an encoded message is wrong");
  const ByteView canonical = message.take(message.size());
  if (!fuzz::is_canonical_form12(type, canonical, body)) fuzz::finding("an encoded message is not the one that was decoded");
  const auto again = decode(canonical);
  if (!again) fuzz::finding("an encoded message does not decode");
  encode(*again, out_again);
  fuzz::check(Invariant::same_input_same_output, once == twice, "one message was encoded in two ways");
}

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
