#include <algorithm>

#include "core/handshake/tickets.h"
#include "core/handshake/tls12/session.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::harness {

namespace {

void check_form(const auto& decoded, ByteView body) {
  if (decoded && !std::ranges::equal(encode_session(*decoded).view(), body)) finding("a session has two encodings");
}

std::optional<Bytes> opened(const handshake::TicketKeys& keys, ByteView ticket, int at) {
  const auto result = handshake::open_ticket(keys, ticket, UnixSeconds{at});
  return *result ? std::optional(Bytes((*result)->view().begin(), (*result)->view().end())) : std::nullopt;
}

}  // namespace

void scenarios::session_ticket(ByteView bytes) {
  const Input input(bytes);
  const ByteView body = input.body();
  check_form(handshake::tls12::decode_session(body), body);
  check_form(handshake::tls12::decode_client_session(body), body);

  const Secret secret(Bytes(32, 1)), other(Bytes(32, 2));
  const auto provider = make_deterministic_provider(input.option(Tag::seed, 0));
  constexpr std::uint32_t period_s = 10;
  const handshake::TicketKeys keys{*provider, secret, period_s};
  const int made = input.option(Tag::sequence, 0) - 128, kind = input.option(Tag::fault_kind, 16 << 3);
  const int later = made + (kind >> 3) - 16, periods = (later + 1000) / 10 - (made + 1000) / 10;
  static const auto openssl = *make_openssl_provider();  // what the other one seals a fuzzer can forge
  if (opened({*openssl, secret, period_s}, body, made)) finding("a ticket that nobody made opens");
  const Bytes ticket = *handshake::seal_ticket(keys, body, UnixSeconds{made});
  const auto same = make_deterministic_provider(input.option(Tag::seed, 0));
  check(Invariant::same_input_same_output,
        ticket == *handshake::seal_ticket({*same, secret, period_s}, body, UnixSeconds{made}), "two");

  Bytes shown = ticket;
  const std::size_t bit = input.option(Tag::fault_bit, 0) + 256u * input.option(Tag::fault_bit_high, 0);
  if ((kind & 2) != 0) shown[bit / 8 % shown.size()] ^= static_cast<std::uint8_t>(1u << bit % 8);
  if ((kind & 4) != 0) shown.pop_back();
  const bool is_good = (kind & 7) == 0 && (periods == 0 || periods == 1);
  const auto session = opened((kind & 1) != 0 ? handshake::TicketKeys{*provider, other, period_s} : keys, shown, later);
  ++stats().other_checks;
  if (session.has_value() != is_good) finding(is_good ? "a ticket does not open" : "a ticket opens that should not");
  if (session && !std::ranges::equal(*session, body)) finding("a ticket opens to something else");
}

}  // namespace tocsin::harness
