// Input:      options seed, sequence (when the ticket is made, in tenths of a period), fault_kind (bit 0: another secret, bit 1: a
//             bit of the ticket flips, bit 2: its last byte is missing; the rest: how much later it comes, less 16), fault_bit;
//             the body is a session in the form in which it is sealed or kept, and is offered as a ticket, too.
// Property:   a ticket opens to what was sealed until the next period ends, and else to nothing; what decodes has one encoding.
// Invariants: same_input_same_output.
#include <algorithm>

#include "core/handshake/session12.h"
#include "core/handshake/tickets.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/input.h"
#include "fuzz/provider/deterministic_provider.h"
#include "tocsin/openssl_provider.h"

using namespace tocsin;
using fuzz::Tag;

namespace {

void check_form(const auto& decoded, ByteView body) {
  if (decoded && !std::ranges::equal(encode_session(*decoded).view(), body)) fuzz::finding("a session has two encodings");
}

std::optional<Bytes> opened(const handshake::TicketKeys& keys, ByteView ticket, int at) {
  const auto result = handshake::open_ticket(keys, ticket, UnixSeconds{at});
  return *result ? std::optional(Bytes((*result)->view().begin(), (*result)->view().end())) : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  const ByteView body = input.body();
  check_form(handshake::decode_session(body), body);
  check_form(handshake::decode_client_session(body), body);

  const Secret secret(Bytes(32, 1)), other(Bytes(32, 2));
  const auto provider = fuzz::make_deterministic_provider(input.option(Tag::seed, 0));
  constexpr std::uint32_t period_s = 10;
  const handshake::TicketKeys keys{*provider, secret, period_s};
  const int made = input.option(Tag::sequence, 0) - 128, kind = input.option(Tag::fault_kind, 16 << 3);
  const int later = made + (kind >> 3) - 16, periods = (later + 1000) / 10 - (made + 1000) / 10;
  static const auto openssl = *make_openssl_provider();  // what the other one seals a fuzzer can forge
  if (opened({*openssl, secret, period_s}, body, made)) fuzz::finding("a ticket that nobody made opens");
  const Bytes ticket = *handshake::seal_ticket(keys, body, UnixSeconds{made});
  const auto same = fuzz::make_deterministic_provider(input.option(Tag::seed, 0));
  fuzz::check(Invariant::same_input_same_output,
              ticket == *handshake::seal_ticket({*same, secret, period_s}, body, UnixSeconds{made}), "two");

  Bytes shown = ticket;
  const std::size_t bit = input.option(Tag::fault_bit, 0) + 256u * input.option(Tag::fault_bit_high, 0);
  if ((kind & 2) != 0) shown[bit / 8 % shown.size()] ^= static_cast<std::uint8_t>(1u << bit % 8);
  if ((kind & 4) != 0) shown.pop_back();
  const bool is_good = (kind & 7) == 0 && (periods == 0 || periods == 1);
  const auto session = opened((kind & 1) != 0 ? handshake::TicketKeys{*provider, other, period_s} : keys, shown, later);
  ++fuzz::stats().other_checks;
  if (session.has_value() != is_good) fuzz::finding(is_good ? "a ticket does not open" : "a ticket opens that should not");
  if (session && !std::ranges::equal(*session, body)) fuzz::finding("a ticket opens to something else");
  return 0;
}
