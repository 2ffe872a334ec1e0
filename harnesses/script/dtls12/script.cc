#include "harnesses/script/dtls12/script.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/reader.h"
#include "harnesses/script/edits.h"

namespace tocsin::script::dtls12 {
namespace {

constexpr std::array<std::string_view, number_of_whats> what_names{"hello",
                                                                   "hello_verify_request",
                                                                   "certificate",
                                                                   "server_key_exchange",
                                                                   "certificate_request",
                                                                   "server_hello_done",
                                                                   "client_key_exchange",
                                                                   "certificate_verify",
                                                                   "ticket",
                                                                   "finished",
                                                                   "other_message",
                                                                   "handshake_bytes",
                                                                   "change_cipher_spec",
                                                                   "alert",
                                                                   "application_data",
                                                                   "flight_again",
                                                                   "datagram_again",
                                                                   "datagram",
                                                                   "lose",
                                                                   "wait",
                                                                   "move",
                                                                   "end_sends",
                                                                   "end_closes"};
constexpr std::array<std::string_view, number_of_unders> under_names{"",
                                                                     "plaintext",
                                                                     "keys",
                                                                     "plaintext in epoch 1",
                                                                     "keys in epoch 0",
                                                                     "keys in the next epoch",
                                                                     "keys with a broken MAC",
                                                                     "another version"};
constexpr std::array<std::string_view, number_of_numbers> number_names{"", "again", "far ahead", "skipped", "old"};
constexpr std::array<std::string_view, 4> message_number_names{"", "before", "ahead", "far ahead"};
constexpr std::array<std::string_view, 8> fragments_names{
    "", "", "reversed", "overlapping", "one missing", "with other bytes", "of a lying length", "beyond the message"};

bool has_argument(What what) {
  constexpr What without[] = {What::certificate,
                              What::server_key_exchange,
                              What::certificate_request,
                              What::server_hello_done,
                              What::client_key_exchange,
                              What::certificate_verify,
                              What::new_session_ticket,
                              What::finished,
                              What::change_cipher_spec,
                              What::flight_again,
                              What::datagram,
                              What::lose,
                              What::end_closes};
  return std::ranges::find(without, what) == std::end(without);
}

std::string_view name_in(std::span<const std::string_view> names, auto value) { return names[static_cast<std::size_t>(value)]; }

}  // namespace

Script parse(ByteView binary) {
  Script script;
  for (Reader reader(binary); reader.size() >= 4 && script.size() < steps_max;) {
    Step step{static_cast<What>(reader.u8() % number_of_whats)};
    const std::uint8_t records = reader.u8();
    step.argument = reader.u8();
    const std::uint8_t flags = reader.u8();
    step.under = static_cast<Under>(records & 7);
    step.number = static_cast<Number>((records >> 3 & 7) % static_cast<unsigned>(number_of_numbers));
    step.message_number = static_cast<MessageNumber>(flags & 3);
    step.fragments = static_cast<Fragments>(flags >> 2 & 7);
    step.shares_datagram = (flags & 32) != 0;
    step.twice = (flags & 64) != 0;
    if (step.fragments != Fragments::whole) step.fragment_bytes = (reader.empty() ? 0u : reader.u8()) + 1u;
    if ((flags & 128) != 0) step.body = parse_body(reader);
    step.edits = parse_edits(reader, records >> 6);
    script.push_back(std::move(step));
  }
  return script;
}

std::string to_text(const Script& script) {
  std::string text;
  for (const Step& step : script) {
    if (!text.empty()) text += "; ";
    text += name_in(what_names, step.what);
    if (has_argument(step.what)) text += " " + std::to_string(step.argument);
    text += text_of_changes(step.body, step.edits);
    if (step.under != Under::as_due) text.append(" under ").append(name_in(under_names, step.under));
    if (step.number != Number::next) text.append(", number ").append(name_in(number_names, step.number));
    if (step.message_number != MessageNumber::due)
      text.append(", message number ").append(name_in(message_number_names, step.message_number));
    if (step.fragments != Fragments::whole) text += " in fragments of " + std::to_string(step.fragment_bytes);
    if (const std::string_view name = name_in(fragments_names, step.fragments); !name.empty()) text.append(", ").append(name);
    if (step.twice) text += ", twice";
    if (step.shares_datagram) text += " +";
  }
  return text;
}

std::optional<script::What> message_of(What what) {
  switch (what) {
    case What::hello:
      return script::What::hello;
    case What::certificate:
      return script::What::certificate;
    case What::server_key_exchange:
      return script::What::server_key_exchange;
    case What::certificate_request:
      return script::What::certificate_request;
    case What::server_hello_done:
      return script::What::server_hello_done;
    case What::client_key_exchange:
      return script::What::client_key_exchange;
    case What::certificate_verify:
      return script::What::certificate_verify;
    case What::new_session_ticket:
      return script::What::new_session_ticket;
    case What::finished:
      return script::What::finished;
    case What::other_message:
      return script::What::other_message;
    case What::hello_verify_request:
    case What::handshake_bytes:
    case What::change_cipher_spec:
    case What::alert:
    case What::application_data:
    case What::flight_again:
    case What::datagram_again:
    case What::datagram:
    case What::lose:
    case What::wait:
    case What::move:
    case What::end_sends:
    case What::end_closes:
      break;
  }
  return std::nullopt;
}

}  // namespace tocsin::script::dtls12
