#pragma once
// Messages and lists of codes as bytes.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/types.h"
#include "core/base/writer.h"
#include "core/wire/extension_codecs.h"
#include "harnesses/script/script.h"
#include "tocsin/bytes.h"

namespace tocsin::script {

template <class Message>
Bytes encoded(const Message& message) {
  Bytes bytes;
  Writer out(bytes);
  encode(message, out);
  return bytes;
}

template <class Code>
Bytes codes(const std::vector<Code>& list) {
  Bytes bytes;
  Writer out(bytes);
  for (const Code code : list) out.u16(static_cast<std::uint16_t>(code));
  return bytes;
}

/// server_name's list of one name, and application_layer_protocol_negotiation's of these, empty for none.
inline Bytes names_of(std::string_view host_name) {
  Bytes bytes;
  Writer out(bytes);
  wire::ServerNameCodec::write(out, {wire::ServerName::host_name, bytes_of(host_name)});
  return bytes;
}
inline Bytes protocols_of(const std::vector<std::string>& protocols) {
  Bytes bytes;
  for (Writer out(bytes); const std::string& protocol : protocols) out.vector8(bytes_of(protocol));
  return bytes;
}

/// Of a message that this version does not know: a header alone.
inline Bytes empty_message(const Step& step) {
  constexpr std::pair<What, HandshakeType> types[] = {{What::encrypted_extensions, HandshakeType::encrypted_extensions},
                                                      {What::key_update, HandshakeType::key_update},
                                                      {What::server_key_exchange, HandshakeType::server_key_exchange},
                                                      {What::server_hello_done, HandshakeType::server_hello_done},
                                                      {What::client_key_exchange, HandshakeType::client_key_exchange}};
  for (const auto& [what, type] : types)
    if (step.what == what) return {static_cast<std::uint8_t>(type), 0, 0, 0};
  return {step.argument, 0, 0, 0};
}

inline std::string without(std::string_view text, char letter) {
  std::string rest(text);
  std::erase(rest, letter);
  return rest;
}

}  // namespace tocsin::script
