#include "harnesses/stacks/gnutls/session.h"

#include <gnutls/x509.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

#include "core/connection/server_name.h"
#include "harnesses/stacks/deterministic_rand.h"
#include "harnesses/stacks/gnutls/hidden_inputs.h"
#include "harnesses/testdata/testdata.h"

namespace tocsin::stacks {
namespace {

constexpr std::size_t plaintext_bytes_max = 16384, plaintext_bytes_min = 64;

void require(int result, const char* what) {
  if (result >= 0) return;
  std::fprintf(stderr, "the GnuTLS peer cannot be set up: %s: %s\n", what, gnutls_strerror(result));
  std::abort();
}

gnutls_datum_t datum_of(std::string_view text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())), static_cast<unsigned>(text.size())};
}

template <class Code>
struct Name {
  Code code;
  std::string_view name;
};
constexpr Name<AeadAlgorithm> aeads[] = {{AeadAlgorithm::aes_128_gcm, "+AES-128-GCM"},
                                         {AeadAlgorithm::aes_256_gcm, "+AES-256-GCM"},
                                         {AeadAlgorithm::chacha20_poly1305, "+CHACHA20-POLY1305"}};
constexpr Name<NamedGroup> groups[] = {{NamedGroup::secp256r1, "+GROUP-SECP256R1"},
                                       {NamedGroup::secp384r1, "+GROUP-SECP384R1"},
                                       {NamedGroup::x25519, "+GROUP-X25519"}};
// A scheme of ECDSA has another name in TLS 1.2, where it does not name the curve.
constexpr Name<SignatureScheme> schemes[] = {
    {SignatureScheme::ecdsa_secp256r1_sha256, "+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SHA256"},
    {SignatureScheme::ecdsa_secp384r1_sha384, "+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-ECDSA-SHA384"},
    {SignatureScheme::ecdsa_secp521r1_sha512, "+SIGN-ECDSA-SECP521R1-SHA512:+SIGN-ECDSA-SHA512"},
    {SignatureScheme::ed25519, "+SIGN-EDDSA-ED25519"},
    {SignatureScheme::rsa_pss_rsae_sha256, "+SIGN-RSA-PSS-RSAE-SHA256"},
    {SignatureScheme::rsa_pss_rsae_sha384, "+SIGN-RSA-PSS-RSAE-SHA384"},
    {SignatureScheme::rsa_pss_rsae_sha512, "+SIGN-RSA-PSS-RSAE-SHA512"},
    {SignatureScheme::rsa_pkcs1_sha256, "+SIGN-RSA-SHA256"},
    {SignatureScheme::rsa_pkcs1_sha384, "+SIGN-RSA-SHA384"},
    {SignatureScheme::rsa_pkcs1_sha512, "+SIGN-RSA-SHA512"},
};

template <class Names, class Code>
std::string_view name_in(const Names& names, Code code) {
  const auto found = std::ranges::find_if(names, [&](const auto& one) { return one.code == code; });
  if (found == std::end(names)) require(GNUTLS_E_INVALID_REQUEST, "a code without a name here");
  return found->name;
}

// GnuTLS has one list of schemes, and signs with none that is not in it; of tocsin's a server's are for its clients only.
std::vector<SignatureScheme> with_own_schemes(const PeerConfig& config) {
  std::vector<SignatureScheme> all = config.signature_schemes;
  for (const SignatureScheme own : schemes_of(config.certificate, ProtocolVersion::tls12))
    if (std::ranges::find(all, own) == all.end()) all.push_back(own);
  return all;
}

struct Credentials {
  // own: the name of a certificate's file, or empty.
  Credentials(std::string_view own, std::string_view authority) {
    require(gnutls_certificate_allocate_credentials(&handle), "credentials");
    const gnutls_datum_t trusted = datum_of(testdata::pem(authority));
    require(gnutls_certificate_set_x509_trust_mem(handle, &trusted, GNUTLS_X509_FMT_PEM), "authority");
    if (own.empty()) return;
    const gnutls_datum_t certificate = datum_of(testdata::pem(own)), key = datum_of(testdata::pem(std::string(own) + ".key"));
    require(gnutls_certificate_set_x509_key_mem(handle, &certificate, &key, GNUTLS_X509_FMT_PEM), "certificate and key");
  }
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;
  ~Credentials() { gnutls_certificate_free_credentials(handle); }

  gnutls_certificate_credentials_t handle = nullptr;
};

gnutls_certificate_credentials_t credentials_of(Role role, const PeerConfig& config) {
  static std::map<std::pair<Role, std::string_view>, Credentials> all;
  const bool is_server = role == Role::server;
  const std::string_view own = is_server ? file_name_of(config.certificate) : file_name_of(config.client_certificate);
  // Making them tries the key, with randomness that a later end must not miss.
  RandomStream random(0);
  const UseRandomStream use(random);
  return all.try_emplace({role, own}, own, is_server ? "client-ca" : "ca").first->second.handle;
}

// Most inputs want what the one before them wanted.
void set_priorities(gnutls_session_t session, const std::string& wanted) {
  static std::string text;
  static gnutls_priority_t priorities = nullptr;
  if (text != wanted) {
    if (priorities != nullptr) gnutls_priority_deinit(std::exchange(priorities, nullptr));  // sessions count their uses
    require(gnutls_priority_init(&priorities, wanted.c_str(), nullptr), wanted.c_str());
    text = wanted;
  }
  require(gnutls_priority_set(session, priorities), "priorities");
}

std::size_t fragment_bytes_of(MaxFragmentLength length) { return std::size_t{256} << static_cast<unsigned>(length); }
/// RFC 8449 4: of TLS 1.3 the content type is counted.
std::size_t type_bytes_of(const PeerConfig& config) { return speaks(config, ProtocolVersion::tls13) ? 1 : 0; }

void set_record_sizes(gnutls_session_t session, Role role, const PeerConfig& config) {
  if (role == Role::client && config.max_fragment_length != MaxFragmentLength::none) {
    const std::size_t size_bytes = fragment_bytes_of(config.max_fragment_length);
    require(static_cast<int>(gnutls_record_set_max_size(session, size_bytes)), "fragment length");
    return;
  }
  const std::size_t size_bytes = config.record_size_limit - type_bytes_of(config);
  require(static_cast<int>(gnutls_record_set_max_recv_size(session, size_bytes)), "record size limit");
}

void set_application_protocols(gnutls_session_t session, Role role, const std::vector<std::string>& protocols) {
  if (protocols.empty()) return;
  std::vector<gnutls_datum_t> list;
  for (const std::string& protocol : protocols) list.push_back(datum_of(protocol));
  const unsigned flags = role == Role::server ? GNUTLS_ALPN_MANDATORY | GNUTLS_ALPN_SERVER_PRECEDENCE : 0;
  require(gnutls_alpn_set_protocols(session, list.data(), static_cast<unsigned>(list.size()), flags), "ALPN");
}

void set_up_client(gnutls_session_t session, const PeerConfig& config) {
  // RFC 6066 3: an address is not sent as a name.
  if (!looks_like_address(config.server_name))
    require(gnutls_server_name_set(session, GNUTLS_NAME_DNS, config.server_name.data(), config.server_name.size()), "name");
}

void set_up_server(gnutls_session_t session, const PeerConfig& config) {
  if (config.client_authentication == ClientAuthentication::none) return;
  const bool is_required = config.client_authentication == ClientAuthentication::required;
  gnutls_certificate_server_set_request(session, is_required ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_REQUEST);
}

unsigned flags_of(Role role, const PeerConfig& config) {
  // A client shows the certificate that it was given, whatever authorities the server names.
  constexpr unsigned common = GNUTLS_NONBLOCK | GNUTLS_NO_TICKETS_TLS12;
  if (role == Role::server) return common | GNUTLS_SERVER;
  const unsigned shares = config.key_shares > 2   ? GNUTLS_KEY_SHARE_TOP3
                          : config.key_shares > 1 ? GNUTLS_KEY_SHARE_TOP2
                                                  : GNUTLS_KEY_SHARE_TOP;
  return common | GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT | shares;
}

}  // namespace

int verify_by_gnutls(gnutls_session_t session, Role role, const PeerConfig& config) {
  unsigned shown = 0;
  if (gnutls_certificate_get_peers(session, &shown) == nullptr && role == Role::server)
    return config.client_authentication == ClientAuthentication::required ? GNUTLS_E_CERTIFICATE_REQUIRED : 0;
  std::array<gnutls_typed_vdata_st, 2> expected{};
  unsigned count = 0;
  const auto expect = [&](gnutls_vdata_types_t type, const char* text) {
    expected.at(count++) = {type, reinterpret_cast<unsigned char*>(const_cast<char*>(text)), 0};
  };
  expect(GNUTLS_DT_KEY_PURPOSE_OID, role == Role::server ? GNUTLS_KP_TLS_WWW_CLIENT : GNUTLS_KP_TLS_WWW_SERVER);
  if (role == Role::client) expect(GNUTLS_DT_DNS_HOSTNAME, config.server_name.c_str());
  unsigned faults = 0;
  const int result = gnutls_certificate_verify_peers(session, expected.data(), count, &faults);
  if (result < 0) return GNUTLS_E_CERTIFICATE_ERROR;
  return faults == 0 ? 0 : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

PeerConfig adapted_to_gnutls(PeerConfig config) {
  config.key_shares = std::max<std::size_t>(config.key_shares, 1);
  config.extended_master_secret = ExtendedMasterSecret::preferred;
  config.padding_block_bytes = 0;
  if (config.client_authentication != ClientAuthentication::none) config.signature_schemes = with_own_schemes(config);
  const std::size_t type_bytes = type_bytes_of(config);
  std::size_t limit_bytes = config.record_size_limit == 0 ? plaintext_bytes_max + type_bytes : config.record_size_limit;
  if (config.max_fragment_length != MaxFragmentLength::none)
    limit_bytes = fragment_bytes_of(config.max_fragment_length) + type_bytes;
  config.record_size_limit =
      static_cast<std::uint16_t>(std::clamp(limit_bytes, plaintext_bytes_min + type_bytes, plaintext_bytes_max + type_bytes));
  return config;
}

std::string priorities_of(Role role, const PeerConfig& config) {
  std::string text = "NONE:+CTYPE-X509:+COMP-NULL:+ECDHE-ECDSA:+ECDHE-RSA:+AEAD:%SERVER_PRECEDENCE:%ALLOW_SMALL_RECORDS";
  const auto add = [&](std::string_view name) { text.append(":").append(name); };
  if (speaks(config, ProtocolVersion::tls13)) add("+VERS-TLS1.3");
  if (speaks(config, ProtocolVersion::tls12)) add("+VERS-TLS1.2");
  for (const CipherSuite suite : config.cipher_suites) add(name_in(aeads, aead_of(suite)));
  for (const NamedGroup group : config.groups) add(name_in(groups, group));
  for (const SignatureScheme scheme : role == Role::server ? with_own_schemes(config) : config.signature_schemes)
    add(name_in(schemes, scheme));
  if (!config.middlebox_compatibility) add("%DISABLE_TLS13_COMPAT_MODE");
  return text;
}

GnuTlsSessionPtr make_gnutls_session(Role role, const PeerConfig& asked) {
  static const bool is_set_up = (take_hidden_inputs_of_gnutls(), true);
  static_cast<void>(is_set_up);
  const PeerConfig config = adapted_to_gnutls(asked);
  gnutls_session_t handle = nullptr;
  require(gnutls_init(&handle, flags_of(role, config)), "session");
  GnuTlsSessionPtr session(handle);
  set_priorities(handle, priorities_of(role, config));
  require(gnutls_credentials_set(handle, GNUTLS_CRD_CERTIFICATE, credentials_of(role, config)), "credentials");
  set_record_sizes(handle, role, config);
  set_application_protocols(handle, role, config.application_protocols);
  if (role == Role::server)
    set_up_server(handle, config);
  else
    set_up_client(handle, config);
  return session;
}

}  // namespace tocsin::stacks
