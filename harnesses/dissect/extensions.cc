#include "harnesses/dissect/extensions.h"

#include <algorithm>

namespace tocsin::dissect {
namespace {

using enum wire::Carrier;

constexpr Field group[] = {number(2, "NamedGroup", &named_groups)};
constexpr Field scheme[] = {number(2, "SignatureScheme", &signature_schemes)};
constexpr Field version[] = {number(2, "ProtocolVersion", &versions)};
constexpr Field protocol_name[] = {vector("ProtocolName", 1, 1, 255, Show::text)};
constexpr Field distinguished_name[] = {vector("DistinguishedName", 2, 1, 0xffff)};

// RFC 9846 4.3, in the order of its sections
constexpr Field supported_versions[] = {list("versions", 1, 2, 254, version)};
constexpr Field selected_version[] = {number(2, "selected_version", &versions)};
constexpr Field cookie[] = {vector("cookie", 2, 1, 0xffff)};
constexpr Field signature_algorithms[] = {list("supported_signature_algorithms", 2, 2, 0xfffe, scheme)};
constexpr Field certificate_authorities[] = {list("authorities", 2, 3, 0xffff, distinguished_name)};
constexpr Field oid_filter[] = {vector("certificate_extension_oid", 1, 1, 255),
                                vector("certificate_extension_values", 2, 0, 0xffff)};
constexpr Field oid_filters[] = {list("filters", 2, 0, 0xffff, oid_filter, "OIDFilter")};
constexpr Field supported_groups[] = {list("named_group_list", 2, 2, 0xffff, group)};
constexpr Field key_share_entry[] = {number(2, "group", &named_groups), vector("key_exchange", 2, 1, 0xffff)};
constexpr Field client_shares[] = {list("client_shares", 2, 0, 0xffff, key_share_entry, "KeyShareEntry")};
constexpr Field selected_group[] = {number(2, "selected_group", &named_groups)};
constexpr Field psk_mode[] = {number(1, "PskKeyExchangeMode", &psk_key_exchange_modes)};
constexpr Field psk_modes[] = {list("ke_modes", 1, 1, 255, psk_mode)};
constexpr Field max_early_data_size[] = {number(4, "max_early_data_size")};
constexpr Field psk_identity[] = {vector("identity", 2, 1, 0xffff), number(4, "obfuscated_ticket_age")};
constexpr Field psk_binder[] = {vector("PskBinderEntry", 1, 32, 255)};
constexpr Field offered_psks[] = {list("identities", 2, 7, 0xffff, psk_identity, "PskIdentity"),
                                  list("binders", 2, 33, 0xffff, psk_binder)};
constexpr Field selected_identity[] = {number(2, "selected_identity")};

// RFC 6066
constexpr Field host_name[] = {vector("HostName", 2, 1, 0xffff, Show::text)};
constexpr Field unknown_name[] = {vector("name", 2, 0, 0xffff)};
constexpr Field one_name[] = {number(1, "name_type", &name_types), choice(0, host_name, unknown_name)};
constexpr Field server_name[] = {list("server_name_list", 2, 1, 0xffff, one_name, "ServerName")};
constexpr Field requested_name[] = {rest("server_name")};  // RFC 9846 4.3 lets it stand there, and no RFC says what it holds
constexpr Field max_fragment_length[] = {number(1, "max_fragment_length", &max_fragment_lengths)};
constexpr Field responder_id[] = {vector("ResponderID", 2, 1, 0xffff)};
constexpr Field status_request[] = {number(1, "status_type", &certificate_status_types),
                                    list("responder_id_list", 2, 0, 0xffff, responder_id),
                                    vector("request_extensions", 2, 0, 0xffff)};
constexpr Field certificate_status[] = {number(1, "status_type", &certificate_status_types),
                                        vector("OCSPResponse", 3, 1, 0xffffff)};

// Others: RFC 8422 5.1.2, RFC 7301 3.1 (a server names one protocol), RFC 7685, RFC 8879 3, RFC 8449 4, RFC 5746 3.2,
// RFC 9146 3, RFC 9345, RFC 9849 5, and application_settings as browsers send it
constexpr Field point_format[] = {number(1, "ECPointFormat", &ec_point_formats)};
constexpr Field point_formats[] = {list("ec_point_format_list", 1, 1, 255, point_format)};
constexpr Field protocol_names[] = {list("protocol_name_list", 2, 2, 0xffff, protocol_name)};
constexpr Field selected_protocol[] = {enclosed("protocol_name_list", 2, 2, 0xffff, protocol_name)};
constexpr Field padding[] = {rest("padding")};
constexpr Field compression_algorithm[] = {number(2, "CertificateCompressionAlgorithm", &compression_algorithms)};
constexpr Field compress_certificate[] = {list("algorithms", 1, 2, 254, compression_algorithm)};
constexpr Field record_size_limit[] = {number(2, "RecordSizeLimit")};
constexpr Field renegotiation_info[] = {vector("renegotiated_connection", 1, 0, 255)};
constexpr Field offered_connection_id[] = {rest("ConnectionId")};  // over a stream it means nothing, whatever it holds
constexpr Field connection_id[] = {vector("cid", 1, 0, 255)};
constexpr Field session_ticket[] = {rest("ticket")};
constexpr Field encrypted_client_hello[] = {number(1, "type", &ech_client_hello_types), rest("payload")};

constexpr std::uint8_t in(auto... carriers) { return static_cast<std::uint8_t>((... | static_cast<unsigned>(carriers))); }
constexpr std::uint8_t tls12 = in(server_hello_of_tls12);

struct Row {
  std::uint16_t type;
  std::uint8_t carriers;
  Fields fields;
};
constexpr Row rows[] = {
    {0, in(client_hello), server_name},
    {0, in(encrypted_extensions, server_hello_of_tls12), {}},
    {0, in(certificate_request), requested_name},
    {1, in(client_hello, encrypted_extensions, server_hello_of_tls12), max_fragment_length},
    {5, in(client_hello, certificate_request), status_request},
    {5, in(certificate), certificate_status},
    {5, tls12, {}},
    {10, in(client_hello, encrypted_extensions), supported_groups},
    {11, in(client_hello, server_hello_of_tls12), point_formats},
    {13, in(client_hello, certificate_request), signature_algorithms},
    {16, in(client_hello), protocol_names},
    {16, in(encrypted_extensions, server_hello_of_tls12), selected_protocol},
    {21, in(client_hello), padding},
    {22, in(client_hello, server_hello_of_tls12), {}},
    {23, in(client_hello, server_hello_of_tls12), {}},
    {27, in(client_hello, certificate_request), compress_certificate},
    {28, in(client_hello, encrypted_extensions, server_hello_of_tls12), record_size_limit},
    {34, in(client_hello, certificate_request), signature_algorithms},
    {35, in(client_hello), session_ticket},
    {35, tls12, {}},
    {41, in(client_hello), offered_psks},
    {41, in(server_hello), selected_identity},
    {42, in(client_hello, encrypted_extensions), {}},
    {42, in(new_session_ticket), max_early_data_size},
    {43, in(client_hello), supported_versions},
    {43, in(server_hello, hello_retry_request), selected_version},
    {44, in(client_hello, hello_retry_request), cookie},
    {45, in(client_hello), psk_modes},
    {47, in(client_hello, certificate_request), certificate_authorities},
    {48, in(certificate_request), oid_filters},
    {49, in(client_hello), {}},
    {50, in(client_hello, certificate_request), signature_algorithms},
    {51, in(client_hello), client_shares},
    {51, in(server_hello), key_share_entry},
    {51, in(hello_retry_request), selected_group},
    {54, in(client_hello), offered_connection_id},
    {54, in(server_hello_of_tls12), connection_id},
    {17513, in(client_hello), protocol_names},
    {17613, in(client_hello), protocol_names},
    {0xfe0d, in(client_hello), encrypted_client_hello},
    {0xff01, in(client_hello, server_hello_of_tls12), renegotiation_info},
};

}  // namespace

std::optional<Fields> fields_of_extension(std::uint64_t type, wire::Carrier carrier) {
  for (const Row& row : rows)
    if (row.type == type && (row.carriers & in(carrier)) != 0) return row.fields;
  return std::nullopt;
}

bool is_misplaced(std::uint64_t type, wire::Carrier carrier) {
  const auto is_of_type = [&](const Row& row) { return row.type == type; };
  return std::ranges::any_of(rows, is_of_type) && !fields_of_extension(type, carrier);
}

}  // namespace tocsin::dissect
