#pragma once
// The extensions that this library knows: their code points, what they decode to in each message, and one table that binds the
// two. What reads, writes, checks and compares extensions goes by the table.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "core/wire/extension_block.h"
#include "core/wire/extension_codecs.h"
#include "tocsin/error.h"

namespace tocsin::wire {

enum class ExtensionType : std::uint16_t {
  server_name = 0,
  max_fragment_length = 1,
  supported_groups = 10,
  ec_point_formats = 11,
  signature_algorithms = 13,
  application_layer_protocol_negotiation = 16,
  padding = 21,
  extended_master_secret = 23,
  record_size_limit = 28,
  session_ticket = 35,
  pre_shared_key = 41,
  early_data = 42,
  supported_versions = 43,
  cookie = 44,
  psk_key_exchange_modes = 45,
  signature_algorithms_cert = 50,
  key_share = 51,
  connection_id = 54,
  renegotiation_info = 0xff01,
};

/// The messages that carry extensions, as bits.
enum class Carrier : std::uint8_t {
  client_hello = 1,
  server_hello = 2,
  hello_retry_request = 4,
  encrypted_extensions = 8,
  certificate = 16,
  certificate_request = 32,
  new_session_ticket = 64,
  tls12_server_hello = 128,
};

template <class... Carriers>
constexpr std::uint8_t any_of(Carriers... carriers) {
  return static_cast<std::uint8_t>((static_cast<unsigned>(carriers) | ...));
}

// What each message's extensions decode to. Views look into the decoded bytes; what is not there is empty, or false.

struct ClientHelloExtensions {
  static constexpr std::uint8_t carriers = any_of(Carrier::client_hello);

  std::optional<ServerNames> server_names;                             // at least one; see host_name
  std::optional<CodeList<NamedGroup>> supported_groups;                // at least one
  std::optional<CodeList<SignatureScheme>> signature_algorithms;       // at least one
  std::optional<CodeList<SignatureScheme>> signature_algorithms_cert;  // at least one
  std::optional<ProtocolNames> application_protocols;                  // at least one
  std::optional<CodeList<ProtocolVersion>> supported_versions;         // 1 to 127
  std::optional<ByteView> cookie;                                      // 1 byte at least
  std::optional<ByteView> psk_key_exchange_modes;                      // 1 to 255 modes
  std::optional<std::uint8_t> max_fragment_length;                     // any value; the range is the handshake's to judge
  std::optional<std::uint16_t> record_size_limit;                      // likewise
  std::optional<KeyShares> key_shares;                                 // may be empty
  bool early_data = false;
  std::optional<PreSharedKeys> pre_shared_keys;
  // Of TLS 1.2.
  std::optional<ByteView> ec_point_formats;  // 1 to 255 formats
  bool extended_master_secret = false;
  std::optional<ByteView> renegotiated_connection;  // 0 to 255 bytes
  std::optional<ByteView> session_ticket;           // RFC 5077 3.2: empty asks for one
  std::optional<ByteView> connection_id;            // 0 to 255 bytes; in DTLS only

  /// Of server_names, as received; none, or the first.
  std::optional<ByteView> host_name() const;
};

struct ServerHelloExtensions {
  static constexpr std::uint8_t carriers = any_of(Carrier::server_hello);

  std::optional<ProtocolVersion> supported_version;
  std::optional<KeyShareEntry> key_share;
  std::optional<std::uint16_t> pre_shared_key;  // selected_identity
};

struct HelloRetryRequestExtensions {
  static constexpr std::uint8_t carriers = any_of(Carrier::hello_retry_request);

  std::optional<ProtocolVersion> supported_version;
  std::optional<NamedGroup> selected_group;
  std::optional<ByteView> cookie;  // 1 byte at least
};

/// What a server answers in EncryptedExtensions and in the ServerHello of TLS 1.2 alike.
struct ServerExtensions {
  static constexpr std::uint8_t carriers = any_of(Carrier::encrypted_extensions, Carrier::tls12_server_hello);

  bool server_name = false;                         // the empty acknowledgement
  std::optional<ByteView> application_protocol;     // exactly one name, 1 to 255 bytes
  std::optional<std::uint8_t> max_fragment_length;  // any value, as in ClientHello
  std::optional<std::uint16_t> record_size_limit;   // likewise
};

struct EncryptedServerExtensions : ServerExtensions {
  static constexpr std::uint8_t carriers = any_of(Carrier::encrypted_extensions);

  std::optional<CodeList<NamedGroup>> supported_groups;  // for information only
  bool early_data = false;
};

namespace tls12 {

struct ServerHelloExtensions : ServerExtensions {
  static constexpr std::uint8_t carriers = any_of(Carrier::tls12_server_hello);

  std::optional<ByteView> ec_point_formats;  // 1 to 255 formats
  bool extended_master_secret = false;
  std::optional<ByteView> renegotiated_connection;  // 0 to 255 bytes
  bool session_ticket = false;                      // a NewSessionTicket follows
  std::optional<ByteView> connection_id;            // 0 to 255 bytes
};

}  // namespace tls12

struct CertificateRequestExtensions {
  static constexpr std::uint8_t carriers = any_of(Carrier::certificate_request);

  std::optional<CodeList<SignatureScheme>> signature_algorithms;
  std::optional<CodeList<SignatureScheme>> signature_algorithms_cert;
};

struct NewSessionTicketExtensions {
  static constexpr std::uint8_t carriers = any_of(Carrier::new_session_ticket);

  std::optional<std::uint32_t> max_early_data_bytes;
};

/// Where an extension may stand: in the messages whose extensions have the member, which the codec reads and writes.
template <class Codec, class Extensions, class Value>
struct Place {
  static constexpr std::uint8_t carriers = Extensions::carriers;
  Value Extensions::*member;

  template <class Message, class Visit>
  constexpr void visit_in(ExtensionType type, Visit& visit) const {
    if constexpr (std::is_base_of_v<Extensions, Message>) visit(type, Codec{}, member);
  }
};
template <class Codec, class Extensions, class Value>
constexpr Place<Codec, Extensions, Value> place(Value Extensions::*member) {
  return {member};
}
/// Where it may stand, and whatever it holds means nothing.
template <class Extensions>
struct Ignored {
  static constexpr std::uint8_t carriers = Extensions::carriers;

  template <class Message, class Visit>
  constexpr void visit_in(ExtensionType, Visit&) const {}
};

template <class... Places>
struct ExtensionRow {
  ExtensionType type;
  std::string_view name;
  std::tuple<Places...> places;
  static constexpr std::uint8_t carriers = any_of(Places::carriers...);

  constexpr ExtensionRow(ExtensionType type_, std::string_view name_, Places... places_)
      : type(type_), name(name_), places(places_...) {}
};

namespace table {
using enum ExtensionType;
using CH = ClientHelloExtensions;
using SH = ServerHelloExtensions;
using HRR = HelloRetryRequestExtensions;
using Server = ServerExtensions;
using EE = EncryptedServerExtensions;
namespace tls12 {
using SH = wire::tls12::ServerHelloExtensions;
}  // namespace tls12
using CR = CertificateRequestExtensions;
using NST = NewSessionTicketExtensions;
using Groups = List16<CodeList<NamedGroup>, 2>;
using Schemes = List16<CodeList<SignatureScheme>, 2>;
using Versions = List8<CodeList<ProtocolVersion>, 2, 254>;
using Version = Code<ProtocolVersion>;

// In the order in which they are written; RFC 9846 4.3 where nothing else is said.
// clang-format off
//= RFC 9846 4.3 //# which it appears, it MUST abort the handshake with an "illegal_parameter" alert.
inline constexpr std::tuple rows{
    ExtensionRow(server_name, "server_name",  // RFC 6066 3
                 place<List16<ServerNames, 1>>(&CH::server_names), place<Flag>(&Server::server_name), Ignored<CR>()),
    ExtensionRow(supported_groups, "supported_groups",
                 place<Groups>(&CH::supported_groups), place<Groups>(&EE::supported_groups)),
    ExtensionRow(signature_algorithms, "signature_algorithms",
                 place<Schemes>(&CH::signature_algorithms), place<Schemes>(&CR::signature_algorithms)),
    ExtensionRow(signature_algorithms_cert, "signature_algorithms_cert",
                 place<Schemes>(&CH::signature_algorithms_cert), place<Schemes>(&CR::signature_algorithms_cert)),
    ExtensionRow(application_layer_protocol_negotiation, "application_layer_protocol_negotiation",  // RFC 7301 3.1
                 place<List16<ProtocolNames, 2>>(&CH::application_protocols),
                 place<SelectedProtocol>(&Server::application_protocol)),
    ExtensionRow(supported_versions, "supported_versions",
                 place<Versions>(&CH::supported_versions), place<Version>(&SH::supported_version),
                 place<Version>(&HRR::supported_version)),
    ExtensionRow(cookie, "cookie", place<Opaque16<1>>(&CH::cookie), place<Opaque16<1>>(&HRR::cookie)),
    ExtensionRow(psk_key_exchange_modes, "psk_key_exchange_modes", place<Opaque8<1>>(&CH::psk_key_exchange_modes)),
    ExtensionRow(max_fragment_length, "max_fragment_length",  // RFC 6066 4
                 place<Uint8>(&CH::max_fragment_length), place<Uint8>(&Server::max_fragment_length)),
    ExtensionRow(record_size_limit, "record_size_limit",  // RFC 8449 4
                 place<Uint16>(&CH::record_size_limit), place<Uint16>(&Server::record_size_limit)),
    ExtensionRow(key_share, "key_share",
                 place<List16<KeyShares, 0>>(&CH::key_shares), place<KeyShareCodec>(&SH::key_share),
                 place<Code<NamedGroup>>(&HRR::selected_group)),
    ExtensionRow(early_data, "early_data",
                 place<Flag>(&CH::early_data), place<Flag>(&EE::early_data), place<Uint32>(&NST::max_early_data_bytes)),
    ExtensionRow(connection_id, "connection_id",  // RFC 9146 3
                 place<Opaque8<0>>(&CH::connection_id), place<Opaque8<0>>(&tls12::SH::connection_id)),
    ExtensionRow(ec_point_formats, "ec_point_formats",  // RFC 8422 5.1.2
                 place<Opaque8<1>>(&CH::ec_point_formats), place<Opaque8<1>>(&tls12::SH::ec_point_formats)),
    ExtensionRow(extended_master_secret, "extended_master_secret",  // RFC 7627 5.1
                 place<Flag>(&CH::extended_master_secret), place<Flag>(&tls12::SH::extended_master_secret)),
    ExtensionRow(renegotiation_info, "renegotiation_info",  // RFC 5746 3.2
                 place<Opaque8<0>>(&CH::renegotiated_connection), place<Opaque8<0>>(&tls12::SH::renegotiated_connection)),
    ExtensionRow(session_ticket, "session_ticket",  // RFC 5077 3.2
                 place<Rest>(&CH::session_ticket), place<Flag>(&tls12::SH::session_ticket)),
    ExtensionRow(padding, "padding", Ignored<CH>()),  // RFC 7685
    ExtensionRow(pre_shared_key, "pre_shared_key",    // the last (RFC 9846 4.3.11)
                 place<OfferedPsks>(&CH::pre_shared_keys), place<Uint16>(&SH::pre_shared_key)),
};
// clang-format on
}  // namespace table

/// What the table says of an extension in a message.
enum class Standing : std::uint8_t { allowed, misplaced, unknown };
Standing standing_of(ExtensionType type, Carrier carrier);
std::string_view name_of(ExtensionType type);  // or "unknown"

/// Checks a block of extensions (without the block's own length) as far as that can be done without looking into them
/// (RFC 9846 4.3). Reasons: extension_malformed (framing), extension_duplicate (unknown types included), extension_misplaced,
/// pre_shared_key_not_last; and extension_unsolicited for unknown types in server_hello, hello_retry_request,
/// encrypted_extensions, certificate and tls12_server_hello, where they can only answer something never offered. Elsewhere
/// unknown types pass.
Result<Done> check_extensions(ByteView block, Carrier carrier);

/// Calls visit(type, codec, member) for each extension that the message has a member for, in the table's order.
template <class Message, class Visit>
constexpr void for_each_extension(Visit&& visit) {
  const auto visit_row = [&](const auto& row) {
    std::apply([&](const auto&... places) { (places.template visit_in<Message>(row.type, visit), ...); }, row.places);
  };
  std::apply([&](const auto&... rows) { (visit_row(rows), ...); }, table::rows);
}

/// Checks the block, and decodes into the message what it has members for; passed_over, if given, is not looked into. Reasons:
/// those of check_extensions, and extension_malformed.
template <class Message>
Result<Done> decode_extensions(ByteView block, Carrier carrier, Message& message,
                               std::optional<ExtensionType> passed_over = std::nullopt) {
  TOCSIN_TRY(check_extensions(block, carrier));
  for (const Extension& extension : ExtensionList(block)) {
    if (extension.type == passed_over) continue;
    Reader body(extension.body);
    bool is_read = false;
    for_each_extension<Message>([&](ExtensionType type, auto codec, auto member) {
      if (type != extension.type) return;
      message.*member = codec.read(body);
      is_read = true;
    });
    //= RFC 9846 4.3 //# When processing an extension, receivers MUST abort the handshake with a "decode_error"
    if (is_read && !body.done()) return Fatal{Reason::extension_malformed};
  }
  return Done{};
}

/// Appends the block, with its length: each extension whose member is set, in the table's order.
template <class Message>
void write_extensions(const Message& message, Writer& out) {
  out.with_length(2, [&] {
    for_each_extension<Message>([&](ExtensionType type, auto codec, auto member) {
      const auto& value = message.*member;
      if (!value) return;
      write_extension(out, type, [&] {
        if constexpr (std::is_same_v<decltype(value), const bool&>)
          codec.write(out, value);
        else
          codec.write(out, *value);
      });
    });
  });
}

}  // namespace tocsin::wire
