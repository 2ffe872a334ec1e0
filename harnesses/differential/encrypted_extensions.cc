#include "harnesses/differential/encrypted_extensions.h"

#include "core/base/reader.h"
#include "core/crypto/key_schedule.h"
#include "core/record/protection.h"
#include "core/wire/encrypted_extensions.h"
#include "harnesses/peers/records.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::differential {
namespace {

Result<std::string> read(MutableBytes record, CipherSuite suite, ByteView secret) {
  static const auto provider = make_openssl_provider();
  TOCSIN_TRY_SET(const crypto::TrafficKeys keys, crypto::traffic_keys(**provider, suite, secret));
  TOCSIN_TRY_SET(auto aead, (*provider)->aead(suite, keys.key));
  record::Opener opener(std::move(aead), keys.iv);
  TOCSIN_TRY_SET(const record::Opened opened, opener.open(record, record::plaintext_bytes_max + 1));
  Reader reader(ByteView(record).subspan(record::header_bytes, opened.content_bytes));
  reader.require(static_cast<HandshakeType>(reader.u8()) == HandshakeType::encrypted_extensions);
  TOCSIN_TRY_SET(const auto extensions, wire::decode_encrypted_extensions(reader.vector24()));
  return std::string(text_of(extensions.application_protocol.value_or(ByteView{})));
}

}  // namespace

std::optional<std::string> application_protocol_in(ByteView sent, CipherSuite suite, ByteView secret) {
  for (ByteView rest = sent; const auto record = peers::take_record(rest); sent = rest) {
    if (record->type != static_cast<std::uint8_t>(ContentType::application_data)) continue;
    Bytes first(sent.begin(), sent.end() - static_cast<std::ptrdiff_t>(rest.size()));
    if (const auto protocol = read(first, suite, secret)) return *protocol;
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace tocsin::differential
