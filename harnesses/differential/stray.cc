#include "harnesses/differential/stray.h"

#include <openssl/ssl3.h>

#include <algorithm>

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
  std::vector<StrayRecord> records;
  for (ByteView rest = datagram; const auto read = dissect::take_dtls_record(rest); datagram = rest) {
    StrayRecord& record = records.emplace_back(StrayRecord{*read});
    if (!record.has_discarded_header()) continue;
    record.fragment = {};
    rest = datagram.subspan(dissect::DtlsRecordView::header_bytes);
  }
  return records;
}

namespace {

/// RFC 9146 3: in DTLS it is read.
bool is_malformed_connection_id(const ExtensionSeen& extension) {
  if (extension.type != static_cast<std::uint16_t>(wire::ExtensionType::connection_id)) return false;
  return extension.body.empty() || extension.body[0] + 1u != extension.body.size();
}

}  // namespace

bool has_cookie(ByteView body) {
  const std::size_t at = bytes_before_cookie(body);
  return at < body.size() && body[at] != 0 && body.size() - at - 1 >= body[at];
}

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
