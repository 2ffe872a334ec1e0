// Trust: who may vouch for a server or a client, and the verification of a chain against it (RFC 5280, through libcrypto).
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "core/crypto/openssl/certificates.h"
#include "core/crypto/openssl/known_certificates.h"
#include "core/crypto/openssl/pem.h"

namespace tocsin {
namespace crypto {
namespace {

constexpr std::size_t chain_certificates_max = 16;  // that a peer may send: certificate_malformed
constexpr int chain_depth_max = 10;  // intermediates between the end entity and its anchor: certificate_malformed
// 112 bits: no RSA below 2048 bits: certificate_key_unsupported; no MD5 and no SHA-1: certificate_signature_weak.
constexpr int security_level = 2;

//= RFC 9846 4.5.1.2 //# and decides to abort the handshake, then it MUST abort the handshake with an
/// libcrypto's verification errors, of which those not named mean that the chain is wrong in form.
Reason reason_for(int x509_error) {
  switch (x509_error) {
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Reason::certificate_expired;
    case X509_V_ERR_CERT_REVOKED:
      return Reason::certificate_revoked;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED:
    case X509_V_ERR_SUBJECT_ISSUER_MISMATCH:
    case X509_V_ERR_AKID_SKID_MISMATCH:
    case X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH:
      return Reason::certificate_issuer_unknown;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return Reason::certificate_name_mismatch;
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS:
      return Reason::certificate_key_unsupported;
    //= RFC 9846 4.5.1.3 //# Any endpoint receiving any certificate which it would need to validate using any signature algorithm using an MD5 hash MUST abort the handshake with a "bad_certificate" alert.
    case X509_V_ERR_CA_MD_TOO_WEAK:  // RFC 9846 4.5.1.3: bad_certificate for MD5, and recommended for SHA-1
      return Reason::certificate_signature_weak;
    case X509_V_ERR_OUT_OF_MEM:
      return Reason::crypto_failed;
    default:
      return Reason::certificate_malformed;
  }
}

struct FreeBorrowedStack {  // the certificates belong to someone else
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using BorrowedStackPtr = std::unique_ptr<STACK_OF(X509), FreeBorrowedStack>;

/// The name that the certificate must be for. libcrypto reads an empty name as "any", and one with a dot in front as "any
/// below".
bool set_name(X509_VERIFY_PARAM* parameters, std::string_view name) {
  if (name.empty() || name.front() == '.') return false;
  const std::string text(name);
  if (text.find('\0') != std::string::npos) return false;
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, text.c_str()) == 1) return true;
  return X509_VERIFY_PARAM_set1_host(parameters, text.data(), text.size()) == 1;
}

/// What a chain has to be good for: a server of this name, or a client.
struct Use {
  std::optional<std::string_view> server_name;
};

class StoreVerifier final : public CertificateVerifier, public ClientCertificateVerifier {
 public:
  StoreVerifier(StorePtr store, const TrustOptions& options)
      : store_(std::move(store)), known_(options.certificates_kept_max) {}

  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, std::string_view name,
                                            UnixSeconds now) const override {
    return verify(chain, Use{name}, now);
  }
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, UnixSeconds now) const override {
    return verify(chain, Use{}, now);
  }

 private:
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, const Use& use, UnixSeconds now) const {
    if (chain.empty() || chain.size() > chain_certificates_max) return failed(Reason::certificate_malformed);
    std::vector<CertificatePtr> certificates;
    const BorrowedStackPtr intermediates(sk_X509_new_null());
    for (const ByteView der : chain) {
      certificates.push_back(known_.parse(der));
      //= RFC 9846 4.5.1.2 //# The certificate type MUST be X.509v3 [RFC5280], unless explicitly negotiated otherwise
      if (!certificates.back()) return failed(Reason::certificate_malformed);
      if (certificates.size() > 1 && sk_X509_push(intermediates.get(), certificates.back().get()) == 0) return failed();
    }
    TOCSIN_TRY(verify_chain(certificates.front().get(), intermediates.get(), use, now));
    // Only now: what anyone may send must not push out what is of use.
    for (std::size_t i = 0; i < chain.size(); ++i) known_.keep(chain[i], certificates[i].get());
    return public_key_of(certificates.front().get());
  }

  //= RFC 9846 4.5.1 //# with the exception of the end-entity certificate which MUST be first.
  Result<Done> verify_chain(X509* end_entity, STACK_OF(X509) * intermediates, const Use& use, UnixSeconds now) const {
    const StoreContextPtr context(X509_STORE_CTX_new());
    if (!context || X509_STORE_CTX_init(context.get(), store_.get(), end_entity, intermediates) != 1 ||
        X509_STORE_CTX_set_default(context.get(), use.server_name ? "ssl_server" : "ssl_client") != 1) {
      return failed();
    }
    X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, static_cast<std::time_t>(now));
    X509_VERIFY_PARAM_set_depth(parameters, chain_depth_max);
    X509_VERIFY_PARAM_set_auth_level(parameters, security_level);
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);  // every certificate in the store is an anchor
    if (use.server_name) {
      // RFC 9525: names stand in subjectAltName only, and a wildcard is a whole label.
      X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      if (!set_name(parameters, *use.server_name)) return failed(Reason::certificate_name_mismatch);
    }
    if (X509_verify_cert(context.get()) != 1) return failed(reason_for(X509_STORE_CTX_get_error(context.get())));
    ERR_clear_error();
    return Done{};
  }

  StorePtr store_;
  mutable KnownCertificates known_;
};

class TrustAnyone final : public CertificateVerifier {
 public:
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, std::string_view, UnixSeconds) const override {
    const CertificatePtr end_entity = chain.empty() ? nullptr : parse_certificate(chain.front());
    if (!end_entity) return failed(Reason::certificate_malformed);
    return public_key_of(end_entity.get());
  }
};

using StoreResult = Result<std::shared_ptr<const StoreVerifier>, ConfigError>;

StoreResult trust_store(StorePtr store, const TrustOptions& options) {
  ERR_clear_error();
  return std::shared_ptr<const StoreVerifier>(std::make_shared<StoreVerifier>(std::move(store), options));
}

ConfigError store_error() { return ConfigError{"libcrypto cannot make a store of certificates: " + error_text()}; }

StoreResult trust_named_pem(std::string_view pem, std::string_view name, const TrustOptions& options) {
  TOCSIN_TRY_SET(const auto certificates, certificates_from_pem(pem, name));
  StorePtr store(X509_STORE_new());
  if (!store) return store_error();
  for (const CertificatePtr& certificate : certificates)
    if (X509_STORE_add_cert(store.get(), certificate.get()) != 1) return store_error();
  return trust_store(std::move(store), options);
}

/// The form that libcrypto looks up in a directory: eight hexadecimal digits, a dot, a number.
bool is_hashed_name(std::string_view name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_hex = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return name.size() > 9 && name[8] == '.' && std::all_of(name.begin(), name.begin() + 8, is_hex) &&
         std::all_of(name.begin() + 9, name.end(), is_digit);
}

StoreResult trust_directory(const std::string& path, const TrustOptions& options) {
  std::error_code error;
  bool found = false;
  for (std::filesystem::directory_iterator at(path, error), end; !error && at != end && !found; at.increment(error))
    found = is_hashed_name(at->path().filename().string());
  if (error) return ConfigError{"cannot read trust directory '" + path + "': " + error.message()};
  if (!found)
    return ConfigError{"trust directory '" + path + "' holds no hashed names; run \"openssl rehash\" on it, or give a file"};
  StorePtr store(X509_STORE_new());
  if (!store || X509_STORE_load_path(store.get(), path.c_str()) != 1) return store_error();
  return trust_store(std::move(store), options);
}

StoreResult trust_file_or_directory(const std::string& path, const TrustOptions& options) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return trust_directory(path, options);
  TOCSIN_TRY_SET(const std::string pem, read_file("trust", path));
  return trust_named_pem(pem, path, options);
}

/// The same verifier, as what it is wanted for.
template <class Verifier>
Result<std::shared_ptr<const Verifier>, ConfigError> as(const StoreResult& made) {
  if (!made) return made.error();
  return std::shared_ptr<const Verifier>(*made);
}

}  // namespace
}  // namespace crypto

VerifierResult trust_pem(std::string_view certificates_pem, const TrustOptions& options) {
  return crypto::as<CertificateVerifier>(crypto::trust_named_pem(certificates_pem, "trust", options));
}

VerifierResult trust_path(const std::string& path, const TrustOptions& options) {
  return crypto::as<CertificateVerifier>(crypto::trust_file_or_directory(path, options));
}

ClientVerifierResult trust_clients_pem(std::string_view certificates_pem, const TrustOptions& options) {
  return crypto::as<ClientCertificateVerifier>(crypto::trust_named_pem(certificates_pem, "trust", options));
}

ClientVerifierResult trust_clients_path(const std::string& path, const TrustOptions& options) {
  return crypto::as<ClientCertificateVerifier>(crypto::trust_file_or_directory(path, options));
}

VerifierResult trust_system_store(const TrustOptions& options) {
  // Not X509_STORE_set_default_paths, which follows environment variables.
  const char* const file = X509_get_default_cert_file();
  const char* const directory = X509_get_default_cert_dir();
  crypto::StorePtr store(X509_STORE_new());
  if (!store) return crypto::store_error();
  std::error_code error;
  const bool has_file = std::filesystem::exists(file, error) && X509_STORE_load_file(store.get(), file) == 1;
  const bool has_directory =
      std::filesystem::is_directory(directory, error) && X509_STORE_load_path(store.get(), directory) == 1;
  ERR_clear_error();
  if (!has_file && !has_directory) {
    return ConfigError{std::string("the system has no trust store: neither '") + file + "' nor '" + directory +
                       "' can be read; install the system's certificates, or name a file or directory"};
  }
  return crypto::as<CertificateVerifier>(crypto::trust_store(std::move(store), options));
}

std::shared_ptr<const CertificateVerifier> insecure_trust_anyone() { return std::make_shared<crypto::TrustAnyone>(); }

}  // namespace tocsin
