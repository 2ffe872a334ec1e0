#include "core/handshake/config_check.h"

#include <algorithm>

#include "core/handshake/client_offer.h"
#include "core/record/header.h"

namespace tocsin {
namespace {

constexpr std::size_t record_size_limit_min = 64;  // RFC 8449 4
constexpr std::size_t datagram_bytes_min = 256;

bool is_time(const std::optional<Milliseconds>& span) { return !span || count(*span) > 0; }

bool is_in_range(const CommonConfig& config) {
  const auto is_name = [](const std::string& name) { return !name.empty() && name.size() <= 255; };  // RFC 7301 3.1
  const bool has_record_limit = config.record_size_limit != 0;
  return std::ranges::all_of(config.application_protocols, is_name) &&
         (!has_record_limit ||
          (config.record_size_limit >= record_size_limit_min && config.record_size_limit <= record::plaintext_bytes_max + 1)) &&
         config.max_fragment_length <= MaxFragmentLength::bytes_4096 && config.datagram_bytes_max >= datagram_bytes_min &&
         is_time(config.handshake_timeout);
}

bool is_complete(const std::shared_ptr<const CertifiedKey>& certificate) {
  return certificate && certificate->key && !certificate->chain.empty();
}

/// RFC 9846 4.2.2, 4.3: none of these lists may be empty in a ClientHello.
bool has_what_to_offer(const ClientConfig& config, handshake::Transport over) {
  const auto can_be_offered = [&](CipherSuite suite) { return handshake::offers_suite(config, suite, over); };
  return std::ranges::any_of(config.cipher_suites, can_be_offered) && !config.groups.empty() &&
         !config.signature_schemes.empty();
}

std::optional<Misuse> mistake_in_common(const CommonConfig& config,
                                        const std::vector<std::shared_ptr<const CertifiedKey>>& certificates) {
  if (!config.provider) return Misuse::provider_missing;
  if (!std::ranges::all_of(certificates, is_complete)) return Misuse::certificate_incomplete;
  if (!is_in_range(config)) return Misuse::config_out_of_range;
  return std::nullopt;
}

}  // namespace

std::optional<Misuse> mistake_in(const ServerConfig* config) {
  if (config == nullptr) return Misuse::config_missing;
  if (const auto mistake = mistake_in_common(*config, config->certificates)) return mistake;
  if (!is_time(config->idle_timeout)) return Misuse::config_out_of_range;
  if (config->certificates.empty()) return Misuse::certificate_missing;
  if (config->client_authentication != ClientAuthentication::none && !config->client_verifier)
    return Misuse::client_verifier_missing;
  return std::nullopt;
}

std::optional<Misuse> mistake_in(const ClientConfig* config, handshake::Transport over) {
  if (config == nullptr) return Misuse::config_missing;
  if (const auto mistake = mistake_in_common(*config, config->certificates)) return mistake;
  if (!config->verifier) return Misuse::verifier_missing;
  if (!has_what_to_offer(*config, over)) return Misuse::config_out_of_range;
  return std::nullopt;
}

}  // namespace tocsin
