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

/// RFC 6066 4: 2^9 to 2^12 bytes; nothing without the extension, and for a value that is not allowed.
std::optional<std::uint16_t> fragment_bytes_max(std::optional<std::uint8_t> max_fragment_length) {
  if (!max_fragment_length || *max_fragment_length < 1 || *max_fragment_length > 4) return std::nullopt;
  return static_cast<std::uint16_t>(256u << *max_fragment_length);
}

/// RFC 8449 5: a server that negotiates record_size_limit passes over max_fragment_length, whatever it holds.
bool negotiates_record_size_limit(const ServerConfig& config, const wire::ClientHello& hello) {
  return hello.record_size_limit && config.record_size_limit != 0;
}

/// Of both directions, from now on, without protection as well (RFC 6066 4). It is TLSPlaintext.length, without the type, that
/// is limited; RFC 9846 5.4 counts the type and the padding: so this end takes what keeps to the one, and sends what keeps to
/// both.
void limit_fragments(ProtocolVersion version, std::uint16_t bytes_max, Effects& effects) {
  effects.add(LimitReceivedRecords{std::size_t{bytes_max} + 1, Limited::all_records});
  effects.add(LimitSentRecords{bytes_max + type_bytes_not_counted(version), Limited::all_records});
}

/// Of one direction each: own is what this end receives.
void limit_records(ProtocolVersion version, std::uint16_t own, std::uint16_t peers, Effects& effects) {
  effects.add(LimitReceivedRecords{own + type_bytes_not_counted(version)});
  effects.add(LimitSentRecords{peers + type_bytes_not_counted(version)});
}

}  // namespace

void offer_record_limits(const ClientConfig& config, wire::ClientHello& hello) {
  if (config.record_size_limit != 0) hello.record_size_limit = config.record_size_limit;
  if (config.max_fragment_length != MaxFragmentLength::none)
    hello.max_fragment_length = static_cast<std::uint8_t>(config.max_fragment_length);
}

Result<Done> check_record_limits(const ServerConfig& config, const wire::ClientHello& hello) {
  if (hello.record_size_limit && *hello.record_size_limit < record_size_limit_min)
    return Fatal{Reason::record_size_limit_invalid};
  if (hello.max_fragment_length && !negotiates_record_size_limit(config, hello) &&
      !fragment_bytes_max(hello.max_fragment_length))
    return Fatal{Reason::max_fragment_length_invalid};
  return Done{};
}

MaxFragmentLength granted_max_fragment_length(const ServerConfig& config, const wire::ClientHello& hello) {
  if (negotiates_record_size_limit(config, hello)) return MaxFragmentLength::none;
  return static_cast<MaxFragmentLength>(hello.max_fragment_length.value_or(0));
}

void answer_record_limits(const ServerConfig& config, ProtocolVersion version, const wire::ClientHello& hello,
                          wire::ServerExtensions& answer, Effects& effects) {
  if (negotiates_record_size_limit(config, hello)) {
    answer.record_size_limit =
        static_cast<std::uint16_t>(std::min<std::size_t>(config.record_size_limit, record_size_limit_max(version)));
    // A client's value above the protocol's own maximum means that maximum.
    limit_records(version, *answer.record_size_limit, *hello.record_size_limit, effects);
  } else if (const auto bytes_max = fragment_bytes_max(hello.max_fragment_length)) {
    answer.max_fragment_length = hello.max_fragment_length;
    limit_fragments(version, *bytes_max, effects);
  }
}

Result<Done> take_record_limits(const ClientConfig& config, ProtocolVersion version, const wire::ServerExtensions& answer,
                                Effects& effects) {
  // RFC 8449 5.
  if (answer.record_size_limit && answer.max_fragment_length) return Fatal{Reason::record_limits_ambiguous};
  if (answer.max_fragment_length) {
    if (config.max_fragment_length == MaxFragmentLength::none) return Fatal{Reason::extension_unsolicited};
    const auto bytes_max = fragment_bytes_max(answer.max_fragment_length);
    if (!bytes_max || *answer.max_fragment_length != static_cast<std::uint8_t>(config.max_fragment_length))
      return Fatal{Reason::max_fragment_length_invalid};
    limit_fragments(version, *bytes_max, effects);
  }
  if (!answer.record_size_limit) return Done{};
  if (config.record_size_limit == 0) return Fatal{Reason::extension_unsolicited};
  if (*answer.record_size_limit < record_size_limit_min || *answer.record_size_limit > record_size_limit_max(version))
    return Fatal{Reason::record_size_limit_invalid};
  limit_records(version, config.record_size_limit, *answer.record_size_limit, effects);
  return Done{};
}

Result<Done> resume_record_limits(const ClientConfig& config, ProtocolVersion version, MaxFragmentLength of_session,
                                  const wire::ServerExtensions& answer, Effects& effects) {
  TOCSIN_TRY(take_record_limits(config, version, answer, effects));
  const auto code = static_cast<std::uint8_t>(of_session);
  if (answer.max_fragment_length.value_or(code) != code) return Fatal{Reason::max_fragment_length_invalid};
  const auto bytes_max = fragment_bytes_max(code);
  if (bytes_max && !answer.record_size_limit) limit_fragments(version, *bytes_max, effects);
  return Done{};
}

}  // namespace tocsin::handshake
