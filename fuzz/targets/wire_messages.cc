// Input:      byte 0 says which handshake message, modulo their number; the rest is its body.
// Property:   what decodes is encoded in its canonical form, which decodes to the same; all else is refused for what it says.
// Invariants: same_input_same_output.
#include "fuzz/lib/finding.h"
#include "fuzz/lib/wire_compare.h"

using namespace tocsin;

namespace {

void encode(const std::variant<wire::ServerHello, wire::HelloRetryRequest>& message, Writer& out) {
  std::visit([&](const auto& held) { wire::encode(held, out); }, message);
}

void check_refusal(const Fatal& refusal) {
  const AlertDescription alert = alert_for(refusal.why);
  if (alert != AlertDescription::decode_error && alert != AlertDescription::illegal_parameter &&
      alert != AlertDescription::unsupported_extension)
    fuzz::finding("a decoder refused with " + std::string(name_of(refusal.why)));
}

template <HandshakeType type, auto decode>
void check(ByteView body) {
  const auto decoded = decode(body);
  if (!decoded) return check_refusal(decoded.error());
  Bytes once, twice;
  Writer out(once), out_again(twice);
  encode(*decoded, out);
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
constexpr void (*checks[])(ByteView) = {
    // their order is the seeds'
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
  if (size != 0) checks[data[0] % std::size(checks)]({data + 1, size - 1});
  return 0;
}
