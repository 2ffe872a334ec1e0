#include "harnesses/script/script.h"

#include <string_view>

#include "core/base/reader.h"

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
                                                          "other_message"};
constexpr std::string_view keys_names[4] = {"", "plaintext", "handshake", "application"};
constexpr std::string_view how_names[Edit::number_of_hows] = {"flip", "set", "insert", "erase", "cut", "lie_about_length"};

bool has_argument(What what) {
  return what == What::hello || what == What::retry || what == What::key_update || what == What::alert ||
         what == What::application_data || what == What::other_message;
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
    for (unsigned edits = (flags >> 4) & 3; edits > 0 && reader.size() >= 3; --edits) {
      const std::uint8_t where = reader.u8();
      const auto how = static_cast<Edit::How>(reader.u8() % Edit::number_of_hows);
      step.edits.push_back({where, how, reader.u8()});
    }
    script.push_back(std::move(step));
  }
  return script;
}

Bytes to_binary(const Script& script) {
  Bytes binary;
  for (const Step& step : script) {
    const std::size_t edits = step.edits.size() < 3 ? step.edits.size() : 3;
    binary.push_back(static_cast<std::uint8_t>(step.what));
    binary.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(step.keys) | (step.shares_record ? 4u : 0u) |
                                               (step.twice ? 8u : 0u) | edits << 4 | (step.fragment_bytes != 0 ? 64u : 0u)));
    binary.push_back(step.fragment_bytes != 0 ? static_cast<std::uint8_t>(step.fragment_bytes - 1) : step.argument);
    for (std::size_t i = 0; i < edits; ++i) {
      binary.push_back(step.edits[i].where);
      binary.push_back(static_cast<std::uint8_t>(step.edits[i].how));
      binary.push_back(step.edits[i].value);
    }
  }
  return binary;
}

std::string to_text(const Script& script) {
  std::string text;
  for (const Step& step : script) {
    if (!text.empty()) text += "; ";
    text += what_names[static_cast<std::size_t>(step.what)];
    if (has_argument(step.what) && step.fragment_bytes == 0) text += " " + std::to_string(step.argument);
    for (const Edit& edit : step.edits) {
      text += " [";
      text += how_names[static_cast<std::size_t>(edit.how)];
      text += " " + std::to_string(edit.where) + " " + std::to_string(edit.value) + "]";
    }
    if (step.keys != Keys::as_due)
      text.append(" under ").append(keys_names[static_cast<std::size_t>(step.keys)]).append(" keys");
    if (step.fragment_bytes != 0) text += " in fragments of " + std::to_string(step.fragment_bytes);
    if (step.twice) text += ", twice";
    if (step.shares_record) text += " +";
  }
  return text;
}

Script honest_server() {
  return {{What::hello},
          {What::encrypted_extensions},
          {What::certificate},
          {What::certificate_verify},
          {What::finished},
          {What::new_session_ticket},
          {What::application_data, Keys::as_due, false, false, 5},
          {What::key_update},
          {What::application_data, Keys::as_due, false, false, 5},
          {What::alert}};
}

Script honest_client() {
  return {{What::hello},      {What::change_cipher_spec},
          {What::finished},   {What::application_data, Keys::as_due, false, false, 5},
          {What::key_update}, {What::application_data, Keys::as_due, false, false, 5},
          {What::alert}};
}

Script honest_client_with_certificate() {
  Script script = honest_client();
  script.insert(script.begin() + 2, {{What::certificate}, {What::certificate_verify}});
  return script;
}

}  // namespace tocsin::script
