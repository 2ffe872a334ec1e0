#include "core/handshake/tls12/session.h"

#include <algorithm>

#include "core/base/reader.h"
#include "core/base/writer.h"
#include "core/crypto/tls12/key_schedule.h"

namespace tocsin::handshake::tls12 {
namespace {

/// Of the encoding. Another one is not understood, and so not resumed.
constexpr std::uint8_t server_form = 3, client_form = 4;

void write_date(Writer& out, UnixSeconds date) {
  const auto bits = static_cast<std::uint64_t>(date);
  out.u32(static_cast<std::uint32_t>(bits >> 32));
  out.u32(static_cast<std::uint32_t>(bits));
}

UnixSeconds read_date(Reader& reader) {
  const std::uint64_t high = reader.u32();
  return static_cast<UnixSeconds>(high << 32 | reader.u32());
}

void write_length(Writer& out, MaxFragmentLength length) { out.u8(static_cast<std::uint8_t>(length)); }

MaxFragmentLength read_length(Reader& reader) {
  const auto length = static_cast<MaxFragmentLength>(reader.u8());
  reader.require(length <= MaxFragmentLength::bytes_4096);
  return length;
}

std::size_t encoded_bytes(const Session& session) {
  std::size_t bytes = 128 + session.server_name.size();
  for (const Bytes& certificate : session.peer_chain) bytes += 3 + certificate.size();
  return bytes;
}

void write_session(Writer& out, const Session& session) {
  out.u16(static_cast<std::uint16_t>(session.version));
  out.u16(static_cast<std::uint16_t>(session.cipher_suite));
  write_length(out, session.max_fragment_length);
  out.bytes(session.master);
  write_date(out, session.since);
  out.vector8(bytes_of(session.server_name));
  out.with_length(3, [&] {
    for (const Bytes& certificate : session.peer_chain) out.vector24(certificate);
  });
}

Session read_session(Reader& reader) {
  Session session;
  session.version = static_cast<ProtocolVersion>(reader.u16());
  session.cipher_suite = static_cast<CipherSuite>(reader.u16());
  session.max_fragment_length = read_length(reader);
  session.master = Secret(reader.take(crypto::tls12::master_secret_bytes));
  session.since = read_date(reader);
  session.server_name = text_of(reader.vector8());
  Reader chain(reader.vector24());
  while (!chain.empty()) {
    const ByteView certificate = chain.vector24(1);
    session.peer_chain.emplace_back(certificate.begin(), certificate.end());
  }
  reader.require(!chain.failed());
  return session;
}

Bytes read_bytes(ByteView view) { return {view.begin(), view.end()}; }

}  // namespace

// Room comes first: a byte string that grows would leave what it held behind, and that would not be zeroised.
SecretBytes encode_session(const Session& session) {
  Bytes encoded;
  encoded.reserve(encoded_bytes(session));
  Writer out(encoded);
  out.u8(server_form);
  write_session(out, session);
  return SecretBytes(std::move(encoded));
}

SecretBytes encode_session(const ClientSession& session) {
  Bytes encoded;
  encoded.reserve(encoded_bytes(session.session) + session.id.size() + session.ticket.size() + session.own_certificate.size());
  Writer out(encoded);
  out.u8(client_form);
  write_session(out, session.session);
  out.vector8(session.id);
  out.vector16(session.ticket);
  write_date(out, session.until);
  out.vector24(session.own_certificate);
  out.u8(session.asks_for_certificate ? 1 : 0);
  write_length(out, session.max_fragment_length_asked);
  return SecretBytes(std::move(encoded));
}

std::optional<Session> decode_session(ByteView encoded) {
  Reader reader(encoded);
  reader.require(reader.u8() == server_form);
  Session session = read_session(reader);
  return reader.done() ? std::optional(std::move(session)) : std::nullopt;
}

std::optional<ClientSession> decode_client_session(ByteView encoded) {
  Reader reader(encoded);
  reader.require(reader.u8() == client_form);
  ClientSession session{};
  session.session = read_session(reader);
  session.id = read_bytes(reader.vector8(0, 32));
  session.ticket = read_bytes(reader.vector16());
  session.until = read_date(reader);
  session.own_certificate = read_bytes(reader.vector24());
  const std::uint8_t asks = reader.u8();
  reader.require(asks <= 1 && session.id.empty() != session.ticket.empty());
  session.asks_for_certificate = asks == 1;
  session.max_fragment_length_asked = read_length(reader);
  return reader.done() ? std::optional(std::move(session)) : std::nullopt;
}

std::uint32_t session_lifetime_s(const CommonConfig& config) {
  return std::clamp<std::uint32_t>(config.session_lifetime_s, 1, session_lifetime_s_max);
}

bool is_alive(const Session& session, const CommonConfig& config, UnixSeconds now) {
  return session.since <= now && now < later(session.since, session_lifetime_s(config));
}

UnixSeconds later(UnixSeconds at, std::uint32_t seconds) {
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  const auto from = static_cast<std::int64_t>(at);
  return UnixSeconds{from > end - seconds ? end : from + seconds};
}

bool keeps_sessions(const CommonConfig& config, UnixSeconds now) { return config.sessions != nullptr && now != UnixSeconds{}; }

Bytes key_of_server_session(ByteView id) {
  Bytes key{'s'};
  append(key, id);
  return key;
}

Bytes key_of_client_session(ProtocolVersion version, std::string_view server_name) {
  Bytes key{'c'};
  Writer(key).u16(static_cast<std::uint16_t>(version));
  append(key, bytes_of(server_name));
  return key;
}

}  // namespace tocsin::handshake::tls12
