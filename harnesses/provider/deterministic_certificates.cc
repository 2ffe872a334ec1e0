// Make-believe certificates. The format:
//   4 bytes   "TFC1"
//   2 bytes   the one SignatureScheme of the key, big-endian
//   8 bytes   the public key
//   n bytes   the DNS name
//   8 bytes   the issuer's word for all this
// The private key is the public one: whoever sees the certificate can sign. Nothing here keeps anyone out; it only tells right
// from wrong.
#include <algorithm>

#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/provider/mixing.h"

namespace tocsin::harness {
namespace {

enum Domain : std::uint64_t { key_domain = 16, issuer_domain = 17, signature_domain = 18 };

constexpr std::string_view magic = "TFC1";
constexpr std::size_t head_bytes = 4 + 2 + 8, issuer_bytes = 8, signature_bytes = 64;

std::uint64_t word_for(Domain domain, ByteView bytes) {
  Mixer mixer(domain);
  mixer.absorb(bytes);
  return mixer.squeeze_word();
}

struct FakeKey {
  SignatureScheme scheme;
  std::uint64_t number;

  Result<std::array<std::uint8_t, signature_bytes>> sign(SignatureScheme with, ByteView message) const {
    if (with != scheme) return Fatal{Reason::crypto_failed};
    Mixer mixer(signature_domain + (static_cast<std::uint64_t>(scheme) << 8));
    std::uint8_t key[8];
    store(key, number);
    mixer.absorb(key);
    mixer.absorb(message);
    std::array<std::uint8_t, signature_bytes> signature;
    mixer.squeeze(signature);
    return signature;
  }
};

class FakeSigningKey final : public SigningKey {
 public:
  explicit FakeSigningKey(FakeKey key) : key_(key) {}
  bool can_sign_with(SignatureScheme scheme, ProtocolVersion) const override { return scheme == key_.scheme; }
  Result<Done> sign(SignatureScheme scheme, ByteView message, Bytes& out) const override {
    TOCSIN_TRY_SET(const auto signature, key_.sign(scheme, message));
    append(out, signature);
    return Done{};
  }

 private:
  FakeKey key_;
};

class FakePublicKey final : public PublicKey {
 public:
  explicit FakePublicKey(FakeKey key) : key_(key) {}
  bool can_verify_with(SignatureScheme scheme, ProtocolVersion) const override { return scheme == key_.scheme; }
  Result<Done> verify(SignatureScheme scheme, ByteView message, ByteView signature) const override {
    const auto expected = key_.sign(scheme, message);
    if (!expected || !std::equal(expected->begin(), expected->end(), signature.begin(), signature.end()))
      return Fatal{Reason::signature_invalid};
    return Done{};
  }

 private:
  FakeKey key_;
};

/// What the issuer vouches for, if it does.
Result<ByteView> certified_part(std::span<const ByteView> chain) {
  if (chain.empty() || chain[0].size() < head_bytes + issuer_bytes || text_of(chain[0].first(magic.size())) != magic)
    return Fatal{Reason::certificate_malformed};
  const ByteView named = chain[0].first(chain[0].size() - issuer_bytes);
  if (load(chain[0].last(issuer_bytes).data()) != word_for(issuer_domain, named))
    return Fatal{Reason::certificate_issuer_unknown};
  return named;
}

std::unique_ptr<PublicKey> key_in(ByteView certified) {
  const auto scheme = static_cast<SignatureScheme>(certified[4] << 8 | certified[5]);
  return std::make_unique<FakePublicKey>(FakeKey{scheme, load(certified.data() + 6)});
}

class FakeVerifier final : public CertificateVerifier {
 public:
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, std::string_view name,
                                            UnixSeconds) const override {
    TOCSIN_TRY_SET(const ByteView named, certified_part(chain));
    const std::string_view certified_name = text_of(named.subspan(head_bytes));
    const auto equal_letters = [](char a, char b) { return lower(a) == lower(b); };
    if (!std::equal(name.begin(), name.end(), certified_name.begin(), certified_name.end(), equal_letters))
      return Fatal{Reason::certificate_name_mismatch};
    return key_in(named);
  }

 private:
  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
};

class FakeClientVerifier final : public ClientCertificateVerifier {
 public:
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, UnixSeconds) const override {
    TOCSIN_TRY_SET(const ByteView named, certified_part(chain));
    return key_in(named);
  }
};

}  // namespace

std::shared_ptr<const CertifiedKey> deterministic_certified_key(std::string_view dns_name, SignatureScheme scheme) {
  const FakeKey key{scheme, word_for(key_domain, bytes_of(dns_name))};
  Bytes certificate(head_bytes);
  std::copy(magic.begin(), magic.end(), certificate.begin());
  certificate[4] = static_cast<std::uint8_t>(static_cast<unsigned>(scheme) >> 8);
  certificate[5] = static_cast<std::uint8_t>(scheme);
  store(certificate.data() + 6, key.number);
  append(certificate, bytes_of(dns_name));
  std::uint8_t issuer[issuer_bytes];
  store(issuer, word_for(issuer_domain, certificate));
  append(certificate, issuer);

  auto certified = std::make_shared<CertifiedKey>();
  certified->chain.push_back(std::move(certificate));
  certified->dns_names.emplace_back(dns_name);
  certified->key = std::make_shared<FakeSigningKey>(key);
  return certified;
}

std::shared_ptr<const CertificateVerifier> deterministic_verifier() { return std::make_shared<FakeVerifier>(); }

std::shared_ptr<const ClientCertificateVerifier> deterministic_client_verifier() {
  return std::make_shared<FakeClientVerifier>();
}

}  // namespace tocsin::harness
