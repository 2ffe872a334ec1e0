#pragma once
// Scripts of honest ends, and how a script looks in bytes.
#include <algorithm>

#include "harnesses/script/script.h"

namespace tocsin::script {

/// A step's own body, of 255 bytes at most, and its first three edits.
template <class Step>
void append_changes(const Step& step, Bytes& binary) {
  if (step.body) {
    binary.push_back(static_cast<std::uint8_t>(step.body->size()));
    append(binary, *step.body);
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(step.edits.size(), 3); ++i) {
    binary.push_back(step.edits[i].where);
    binary.push_back(static_cast<std::uint8_t>(step.edits[i].how));
    binary.push_back(step.edits[i].value);
  }
}

inline Bytes to_binary(const Script& script) {
  Bytes binary;
  for (const Step& step : script) {
    const std::size_t edits = std::min<std::size_t>(step.edits.size(), 3);
    binary.push_back(static_cast<std::uint8_t>(step.what));
    binary.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(step.keys) | (step.shares_record ? 4u : 0u) |
                                               (step.twice ? 8u : 0u) | edits << 4 | (step.fragment_bytes != 0 ? 64u : 0u) |
                                               (step.body ? 128u : 0u)));
    binary.push_back(step.fragment_bytes != 0 ? static_cast<std::uint8_t>(step.fragment_bytes - 1) : step.argument);
    append_changes(step, binary);
  }
  return binary;
}

inline Script honest_server() {
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

inline Script honest_client() {
  return {{What::hello},      {What::change_cipher_spec},
          {What::finished},   {What::application_data, Keys::as_due, false, false, 5},
          {What::key_update}, {What::application_data, Keys::as_due, false, false, 5},
          {What::alert}};
}

/// The peer may have a certificate; else it shows an empty list.
inline Script honest_client_with_certificate() {
  Script script = honest_client();
  script.insert(script.begin() + 2, {{What::certificate}, {What::certificate_verify}});
  return script;
}

/// Of TLS 1.2.
inline Script honest_old_server() {
  return {{What::hello},
          {What::certificate},
          {What::server_key_exchange},
          {What::server_hello_done},
          {What::change_cipher_spec},
          {What::finished},
          {What::application_data, Keys::as_due, false, false, 5},
          {What::alert}};
}

inline Script honest_old_client() {
  return {{What::hello},    {What::client_key_exchange},
          {What::change_cipher_spec}, {What::finished},
          {What::application_data, Keys::as_due, false, false, 5},
          {What::alert}};
}

/// The peer may have a certificate; else it shows an empty list.
inline Script honest_old_client_with_certificate() {
  Script script = honest_old_client();
  script.insert(script.begin() + 1, {What::certificate});
  script.insert(script.begin() + 3, {What::certificate_verify});
  return script;
}

}  // namespace tocsin::script
