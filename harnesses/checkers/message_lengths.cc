#include "harnesses/checkers/message_lengths.h"

#include <algorithm>

namespace tocsin::harness {
namespace {

using namespace wire;

bool is_within(ByteView bytes, std::size_t min_bytes, std::size_t max_bytes = 0xffff) {
  return min_bytes <= bytes.size() && bytes.size() <= max_bytes;
}
bool is_within(const std::optional<ByteView>& bytes, std::size_t min_bytes, std::size_t max_bytes = 0xffff) {
  return !bytes || is_within(*bytes, min_bytes, max_bytes);
}

/// A list of two-byte codes that is not empty.
template <class Code>
bool is_legal(const CodeList<Code>& codes, std::size_t max_bytes = 0xfffe) {
  return is_within(codes.wire(), 2, max_bytes) && codes.wire().size() % 2 == 0;
}
template <class Code>
bool is_legal(const std::optional<CodeList<Code>>& codes, std::size_t max_bytes = 0xfffe) {
  return !codes || is_legal(*codes, max_bytes);
}

bool is_legal(const std::optional<ServerNames>& names) {
  if (!names) return true;
  const auto is_name = [](const ServerName& name) { return is_within(name.bytes, name.type == ServerName::host_name ? 1 : 0); };
  return is_within(names->wire(), 1) && std::all_of(names->begin(), names->end(), is_name);
}
bool is_legal(const KeyShareEntry& share) { return is_within(share.key_exchange, 1); }

/// RFC 9846 4.3.11: identity<1..2^16-1> with four bytes of age, PskBinderEntry<32..255>; as many of the one as of the other.
bool is_legal(const PreSharedKeys& keys) {
  std::size_t identities = 0, binders = 0, at = 0;
  const auto length = [&](ByteView from) { return std::size_t{from[at]} << 8 | from[at + 1]; };
  for (; at + 2 <= keys.identities.size(); at += 2 + length(keys.identities) + 4, ++identities)
    if (length(keys.identities) == 0) return false;
  if (at != keys.identities.size()) return false;
  for (at = 0; at < keys.binders.size(); at += std::size_t{1} + keys.binders[at], ++binders)
    if (keys.binders[at] < 32) return false;
  return at == keys.binders.size() && identities == binders && identities != 0;
}

}  // namespace

bool has_legal_lengths(const ClientHello& message) {
  const auto is_name = [](ByteView name) { return is_within(name, 1, 255); };
  const auto is_share = [](const KeyShareEntry& share) { return is_legal(share); };
  const auto& names = message.application_protocols;
  const auto& shares = message.key_shares;
  return is_within(message.legacy_session_id, 0, 32) && is_legal(message.cipher_suites) &&
         is_within(message.legacy_compression_methods, 1, 255) && is_legal(message.server_names) &&
         is_legal(message.supported_groups) && is_legal(message.signature_algorithms) &&
         is_legal(message.signature_algorithms_cert) && is_legal(message.supported_versions, 254) &&
         is_within(message.cookie, 1) && is_within(message.psk_key_exchange_modes, 1, 255) &&
         is_within(message.ec_point_formats, 1, 255) && is_within(message.renegotiated_connection, 0, 255) &&
         (!names || (!names->empty() && std::all_of(names->begin(), names->end(), is_name))) &&
         (!shares || std::all_of(shares->begin(), shares->end(), is_share)) &&
         (!message.pre_shared_keys || is_legal(*message.pre_shared_keys));
}

bool has_legal_lengths(const std::variant<ServerHello, HelloRetryRequest>& message) {
  if (const auto* retry = std::get_if<HelloRetryRequest>(&message))
    return is_within(retry->legacy_session_id_echo, 0, 32) && is_within(retry->cookie, 1);
  const auto& hello = std::get<ServerHello>(message);
  return is_within(hello.legacy_session_id_echo, 0, 32) && (!hello.key_share || is_legal(*hello.key_share));
}

bool has_legal_lengths(const EncryptedExtensions& message) {
  return is_within(message.application_protocol, 1, 255) && is_legal(message.supported_groups);
}

bool has_legal_lengths(const Certificate& message) {
  const auto is_entry = [](const CertificateEntry& entry) { return is_within(entry.cert_data, 1, 0xffffff); };
  return is_within(message.certificate_request_context, 0, 255) &&
         std::all_of(message.certificate_list.begin(), message.certificate_list.end(), is_entry);
}

bool has_legal_lengths(const CertificateRequest& message) {
  return is_legal(message.signature_algorithms) && is_legal(message.signature_algorithms_cert);
}

bool has_legal_lengths(const NewSessionTicket& message) { return is_within(message.ticket, 1); }

}  // namespace tocsin::harness
