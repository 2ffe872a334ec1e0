// Input:      byte 0 says which handshake message, modulo their number; the rest is its body.
// Property:   what decodes keeps to the RFC's lengths; its canonical form encodes it, and decodes to the same.
// Invariants: same_input_same_output.
#include "fuzz/lib/finding.h"
#include "fuzz/lib/story.h"
#include "fuzz/lib/wire_compare.h"
#include "fuzz/lib/wire_lengths.h"
#include "harnesses/dissect/registries.h"

using namespace tocsin;

namespace {

void encode(const std::variant<wire::ServerHello, wire::HelloRetryRequest>& message, Writer& out) {
  std::visit([&](const auto& held) { wire::encode(held, out); }, message);
}

template <HandshakeType type, auto decode>
void check(ByteView body) {
  fuzz::tell([&] { return fuzz::Called{"decoder", dissect::handshake_types.find(static_cast<std::uint8_t>(type)), body}; });
  const auto decoded = decode(body);
  if (!decoded) return fuzz::check_refusal(decoded.error());
  if (!fuzz::has_legal_lengths(*decoded)) fuzz::finding("a message was decoded whose lengths RFC 8446 forbids");
  Bytes once, twice;
  Writer out(once), out_again(twice);
  encode(*decoded, out);
  fuzz::tell([&] { return fuzz::Content{"encoder", fuzz::Content::Direction::sent, 22, false, once}; });
  Reader message(once);
  if (out.overflowed() || message.u8() != static_cast<std::uint8_t>(type) || message.u24() != message.size())
    fuzz::finding("the header of an encoded message is wrong");
  const ByteView canonical = message.take(message.size());
  if (!fuzz::is_canonical_form(type, canonical, body)) fuzz::finding("an encoded message is not the one that was decoded");
  const auto again = decode(canonical);
  if (!again || !fuzz::is_same(*decoded, *again)) fuzz::finding("an encoded message decodes to another");
  encode(*again, out_again);
  fuzz::check(Invariant::same_input_same_output, once == twice, "one message was encoded in two ways");
}

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
