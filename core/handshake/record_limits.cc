#include "core/handshake/record_limits.h"

#include <algorithm>

#include "core/record/header.h"

namespace tocsin::handshake {
namespace {

constexpr std::uint16_t record_size_limit_min = 64;

/// RFC 8449 4: in TLS 1.3 a limit counts the content's type, in TLS 1.2 the content alone.
std::size_t type_bytes_not_counted(ProtocolVersion version) { return version == ProtocolVersion::tls13 ? 0 : 1; }

std::size_t record_size_limit_max(ProtocolVersion version) {
  return record::plaintext_bytes_max + 1 - type_bytes_not_counted(version);
}

/// Of one direction each: own is what this end receives.
void limit_records(ProtocolVersion version, std::uint16_t own, std::uint16_t peers, Effects& effects) {
  effects.add(LimitReceivedRecords{own + type_bytes_not_counted(version)});
  effects.add(LimitSentRecords{peers + type_bytes_not_counted(version)});
}

}  // namespace

void offer_record_limits(const ClientConfig& config, wire::ClientHello& hello) {
  if (config.record_size_limit != 0) hello.record_size_limit = config.record_size_limit;
}

Result<Done> check_record_limits(const ServerConfig&, const wire::ClientHello& hello) {
  if (hello.record_size_limit && *hello.record_size_limit < record_size_limit_min)
    return Fatal{Reason::record_size_limit_invalid};
  return Done{};
}

void answer_record_limits(const ServerConfig& config, ProtocolVersion version, const wire::ClientHello& hello,
                          wire::ServerExtensions& answer, Effects& effects) {
  if (!hello.record_size_limit || config.record_size_limit == 0) return;
  answer.record_size_limit =
      static_cast<std::uint16_t>(std::min<std::size_t>(config.record_size_limit, record_size_limit_max(version)));
  // A client's value above the protocol's own maximum means that maximum.
  limit_records(version, *answer.record_size_limit, *hello.record_size_limit, effects);
}

Result<Done> take_record_limits(const ClientConfig& config, ProtocolVersion version, const wire::ServerExtensions& answer,
                                Effects& effects) {
  if (!answer.record_size_limit) return Done{};
  if (config.record_size_limit == 0) return Fatal{Reason::extension_unsolicited};
  if (*answer.record_size_limit < record_size_limit_min || *answer.record_size_limit > record_size_limit_max(version))
    return Fatal{Reason::record_size_limit_invalid};
  limit_records(version, config.record_size_limit, *answer.record_size_limit, effects);
  return Done{};
}

}  // namespace tocsin::handshake
