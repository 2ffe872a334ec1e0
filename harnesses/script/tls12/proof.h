#pragma once
// What an end of TLS 1.2 may ask for before it completes, in the letters of a ScriptedPeer's trace. s: a change_cipher_spec, or
// in DTLS the epoch that it begins. Warnings may come between.
#include <string>
#include <string_view>

#include "harnesses/script/encoding.h"
#include "tocsin/config.h"

namespace tocsin::script::tls12 {

enum class Resumed : std::uint8_t { no, yes };

/// HelloRequests may come between, too.
inline bool server_proves(std::string_view trace, Resumed is_resumed) {
  const std::string answers = without(without(trace, 'a'), 'r');
  if (is_resumed == Resumed::yes) return answers.starts_with("hsf") || answers.starts_with("htsf");
  for (const std::string_view honest : {"hckzsf", "hckqzsf", "hckztsf", "hckqztsf"})
    if (answers.starts_with(honest)) return true;
  return false;
}

/// trace: behind the ClientHello.
inline bool client_proves(std::string_view trace, ClientAuthentication asked, Resumed is_resumed) {
  const std::string behind = without(trace, 'a');
  if (is_resumed == Resumed::yes) return behind.starts_with("sf");
  if (asked == ClientAuthentication::none) return behind.starts_with("xsf");
  return behind.starts_with("cxvsf") || (asked == ClientAuthentication::optional && behind.starts_with("nxsf"));
}

}  // namespace tocsin::script::tls12
