#include "harnesses/stacks/openssl/outcome.h"

#include <openssl/err.h>

namespace tocsin::stacks {

Negotiated negotiated_of(SSL* ssl) {
  Negotiated agreed;
  agreed.version = static_cast<ProtocolVersion>(SSL_version(ssl));
  if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl); cipher != nullptr)
    agreed.cipher_suite = static_cast<CipherSuite>(SSL_CIPHER_get_protocol_id(cipher));
  switch (SSL_get_negotiated_group(ssl)) {
    case NID_X9_62_prime256v1:
      agreed.group = NamedGroup::secp256r1;
      break;
    case NID_secp384r1:
      agreed.group = NamedGroup::secp384r1;
      break;
    case NID_X25519:
      agreed.group = NamedGroup::x25519;
      break;
    default:
      break;
  }
  const unsigned char* protocol = nullptr;
  unsigned protocol_bytes = 0;
  SSL_get0_alpn_selected(ssl, &protocol, &protocol_bytes);
  agreed.application_protocol = text_of({protocol, protocol_bytes});
  return agreed;
}

std::optional<Bytes> exported_key(SSL* ssl, std::string_view label, std::optional<ByteView> context, std::size_t size_bytes) {
  Bytes key(size_bytes);
  const ByteView bytes = context.value_or(ByteView{});
  if (SSL_export_keying_material(ssl, key.data(), key.size(), label.data(), label.size(), bytes.data(), bytes.size(),
                                 context ? 1 : 0) != 1)
    return std::nullopt;
  return key;
}

std::string reason_of(unsigned long error_code) {
  const char* reason = ERR_reason_error_string(error_code);
  return reason == nullptr ? "" : reason;
}

}  // namespace tocsin::stacks
