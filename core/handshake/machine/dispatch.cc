#include "core/handshake/machine/dispatch.h"

#include "core/crypto/tls12/key_schedule.h"

namespace tocsin::handshake {
namespace {

template <class M>
Result<State> step(State now, const M& message, const Context& context, Effects& effects) {
  return std::visit(
      [&]<class S>(S& state) -> Result<State> {
        if constexpr (Expects<S, M>)
          return widen(on(std::move(state), message, context, effects));
        else
          //= RFC 9846 4.2.4 //# it MUST abort the handshake with an "unexpected_message" alert.
          return Fatal{Reason::message_unexpected};
      },
      now);
}

template <class M>
bool has_handler(const State& state) {
  return std::visit([]<class S>(const S&) { return Expects<S, M>; }, state);
}

}  // namespace

bool expects(const State& state, Transport transport, HandshakeType type) {
  switch (type) {
    case HandshakeType::client_hello:
      return has_handler<wire::ClientHello>(state);
    case HandshakeType::server_hello:
      return has_handler<wire::ServerHello>(state) || has_handler<wire::HelloRetryRequest>(state);
    case HandshakeType::hello_verify_request:
      return transport == Transport::datagram && has_handler<wire::HelloVerifyRequest>(state);
    case HandshakeType::encrypted_extensions:
      return has_handler<wire::EncryptedExtensions>(state);
    case HandshakeType::certificate_request:
      return has_handler<wire::CertificateRequest>(state) || has_handler<wire::tls12::CertificateRequest>(state);
    case HandshakeType::certificate:
      return has_handler<wire::Certificate>(state) || has_handler<wire::tls12::Certificate>(state);
    case HandshakeType::certificate_verify:
      return has_handler<wire::CertificateVerify>(state);
    case HandshakeType::finished:
      return has_handler<wire::Finished>(state);
    case HandshakeType::new_session_ticket:
      return has_handler<wire::NewSessionTicket>(state) || has_handler<wire::tls12::NewSessionTicket>(state);
    case HandshakeType::key_update:
      return has_handler<wire::KeyUpdate>(state);
    case HandshakeType::hello_request:
      if (const auto* first = std::get_if<client::WaitServerHello>(&state)) return !offers_tls13(*first->offer.config, transport);
      return has_handler<wire::tls12::HelloRequest>(state);
    case HandshakeType::server_key_exchange:
      return has_handler<wire::tls12::ServerKeyExchange>(state);
    case HandshakeType::server_hello_done:
      return has_handler<wire::tls12::ServerHelloDone>(state);
    case HandshakeType::client_key_exchange:
      return has_handler<wire::tls12::ClientKeyExchange>(state);
    case HandshakeType::end_of_early_data:  // early data is never accepted
    case HandshakeType::message_hash:       // never sent
      break;
  }
  return false;  // or TLS does not define the type
}

std::size_t message_bytes_max(const Limits& limits, HandshakeType type) {
  if (type == HandshakeType::client_hello) return limits.client_hello_bytes_max;
  if (type == HandshakeType::certificate) return limits.certificate_message_bytes_max;
  return limits.other_message_bytes_max;
}

std::size_t message_bytes_possible(const State& state, Transport transport, HandshakeType type) {
  constexpr std::size_t u8 = 1, u16 = 2, u24 = 3, u32 = 4, random = 32;
  // Vectors of up to 2^8-1 and 2^16-1 bytes, and of two-byte codes up to 2^16-2, with their lengths.
  constexpr std::size_t vector8 = u8 + 0xff, vector16 = u16 + 0xffff, codes16 = u16 + 0xfffe, vector24 = u24 + 0xffffff;
  constexpr std::size_t session_id = u8 + 32;
  switch (type) {
    case HandshakeType::client_hello: {
      const std::size_t cookie = transport == Transport::datagram ? vector8 : 0;
      return u16 + random + session_id + cookie + codes16 + vector8 + vector16;
    }
    case HandshakeType::server_hello:
      return u16 + random + session_id + u16 + u8 + vector16;
    case HandshakeType::hello_verify_request:
      return u16 + vector8;
    case HandshakeType::encrypted_extensions:
      return vector16;
    case HandshakeType::certificate_request:
      return has_handler<wire::CertificateRequest>(state) ? vector8 + vector16 : vector8 + codes16 + vector16;
    case HandshakeType::certificate_verify:
      return u16 + vector16;
    case HandshakeType::finished:
      return traits_of(state).version == ProtocolVersion::tls13 ? hash_bytes(HashAlgorithm::sha384)
                                                                : crypto::tls12::verify_data_bytes;
    case HandshakeType::new_session_ticket:
      return has_handler<wire::NewSessionTicket>(state) ? 2 * u32 + vector8 + 2 * vector16 : u32 + vector16;
    case HandshakeType::key_update:
      return u8;
    case HandshakeType::server_key_exchange:  // RFC 8422 5.4, of a named curve
      return u8 + u16 + vector8 + u16 + vector16;
    case HandshakeType::client_key_exchange:  // RFC 8422 5.7
      return vector8;
    case HandshakeType::hello_request:
    case HandshakeType::server_hello_done:
      return 0;
    case HandshakeType::certificate:  // a list of up to 2^24-1 bytes, more than a message can be
    case HandshakeType::end_of_early_data:
    case HandshakeType::message_hash:
      break;
  }
  return vector24;
}

Result<State> dispatch(State state, const Context& context, Effects& effects) {
  const bool is_dtls = context.transport == Transport::datagram;
  const ByteView body = context.body();
  const auto decoded_by = [&](auto&& decode) -> Result<State> {
    TOCSIN_TRY_SET(const auto decoded, decode(body));
    return step(std::move(state), decoded, context, effects);
  };
  const auto type = static_cast<HandshakeType>(context.message.bytes[0]);
  //= RFC 9846 4 //# which receives a handshake message in an unexpected order MUST abort the handshake with
  //= RFC 9846 4.2.2 //# and receives a ClientHello at any other time, it MUST terminate the connection with an
  //= RFC 9846 4.6 //# Servers MUST NOT send this message, and clients receiving it MUST terminate the
  //= RFC 9846 4.7.2 //# A client that receives a post-handshake CertificateRequest message without having sent the "post_handshake_auth" extension MUST send an "unexpected_message" fatal alert.
  //= RFC 9846 4.7.3 //# Implementations that receive a KeyUpdate message prior to receiving a Finished message MUST terminate the connection with an "unexpected_message" alert.
  if (!expects(state, context.transport, type)) return Fatal{Reason::message_unexpected};
  switch (type) {
    case HandshakeType::client_hello:
      return decoded_by(is_dtls ? wire::decode_dtls_client_hello : wire::decode_client_hello);
    case HandshakeType::server_hello: {
      TOCSIN_TRY_SET(const auto hello, wire::decode_server_hello(body));
      return std::visit([&](const auto& either) { return step(std::move(state), either, context, effects); }, hello);
    }
    case HandshakeType::hello_verify_request:
      return decoded_by(wire::decode_hello_verify_request);
    case HandshakeType::encrypted_extensions:
      return decoded_by(wire::decode_encrypted_extensions);
    case HandshakeType::certificate_request:
      if (has_handler<wire::tls12::CertificateRequest>(state)) return decoded_by(wire::tls12::decode_certificate_request);
      return decoded_by(wire::decode_certificate_request);
    case HandshakeType::certificate:
      if (has_handler<wire::tls12::Certificate>(state)) return decoded_by(wire::tls12::decode_certificate);
      return decoded_by(wire::decode_certificate);
    case HandshakeType::certificate_verify:
      return decoded_by(wire::decode_certificate_verify);
    case HandshakeType::finished:
      return decoded_by(wire::decode_finished);
    case HandshakeType::new_session_ticket:
      if (has_handler<wire::tls12::NewSessionTicket>(state)) return decoded_by(wire::tls12::decode_new_session_ticket);
      return decoded_by(wire::decode_new_session_ticket);
    case HandshakeType::key_update:
      return decoded_by(wire::decode_key_update);
    case HandshakeType::hello_request:
      return decoded_by(wire::tls12::decode_hello_request);
    case HandshakeType::server_key_exchange:
      return decoded_by(wire::tls12::decode_server_key_exchange);
    case HandshakeType::server_hello_done:
      return decoded_by(wire::tls12::decode_server_hello_done);
    case HandshakeType::client_key_exchange:
      return decoded_by(wire::tls12::decode_client_key_exchange);
    case HandshakeType::end_of_early_data:
    case HandshakeType::message_hash:
      break;
  }
  return Fatal{Reason::message_unexpected};
}

bool expects_change_cipher_spec(const State& state) { return has_handler<wire::ChangeCipherSpec>(state); }

Result<State> dispatch_change_cipher_spec(State state, const Context& context, Effects& effects) {
  return step(std::move(state), wire::ChangeCipherSpec{}, context, effects);
}

}  // namespace tocsin::handshake
