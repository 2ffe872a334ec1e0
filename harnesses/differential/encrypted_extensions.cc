#include "harnesses/differential/encrypted_extensions.h"

#include "core/base/reader.h"
#include "core/crypto/tls13/key_schedule.h"
#include "core/record/tls13/protection.h"
#include "core/wire/extensions.h"
#include "harnesses/dissect/records.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::differential {
namespace {

// Lenient: OpenSSL answers extensions that tocsin does not know.
Result<std::string> read(MutableBytes record, CipherSuite suite, ByteView secret) {
  static const auto provider = make_openssl_provider();
  TOCSIN_TRY_SET(const crypto::TrafficKeys keys, crypto::traffic_keys(**provider, suite, secret));
  TOCSIN_TRY_SET(auto aead, (*provider)->aead(suite, keys.key));
  record::Opener opener(std::move(aead), keys.iv);
  TOCSIN_TRY_SET(const record::Opened opened, opener.open(record, record::plaintext_bytes_max + 1));
  Reader reader(ByteView(record).subspan(record::header_bytes, opened.content_bytes));
  reader.require(static_cast<HandshakeType>(reader.u8()) == HandshakeType::encrypted_extensions);
  Reader message(reader.vector24()), block(message.vector16());
  std::string protocol;
  while (!block.empty()) {
    const auto type = static_cast<wire::ExtensionType>(block.u16());
    Reader body(block.vector16()), names(body.vector16());
    if (type == wire::ExtensionType::application_layer_protocol_negotiation) protocol = text_of(names.vector8());
  }
  if (reader.failed() || !message.done() || block.failed()) return Fatal{Reason::message_malformed};
  return protocol;
}

}  // namespace

std::optional<std::string> application_protocol_in(ByteView sent, CipherSuite suite, ByteView secret) {
  while (const auto record = dissect::take_record(sent)) {
    if (record->type != ContentType::application_data) continue;
    Bytes first(record->bytes.begin(), record->bytes.end());
    if (const auto protocol = read(first, suite, secret)) return *protocol;
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace tocsin::differential
