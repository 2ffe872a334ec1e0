#include "harnesses/differential/stray.h"

#include <openssl/ssl3.h>

#include <algorithm>

#include "core/base/reader.h"
#include "core/wire/extensions.h"
#include "harnesses/differential/client_hello_faults.h"

namespace tocsin::differential {
namespace {

// Version, random and session id, in front of the cookie.
std::size_t bytes_before_cookie(ByteView body) {
  constexpr std::size_t before_session_id = 2 + 32;
  return body.size() > before_session_id ? before_session_id + 1 + body[before_session_id] : body.size();
}

}  // namespace

bool StrayRecord::has_discarded_header() const { return version >> 8 != 0xfe || length_bytes > SSL3_RT_MAX_ENCRYPTED_LENGTH; }

std::vector<StrayRecord> records_of(ByteView datagram) {
  constexpr std::size_t header_bytes = 13;
  std::vector<StrayRecord> records;
  while (datagram.size() >= header_bytes) {
    Reader reader(datagram);
    StrayRecord& record = records.emplace_back();
    record.type = reader.u8();
    record.version = reader.u16();
    record.epoch = reader.u16();
    record.sequence = std::uint64_t{reader.u16()} << 32;
    record.sequence |= reader.u32();
    record.length_bytes = reader.u16();
    if (!record.has_discarded_header()) record.fragment = reader.take(std::min(record.length_bytes, reader.size()));
    datagram = datagram.subspan(header_bytes + record.fragment.size());
  }
  return records;
}

std::vector<StrayFragment> fragments_of(const StrayRecord& record) {
  constexpr std::uint8_t handshake = 22;
  std::vector<StrayFragment> fragments;
  if (record.type != handshake) return fragments;
  for (Reader reader(record.fragment); !reader.empty();) {
    StrayFragment& fragment = fragments.emplace_back();
    fragment.type = reader.u8();
    fragment.length_bytes = reader.u24();
    fragment.message_seq = reader.u16();
    fragment.offset_bytes = reader.u24();
    fragment.fragment_bytes = reader.u24();
    if (reader.failed()) {
      fragment = StrayFragment();
      fragment.is_header_whole = false;
      break;
    }
    fragment.body = reader.take(std::min<std::size_t>(fragment.fragment_bytes, reader.size()));
  }
  return fragments;
}

namespace {

/// RFC 9146 3: in DTLS it is read.
bool is_malformed_connection_id(const ExtensionSeen& extension) {
  if (extension.type != static_cast<std::uint16_t>(wire::ExtensionType::connection_id)) return false;
  return extension.body.empty() || extension.body[0] + 1u != extension.body.size();
}

}  // namespace

bool is_malformed_hello(ByteView body) {
  const std::size_t at = bytes_before_cookie(body);
  if (at >= body.size() || body.size() - at - 1 < body[at]) return true;
  Bytes without_cookie(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(at));
  append(without_cookie, body.subspan(at + 1 + body[at]));
  const HelloSeen hello = read_client_hello(without_cookie);
  if (!hello.is_well_framed || hello.session_id.size() > 32 || hello.cipher_suites.empty() ||
      hello.cipher_suites.size() % 2 != 0 || hello.compression.empty())
    return true;
  return std::ranges::any_of(hello.extensions, [&](const ExtensionSeen& extension) {
    return hello.count(extension.type) > 1 || !is_well_formed_in_client_hello(extension) ||
           is_malformed_connection_id(extension);
  });
}

}  // namespace tocsin::differential
