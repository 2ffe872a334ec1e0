#pragma once
// Scripts of honest ends of DTLS 1.2, and how a script looks in bytes.
#include <algorithm>

#include "harnesses/script/dtls12/script.h"
#include "harnesses/script/testing.h"

namespace tocsin::script::dtls12 {

inline Bytes to_binary(const Script& script) {
  Bytes binary;
  for (const Step& step : script) {
    const std::size_t edits = std::min<std::size_t>(step.edits.size(), 3);
    binary.push_back(static_cast<std::uint8_t>(step.what));
    binary.push_back(
        static_cast<std::uint8_t>(static_cast<unsigned>(step.under) | static_cast<unsigned>(step.number) << 3 | edits << 6));
    binary.push_back(step.argument);
    binary.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(step.message_number) |
                                               static_cast<unsigned>(step.fragments) << 2 | (step.shares_datagram ? 32u : 0u) |
                                               (step.twice ? 64u : 0u) | (step.body ? 128u : 0u)));
    if (step.fragments != Fragments::whole) binary.push_back(static_cast<std::uint8_t>(step.fragment_bytes - 1));
    append_changes(step, binary);
  }
  return binary;
}

inline Script honest_server() {
  return {{What::hello_verify_request, 20},
          {What::hello},
          {What::certificate},
          {What::server_key_exchange},
          {What::server_hello_done},
          {What::change_cipher_spec},
          {What::finished},
          {What::application_data, 5},
          {What::alert}};
}

inline Script honest_client() {
  return {{What::hello},
          {What::hello},
          {What::client_key_exchange},
          {What::change_cipher_spec},
          {What::finished},
          {What::application_data, 5},
          {What::alert}};
}

/// The peer may have a certificate; else it shows an empty list.
inline Script honest_client_with_certificate() {
  Script script = honest_client();
  script.insert(script.begin() + 2, {What::certificate});
  script.insert(script.begin() + 4, {What::certificate_verify});
  return script;
}

}  // namespace tocsin::script::dtls12
