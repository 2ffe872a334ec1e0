#include "core/handshake/client_offer.h"

#include "core/handshake/negotiation.h"
#include "core/handshake/record_limits.h"

namespace tocsin::handshake {
namespace {

/// The lists of a ClientHello in their encoding, one behind the other, without the lengths that go before them.
class Lists {
 public:
  struct Part {
    std::size_t begin, end;
  };
  template <class Code>
  Part add(const std::vector<Code>& codes) {
    return add_with([&](Writer& out) {
      for (const Code code : codes) out.u16(static_cast<std::uint16_t>(code));
    });
  }
  template <class Write>
  Part add_with(Write&& write) {
    constexpr std::size_t usual_bytes = 256;
    if (wire_.empty()) wire_.reserve(usual_bytes);
    const std::size_t begin = wire_.size();
    Writer out(wire_);
    write(out);
    return {begin, wire_.size()};
  }
  /// Once all are there.
  ByteView operator[](Part part) const { return ByteView(wire_).subspan(part.begin, part.end - part.begin); }

 private:
  Bytes wire_;
};

}  // namespace

bool offers_tls13(const ClientConfig& config, Transport transport) {
  return transport == Transport::stream && is_enabled(config, ProtocolVersion::tls13);
}

bool offers_tls12(const ClientConfig& config, Transport transport) {
  return transport == Transport::datagram || is_enabled(config, ProtocolVersion::tls12);
}

bool offers_suite(const ClientConfig& config, CipherSuite suite, Transport transport) {
  return version_of(suite) == ProtocolVersion::tls13 ? offers_tls13(config, transport) : offers_tls12(config, transport);
}

//= RFC 9846 4.2.2 //# Section 4.3.1) and the legacy_version field MUST be set to 0x0303, which is the version
//= RFC 9846 4.2.2 //# For every TLS 1.3 ClientHello, this list MUST contain exactly one byte, set to zero,
//= RFC 9846 4.3.1 //# Implementations of this specification MUST send this extension in the ClientHello
//= RFC 9846 4.3.3 //# Clients which desire the server to authenticate itself via a certificate MUST send the "signature_algorithms" extension.
//= RFC 9846 9.2 //# All implementations MUST send and use these extensions when offering applicable
//= RFC 9846 9.2 //# "supported_versions" is REQUIRED for all ClientHello, ServerHello, and
//= RFC 9846 9.2 //# "signature_algorithms" is REQUIRED for certificate authentication.
//= RFC 9846 9.2 //# "supported_groups" is REQUIRED for ClientHello messages using DHE or ECDHE key exchange.
//= RFC 9846 9.2 //# "key_share" is REQUIRED for DHE or ECDHE key exchange.
//= RFC 9846 9.2 //# it MUST contain both a "signature_algorithms" extension and a "supported_groups"
//= RFC 9846 9.2 //# If containing a "supported_groups" extension, it MUST also contain a "key_share"
//= RFC 9846 9.3 //# A client sending a ClientHello MUST support all non-GREASE [RFC8701] parameters
//= RFC 9846 E.5 //# Implementations MUST use 0x0303 for the ClientHello.legacy_version and
Result<Done> send_client_hello(const ClientOffer& offer, const std::vector<std::unique_ptr<KeyPair>>& key_pairs,
                               std::optional<ByteView> cookie, std::optional<ByteView> session_ticket, Transcript& transcript,
                               const Context& context, Effects& effects) {
  const ClientConfig& config = *offer.config;
  const bool is_dtls = context.transport == Transport::datagram;
  const bool offers_1_3 = offers_tls13(config, context.transport), offers_1_2 = offers_tls12(config, context.transport);
  Lists lists;
  const Lists::Part suites = lists.add_with([&](Writer& out) {
    for (const CipherSuite suite : config.cipher_suites)
      if (offers_suite(config, suite, context.transport)) out.u16(static_cast<std::uint16_t>(suite));
  });
  const Lists::Part groups = lists.add(config.groups), schemes = lists.add(config.signature_schemes);
  const Lists::Part protocols = lists.add_with([&](Writer& out) {
    for (const std::string& protocol : config.application_protocols) out.vector8(bytes_of(protocol));
  });
  const Lists::Part shares = lists.add_with([&](Writer& out) {
    for (const auto& pair : key_pairs) {
      out.u16(static_cast<std::uint16_t>(pair->group()));
      out.vector16(pair->public_key());
    }
  });
  const Lists::Part names = lists.add_with([&](Writer& out) {
    if (offer.sends_name) wire::ServerNameCodec::write(out, {wire::ServerName::host_name, bytes_of(offer.name)});
  });
  constexpr std::array<std::uint8_t, 4> versions{3, 4, 3, 3};  // TLS 1.3, TLS 1.2
  wire::ClientHello message;
  message.random = offer.random;
  message.legacy_session_id = ByteView(offer.session_id).first(offer.session_id_bytes);
  message.cipher_suites = CodeList<CipherSuite>(lists[suites]);
  constexpr std::array<std::uint8_t, 1> null_compression{0};
  message.legacy_compression_methods = null_compression;
  //= RFC 9846 9.2 //# Additionally, all implementations MUST support the use of the "server_name" extension
  if (offer.sends_name) message.server_names = wire::ServerNames(lists[names]);
  message.supported_groups = CodeList<NamedGroup>(lists[groups]);
  message.signature_algorithms = CodeList<SignatureScheme>(lists[schemes]);
  if (!config.application_protocols.empty()) message.application_protocols = wire::ProtocolNames(lists[protocols]);
  if (offers_1_3) {  // else there is nothing that legacy_version does not say (4.3.1)
    message.supported_versions = CodeList<ProtocolVersion>(ByteView(versions).first(offers_1_2 ? 4 : 2));
    message.key_shares = wire::KeyShares(lists[shares]);
  }
  constexpr std::array<std::uint8_t, 1> uncompressed{0};
  if (offers_1_2) {
    message.ec_point_formats = uncompressed;
    message.extended_master_secret = true;
    message.renegotiated_connection = ByteView{};
    message.session_ticket = session_ticket;
  }
  if (is_dtls) {
    message.legacy_version = static_cast<std::uint16_t>(ProtocolVersion::dtls12);
    message.dtls_cookie = cookie.value_or(ByteView{});
    message.connection_id = context.connection_id;
  } else {
    //= RFC 9846 4.3.2 //# When sending the new ClientHello, the client MUST copy the contents of the extension
    message.cookie = cookie;
  }
  offer_record_limits(config, message);
  return transcript.add_sent(effects.send(message));
}

}  // namespace tocsin::handshake
