#include "harnesses/scenarios/configs.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "core/record/header.h"

namespace tocsin::harness {
namespace {

// Those that bits 0 to 2 name, or all, in the order that the other bits name.
template <class T>
std::vector<T> chosen(std::array<T, 3> all, std::uint8_t choice, bool none_means_all) {
  std::array<std::size_t, 3> order{0, 1, 2};
  for (int i = (choice >> 3) % 6; i > 0; --i) std::next_permutation(order.begin(), order.end());
  const int mask = (choice & 7) == 0 && none_means_all ? 7 : choice & 7;
  std::vector<T> out;
  out.reserve(order.size());
  for (const std::size_t i : order)
    if ((mask >> i & 1) != 0) out.push_back(all[i]);
  return out;
}

std::uint16_t record_size_limit(std::uint8_t choice) {
  return static_cast<std::uint16_t>(choice == 0xff ? record::plaintext_bytes_max + 1 : 64 * std::size_t{choice});
}

struct CommonTags {
  Tag versions, suites, groups, alpn, record_size_limit, padding;
};
constexpr CommonTags server_tags{Tag::server_versions,          Tag::server_suites, Tag::server_groups, Tag::server_alpn,
                                 Tag::server_record_size_limit, Tag::server_padding};
constexpr CommonTags client_tags{Tag::client_versions,          Tag::client_suites, Tag::client_groups, Tag::client_alpn,
                                 Tag::client_record_size_limit, Tag::client_padding};

std::vector<ProtocolVersion> versions(std::uint8_t choice) {
  using enum ProtocolVersion;
  const std::vector<ProtocolVersion> choices[] = {{tls13}, {tls12}, {tls12, tls13}};
  return choices[choice % std::size(choices)];
}

stacks::PeerConfig options(const Input& input, const CommonTags& tags) {
  stacks::PeerConfig config;
  config.versions = versions(input.option(tags.versions, 0));
  config.cipher_suites = chosen<CipherSuite>(
      {CipherSuite::aes_128_gcm_sha256, CipherSuite::chacha20_poly1305_sha256, CipherSuite::aes_256_gcm_sha384},
      input.option(tags.suites, 0), true);
  config.groups = chosen<NamedGroup>({NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1},
                                     input.option(tags.groups, 0), true);
  config.application_protocols = chosen<std::string>({"h2", "http/1.1", "x"}, input.option(tags.alpn, 0), false);
  config.record_size_limit = record_size_limit(input.option(tags.record_size_limit, 0));
  config.padding_block_bytes = static_cast<std::uint16_t>(4 * input.option(tags.padding, 0));
  return config;
}

// The least that an honest handshake can do with, so that short inputs reach every limit.
Limits small_limits() {
  Limits limits;
  limits.client_hello_bytes_max = 1024;
  limits.certificate_message_bytes_max = 2048;
  limits.other_message_bytes_max = 512;
  limits.change_cipher_specs_max = 1;
  limits.warning_alerts_max = 1;
  limits.empty_records_max = 1;
  limits.post_handshake_messages_max = 2;
  limits.post_handshake_data_bytes = 0;
  limits.early_data_skipped_bytes_max = 64;
  limits.records_per_key_max = 3;
  return limits;
}

void set_common(const Input& input, const stacks::PeerConfig& from, std::shared_ptr<Provider> provider, CommonConfig& to) {
  to.provider = std::move(provider);
  static_cast<Preferences&>(to) = from;
  to.cipher_suites = stacks::suites_of(from);
  to.limits = limits_of(input);
}

}  // namespace

Limits limits_of(const Input& input) { return input.option(Tag::limits, 0) % 2 == 1 ? small_limits() : Limits{}; }

namespace {
void leave_one_out(std::size_t which, std::vector<SignatureScheme>& schemes) {
  if (which == 0) return;
  schemes.erase(schemes.begin() + static_cast<std::ptrdiff_t>((which - 1) % schemes.size()));
}
}  // namespace

stacks::PeerConfig server_options(const Input& input) {
  stacks::PeerConfig config = options(input, server_tags);
  constexpr auto& kinds = stacks::all_certificate_kinds;
  config.certificate = kinds[input.option(Tag::server_certificate, 0) % std::size(kinds)];
  config.client_authentication = static_cast<ClientAuthentication>(input.option(Tag::client_authentication, 0) % 3);
  leave_one_out(input.option(Tag::server_signature_schemes, 0), config.signature_schemes);
  return config;
}

stacks::PeerConfig client_options(const Input& input) {
  constexpr std::array<std::string_view, 4> names{"localhost", "example.test", "127.0.0.1", "other.test"};
  stacks::PeerConfig config = options(input, client_tags);
  config.key_shares = input.option(Tag::client_key_shares, 1) % 4;
  config.max_fragment_length = static_cast<MaxFragmentLength>(input.option(Tag::client_max_fragment_length, 0) % 5);
  config.middlebox_compatibility = input.option(Tag::client_middlebox_compatibility, 1) % 2 == 1;
  config.server_name = names[input.option(Tag::client_server_name, 0) % names.size()];
  leave_one_out(input.option(Tag::client_signature_schemes, 0), config.signature_schemes);
  constexpr auto& kinds = stacks::all_client_certificates;
  config.client_certificate = kinds[input.option(Tag::client_certificate, 0) % std::size(kinds)];
  return config;
}

RecordLimits record_limits(const stacks::PeerConfig& client, const stacks::PeerConfig& server) {
  if (client.record_size_limit != 0 && server.record_size_limit != 0)  // RFC 8449 5: whatever else there is
    return {.of_client = server.record_size_limit, .of_server = client.record_size_limit};
  if (client.max_fragment_length == MaxFragmentLength::none) return {};
  const auto both = static_cast<std::uint16_t>(256u << static_cast<unsigned>(client.max_fragment_length));
  return {.of_client = both, .of_server = both};
}

ServerConfig server_config(const Input& input, std::shared_ptr<Provider> provider,
                           std::shared_ptr<const CertifiedKey> certificate) {
  ServerConfig config;
  const stacks::PeerConfig drawn = server_options(input);
  set_common(input, drawn, std::move(provider), config);
  config.certificates = {std::move(certificate)};
  config.client_authentication = drawn.client_authentication;
  return config;
}

ClientConfig client_config(const Input& input, std::shared_ptr<Provider> provider,
                           std::shared_ptr<const CertificateVerifier> verifier) {
  ClientConfig config;
  const stacks::PeerConfig drawn = client_options(input);
  set_common(input, drawn, std::move(provider), config);
  config.verifier = std::move(verifier);
  config.key_shares = drawn.key_shares;
  config.middlebox_compatibility = drawn.middlebox_compatibility;
  return config;
}

stacks::EntryPoint entry_point(const Input& input) {
  return input.option(Tag::entry_point, 0) % 2 == 0 ? stacks::EntryPoint::direct : stacks::EntryPoint::acceptor;
}

Bytes application_data(const Input& input, std::uint8_t seed) {
  const std::size_t root = input.option(Tag::data_bytes, 5);
  Bytes data(root * root);
  std::iota(data.begin(), data.end(), seed);
  return data;
}

}  // namespace tocsin::harness
