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

// Of those that OpenSSL knows: srp (RFC 5054 2.8.1), use_srtp (RFC 5764, over datagrams), certificate_authorities and
// post_handshake_auth (RFC 9846 4.3).
bool is_of_client_hello_only(std::uint16_t extension_type) {
  return extension_type == 12 || extension_type == 14 || extension_type == 47 || extension_type == 49;
}

// RFC 5246 7.4.1.4: what answers nothing; what stands twice, or where it may not.
Faults faults_of_extensions(const HelloSeen& hello, const stacks::PeerConfig& client) {
  Faults faults;
  for (const ExtensionSeen& extension : hello.extensions) {
    const auto add_if = [&](bool is_broken, FaultKind kind, AlertDescription alert) {
      faults.add_if(is_broken, kind, alert, extension.type);
    };
    add_if(hello.count(extension.type) > 1, FaultKind::extension_twice, illegal_parameter);
    const auto type = static_cast<ExtensionType>(extension.type);
    const wire::Standing standing = wire::standing_of(type, wire::Carrier::tls12_server_hello);
    add_if(standing == wire::Standing::misplaced || is_of_client_hello_only(extension.type), FaultKind::extension_misplaced,
           illegal_parameter);
    const bool is_unasked =
        (type == ExtensionType::application_layer_protocol_negotiation && client.application_protocols.empty()) ||
        (type == ExtensionType::max_fragment_length && client.max_fragment_length == MaxFragmentLength::none) ||
        (type == ExtensionType::record_size_limit && client.record_size_limit == 0);
    const bool is_never_asked = type == ExtensionType::session_ticket || type == ExtensionType::connection_id;
    add_if(standing != wire::Standing::allowed || is_unasked || is_never_asked, FaultKind::extension_unsolicited,
           unsupported_extension);
    add_if(!is_well_formed(extension), FaultKind::extension_form, decode_error);
    // RFC 8449 5: not both.
    add_if(type == ExtensionType::max_fragment_length && find(hello, ExtensionType::record_size_limit) != nullptr,
           FaultKind::fragment_length_beside_limit, illegal_parameter);
    if (!is_well_formed(extension) || is_unasked) continue;
    // RFC 6066 4: the length that was asked for.
    add_if(type == ExtensionType::max_fragment_length &&
               extension.body[0] != static_cast<std::uint8_t>(client.max_fragment_length),
           FaultKind::fragment_length_value, illegal_parameter);
    // RFC 7301 3.1: one of those that were offered.
    if (type == ExtensionType::application_layer_protocol_negotiation)
      add_if(std::ranges::find(client.application_protocols, text_of(extension.body.subspan(3))) ==
                 client.application_protocols.end(),
             FaultKind::protocol_not_offered, illegal_parameter);
  }
  return faults;
}

// RFC 9846 4.2.3: with a byte of 0 or 1 behind it.
bool has_downgrade_sentinel(ByteView random) {
  constexpr std::string_view sentinel = "DOWNGRD";
  return random.size() == 32 && text_of(random.subspan(24, sentinel.size())) == sentinel && random.back() <= 1;
}

}  // namespace

Faults faults_of_tls12_server_hello(const HelloSeen& hello, const OfferSeen& offer) {
  Faults faults = faults_of_extensions(hello, offer.config);
  faults.add_if(!hello.is_well_framed, FaultKind::hello_form, decode_error);
  faults.add_if(hello.session_id.size() > 32, FaultKind::session_id_too_long, decode_error);
  faults.add_if(hello.legacy_version != 0x0303, FaultKind::legacy_version, protocol_version);
  faults.add_if(hello.legacy_version > 0x0303, FaultKind::legacy_version_above, illegal_parameter);  // RFC 9846 4.2.3
  if (hello.cipher_suites.size() == 2) {
    const auto offered = stacks::tls12_suites_of(offer.config.cipher_suites);
    const auto chosen = static_cast<CipherSuite>(Reader(hello.cipher_suites).u16());
    faults.add_if(std::find(offered.begin(), offered.end(), chosen) == offered.end(), FaultKind::suite_not_offered,
                  illegal_parameter);
  }
  faults.add_if(hello.compression.size() == 1 && hello.compression[0] != 0, FaultKind::compression_value, illegal_parameter);
  faults.add_if(!offer.session_id.empty() && std::ranges::equal(hello.session_id, offer.session_id), FaultKind::session_id_echo,
                illegal_parameter);
  faults.add_if(has_downgrade_sentinel(hello.random) && stacks::speaks(offer.config, ProtocolVersion::tls13),
                FaultKind::downgrade_sentinel, illegal_parameter);
  const ExtensionSeen* renegotiated = find(hello, ExtensionType::renegotiation_info);
  faults.add_if(renegotiated == nullptr, FaultKind::extension_missing, handshake_failure,
                static_cast<std::uint16_t>(ExtensionType::renegotiation_info));  // RFC 5746 3.4
  faults.add_if(renegotiated != nullptr && !Reader(renegotiated->body).vector8().empty(), FaultKind::renegotiation_info_value,
                handshake_failure);
  const ExtensionSeen* formats = find(hello, ExtensionType::ec_point_formats);
  const auto lists_uncompressed = [&] { return std::ranges::find(formats->body.subspan(1), 0) != formats->body.end(); };
  faults.add_if(formats != nullptr && is_well_formed(*formats) && !lists_uncompressed(), FaultKind::point_formats_value,
                illegal_parameter);  // RFC 8422 5.2
  return faults;
}

}  // namespace tocsin::differential
