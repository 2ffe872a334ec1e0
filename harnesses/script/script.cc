#include "harnesses/script/script.h"

#include <string_view>

#include "core/base/reader.h"
#include "harnesses/script/edits.h"

namespace tocsin::script {
namespace {

constexpr std::string_view what_names[number_of_whats] = {"hello",
                                                          "retry",
                                                          "encrypted_extensions",
                                                          "certificate_request",
                                                          "certificate",
                                                          "certificate_verify",
                                                          "finished",
                                                          "ticket",
                                                          "key_update",
                                                          "alert",
                                                          "change_cipher_spec",
                                                          "application_data",
                                                          "other_message",
                                                          "padded_data",
                                                          "server_key_exchange",
                                                          "server_hello_done",
                                                          "client_key_exchange",
                                                          "handshake_bytes",
                                                          "end_sends",
                                                          "end_updates_keys",
                                                          "end_closes"};
constexpr std::string_view keys_names[4] = {"", "plaintext", "handshake", "application"};

bool has_argument(What what) {
  return what == What::hello || what == What::retry || what == What::key_update || what == What::alert ||
         what == What::application_data || what == What::other_message || what == What::padded_data ||
         what == What::handshake_bytes || what == What::end_sends || what == What::end_updates_keys;
}

}  // namespace

Script parse(ByteView binary) {
  Script script;
  for (Reader reader(binary); reader.size() >= 3 && script.size() < steps_max;) {
    Step step{static_cast<What>(reader.u8() % number_of_whats)};
    const std::uint8_t flags = reader.u8();
    step.keys = static_cast<Keys>(flags & 3);
    step.shares_record = (flags & 4) != 0;
    step.twice = (flags & 8) != 0;
    const std::uint8_t argument = reader.u8();
    if ((flags & 64) != 0)
      step.fragment_bytes = argument + 1u;
    else
      step.argument = argument;
    if ((flags & 128) != 0) step.body = parse_body(reader);
    step.edits = parse_edits(reader, flags >> 4 & 3);
    script.push_back(std::move(step));
  }
  return script;
}

std::string to_text(const Script& script) {
  std::string text;
  for (const Step& step : script) {
    if (!text.empty()) text += "; ";
    text += what_names[static_cast<std::size_t>(step.what)];
    if (has_argument(step.what) && step.fragment_bytes == 0) text += " " + std::to_string(step.argument);
    text += text_of_changes(step.body, step.edits);
    if (step.keys != Keys::as_due)
      text.append(" under ").append(keys_names[static_cast<std::size_t>(step.keys)]).append(" keys");
    if (step.fragment_bytes != 0) text += " in fragments of " + std::to_string(step.fragment_bytes);
    if (step.twice) text += ", twice";
    if (step.shares_record) text += " +";
  }
  return text;
}

}  // namespace tocsin::script
