#include "harnesses/differential/tls12_server_hello_faults.h"

#include <algorithm>

#include "core/base/reader.h"
#include "core/wire/extensions.h"

namespace tocsin::differential {
namespace {

using enum AlertDescription;
using wire::ExtensionType;

const ExtensionSeen* find(const HelloSeen& hello, ExtensionType type) { return hello.find(static_cast<std::uint16_t>(type)); }

bool is_well_formed(const ExtensionSeen& extension) {
  Reader reader(extension.body);
  const auto type = static_cast<ExtensionType>(extension.type);
  if (type == ExtensionType::server_name || type == ExtensionType::extended_master_secret ||
      type == ExtensionType::session_ticket)
    return extension.body.empty();
  if (type == ExtensionType::max_fragment_length) return extension.body.size() == 1;
  if (type == ExtensionType::record_size_limit) return extension.body.size() == 2;
  if (type == ExtensionType::ec_point_formats) return !reader.vector8(1).empty() && reader.done();
  if (type == ExtensionType::renegotiation_info || type == ExtensionType::connection_id) {
    reader.vector8();
    return reader.done();
  }
  if (type == ExtensionType::application_layer_protocol_negotiation) {
    Reader names(reader.vector16());
    return !names.vector8(1).empty() && names.done() && reader.done();
  }
  return true;
}

// RFC 5246 7.4.1.4: what answers nothing; what stands twice, or where it may not.
Alerts faults_of_extensions(const HelloSeen& hello, const stacks::PeerConfig& client) {
  Alerts faults;
  for (const ExtensionSeen& extension : hello.extensions) {
    faults.add_if(hello.count(extension.type) > 1, illegal_parameter);
    const auto type = static_cast<ExtensionType>(extension.type);
    const wire::Standing standing = wire::standing_of(type, wire::Carrier::tls12_server_hello);
    const bool is_misplaced =
        standing == wire::Standing::misplaced || (standing == wire::Standing::unknown && is_named_elsewhere(extension.type));
    faults.add_if(is_misplaced, illegal_parameter);
    const bool is_unasked =
        (type == ExtensionType::application_layer_protocol_negotiation && client.application_protocols.empty()) ||
        (type == ExtensionType::max_fragment_length && client.max_fragment_length == MaxFragmentLength::none) ||
        (type == ExtensionType::record_size_limit && client.record_size_limit == 0) || type == ExtensionType::server_name;
    const bool is_never_asked = type == ExtensionType::session_ticket || type == ExtensionType::connection_id;
    faults.add_if(standing != wire::Standing::allowed || is_unasked || is_never_asked, unsupported_extension);
    faults.add_if(!is_well_formed(extension), decode_error);
    // RFC 6066 4: the length that was asked for. RFC 8449 5: not both.
    if (type == ExtensionType::max_fragment_length)
      faults.add_if(
          (extension.body.size() == 1 && extension.body[0] != static_cast<std::uint8_t>(client.max_fragment_length)) ||
              find(hello, ExtensionType::record_size_limit) != nullptr,
          illegal_parameter);
    // RFC 7301 3.1: one of those that were offered.
    if (type == ExtensionType::application_layer_protocol_negotiation && extension.body.size() > 3)
      faults.add_if(std::ranges::find(client.application_protocols, text_of(extension.body.subspan(3))) ==
                        client.application_protocols.end(),
                    illegal_parameter);
  }
  return faults;
}

// RFC 9846 4.2.3: with a byte of 0 or 1 behind it.
bool has_downgrade_sentinel(ByteView random) {
  constexpr std::string_view sentinel = "DOWNGRD";
  return random.size() == 32 && text_of(random.subspan(24, sentinel.size())) == sentinel && random.back() <= 1;
}

}  // namespace

Alerts faults_of_tls12_server_hello(const HelloSeen& hello, const OfferSeen& offer) {
  Alerts faults = faults_of_extensions(hello, offer.config);
  faults.add_if(!hello.is_well_framed || hello.session_id.size() > 32, decode_error);
  faults.add_if(hello.session_id.size() > 32, illegal_parameter);  // OpenSSL's word for it; RFC 9846 6.2 has another
  faults.add_if(hello.legacy_version != 0x0303, protocol_version);
  faults.add_if(hello.legacy_version > 0x0303, illegal_parameter);  // RFC 9846 4.2.3
  if (hello.cipher_suites.size() == 2) {
    const auto offered = stacks::tls12_suites_of(offer.config.cipher_suites);
    const auto chosen = static_cast<CipherSuite>(Reader(hello.cipher_suites).u16());
    faults.add_if(std::find(offered.begin(), offered.end(), chosen) == offered.end(), illegal_parameter);
  }
  faults.add_if(hello.compression.size() == 1 && hello.compression[0] != 0, illegal_parameter);
  faults.add_if(!offer.session_id.empty() && std::ranges::equal(hello.session_id, offer.session_id), illegal_parameter);
  faults.add_if(has_downgrade_sentinel(hello.random) && stacks::speaks(offer.config, ProtocolVersion::tls13),
                illegal_parameter);
  const ExtensionSeen* renegotiated = find(hello, ExtensionType::renegotiation_info);
  faults.add_if(renegotiated == nullptr || renegotiated->body.size() != 1, handshake_failure);  // RFC 5746 3.4
  const ExtensionSeen* formats = find(hello, ExtensionType::ec_point_formats);
  const auto lists_uncompressed = [&] { return std::ranges::find(formats->body.subspan(1), 0) != formats->body.end(); };
  faults.add_if(formats != nullptr && !formats->body.empty() && !lists_uncompressed(), illegal_parameter);  // RFC 8422 5.2
  return faults;
}

}  // namespace tocsin::differential
