#include "harnesses/bench/floor.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

namespace tocsin::bench {
namespace {

constexpr int tag_bytes = 16;

std::vector<std::uint8_t> copy(const ASN1_BIT_STRING* bits) {
  return {ASN1_STRING_get0_data(bits), ASN1_STRING_get0_data(bits) + ASN1_STRING_length(bits)};
}

}  // namespace

HandshakeShape shape_of(ProtocolVersion version) {
  switch (version) {
    case ProtocolVersion::tls13:
      // On each side (RFC 9846 7.1): Extract and Derive-Secret up to the traffic secrets (10), two Expand-Labels for each of
      // four keys (8), and two Finished (4). Transcripts end with ServerHello, Certificate, CertificateVerify and both
      // Finished; what is signed is their hash with a context (4.5.2).
      return {2 * 22, 5, {220, 122, 10, 450, 79, 36, 36}, {575, 36}, 130};
    case ProtocolVersion::tls12:
      // On each side (RFC 5246 5, RFC 7627): two blocks of P_hash for the master secret (4) and for the keys (4), one for each
      // Finished (4). The transcript's hash up to the ClientKeyExchange serves the master secret and the client's Finished;
      // what is signed are the randoms and the server's key (RFC 8422 5.4).
      return {2 * 12, 2, {150, 80, 450, 115, 4, 37, 16, 16}, {16, 16}, 100};
    case ProtocolVersion::dtls12:
      // The same, with longer headers; the server makes a cookie, and makes it again to know it.
      return {2 * 12 + 2, 2, {180, 90, 460, 125, 12, 45, 24, 24}, {24, 24}, 100};
  }
  std::abort();
}

HandshakeFloor::HandshakeFloor(ProtocolVersion version) : shape_(shape_of(version)), server_key_(bench::server_key()) {
  const Certificate certificate = server_certificate();
  authority_key_.reset(X509_get_pubkey(authority_certificate().get()));
  const ASN1_BIT_STRING* signature = nullptr;
  X509_get0_signature(&signature, nullptr, certificate.get());
  certificate_signature_ = copy(signature);
  certificate_body_.resize(static_cast<std::size_t>(i2d_re_X509_tbs(certificate.get(), nullptr)));
  std::uint8_t* body = certificate_body_.data();
  i2d_re_X509_tbs(certificate.get(), &body);

  sha256_.reset(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  generator_.reset(EVP_PKEY_CTX_new_from_name(nullptr, "X25519", nullptr));
  must(EVP_PKEY_keygen_init(generator_.get()) == 1);
  const std::array<std::uint8_t, 32> base_point{9};
  peer_.reset(EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, base_point.data(), base_point.size()));
  for (Digest* digest : {&signer_, &verifier_, &authority_verifier_, &running_, &snapshot_}) digest->reset(EVP_MD_CTX_new());
  must(EVP_DigestSignInit_ex(signer_.get(), nullptr, "SHA256", nullptr, nullptr, server_key_.get(), nullptr) == 1);
  must(EVP_DigestVerifyInit_ex(verifier_.get(), nullptr, "SHA256", nullptr, nullptr, server_key_.get(), nullptr) == 1);
  must(EVP_DigestVerifyInit_ex(authority_verifier_.get(), nullptr, "SHA256", nullptr, nullptr, authority_key_.get(), nullptr) ==
       1);
  const Owned<EVP_MAC, EVP_MAC_free> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  hmac_.reset(EVP_MAC_CTX_new(mac.get()));
  char name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                   OSSL_PARAM_construct_end()};
  must(EVP_MAC_CTX_set_params(hmac_.get(), parameters) == 1);
  const Owned<EVP_CIPHER, EVP_CIPHER_free> cipher(EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr));
  for (Cipher* context : {&seal_, &open_}) {
    context->reset(EVP_CIPHER_CTX_new());
    must(EVP_CipherInit_ex2(context->get(), cipher.get(), bytes_.data(), nullptr, context == &seal_, nullptr) == 1);
  }
}

void HandshakeFloor::run() {
  exchange_keys();
  sign_and_verify();
  for (int side = 0; side < 2; ++side) hash_transcript();
  derive_secrets();
  for (const int flight_bytes : shape_.protected_flight_bytes) protect(flight_bytes);
}

void HandshakeFloor::exchange_keys() {
  for (int side = 0; side < 2; ++side) {
    EVP_PKEY* made = nullptr;
    must(EVP_PKEY_generate(generator_.get(), &made) == 1);
    const Key own(made);
    std::array<std::uint8_t, 32> key;
    std::size_t key_bytes = key.size();
    must(EVP_PKEY_get_raw_public_key(made, key.data(), &key_bytes) == 1);
    must(EVP_PKEY_set1_encoded_public_key(peer_.get(), key.data(), key.size()) == 1);
    const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr));
    must(EVP_PKEY_derive_init(context.get()) == 1 && EVP_PKEY_derive_set_peer_ex(context.get(), peer_.get(), 0) == 1 &&
         EVP_PKEY_derive(context.get(), key.data(), &key_bytes) == 1);
  }
}

void HandshakeFloor::sign_and_verify() {
  const auto content_bytes = static_cast<std::size_t>(shape_.signed_bytes);
  const Digest signer(EVP_MD_CTX_new()), verifier(EVP_MD_CTX_new());
  signature_.resize(80);
  std::size_t signature_bytes = signature_.size();
  must(EVP_MD_CTX_copy_ex(signer.get(), signer_.get()) == 1 &&
       EVP_DigestSign(signer.get(), signature_.data(), &signature_bytes, bytes_.data(), content_bytes) == 1);
  must(EVP_MD_CTX_copy_ex(verifier.get(), verifier_.get()) == 1 &&
       EVP_DigestVerify(verifier.get(), signature_.data(), signature_bytes, bytes_.data(), content_bytes) == 1);
  must(EVP_MD_CTX_copy_ex(verifier.get(), authority_verifier_.get()) == 1 &&
       EVP_DigestVerify(verifier.get(), certificate_signature_.data(), certificate_signature_.size(), certificate_body_.data(),
                        certificate_body_.size()) == 1);
}

void HandshakeFloor::hash_transcript() {
  must(EVP_DigestInit_ex2(running_.get(), sha256_.get(), nullptr) == 1);
  for (const int size_bytes : shape_.message_bytes)
    must(EVP_DigestUpdate(running_.get(), bytes_.data(), static_cast<std::size_t>(size_bytes)) == 1);
  for (int value = 0; value < shape_.transcript_values_per_side; ++value) {
    must(EVP_MD_CTX_copy_ex(snapshot_.get(), running_.get()) == 1 &&
         EVP_DigestFinal_ex(snapshot_.get(), sealed_.data(), nullptr) == 1);
  }
}

void HandshakeFloor::derive_secrets() {
  constexpr std::size_t secret_bytes = 32, label_bytes = 50;
  for (int i = 0; i < shape_.hmacs; ++i) {
    std::size_t mac_bytes = 0;
    must(EVP_MAC_init(hmac_.get(), sealed_.data(), secret_bytes, nullptr) == 1 &&
         EVP_MAC_update(hmac_.get(), bytes_.data(), label_bytes) == 1 &&
         EVP_MAC_final(hmac_.get(), sealed_.data(), &mac_bytes, sealed_.size()) == 1);
  }
}

void HandshakeFloor::protect(int flight_bytes) {
  int written = 0;
  std::array<std::uint8_t, tag_bytes> tag;
  const std::uint8_t* const key = bytes_.data();
  must(EVP_CipherInit_ex2(seal_.get(), nullptr, key, key, 1, nullptr) == 1 &&
       EVP_CipherUpdate(seal_.get(), nullptr, &written, bytes_.data(), 5) == 1 &&
       EVP_CipherUpdate(seal_.get(), sealed_.data(), &written, bytes_.data(), flight_bytes) == 1 &&
       EVP_CipherFinal_ex(seal_.get(), tag.data(), &written) == 1 &&
       EVP_CIPHER_CTX_ctrl(seal_.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes, tag.data()) == 1);
  must(EVP_CipherInit_ex2(open_.get(), nullptr, key, key, 0, nullptr) == 1 &&
       EVP_CIPHER_CTX_ctrl(open_.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag.data()) == 1 &&
       EVP_CipherUpdate(open_.get(), nullptr, &written, bytes_.data(), 5) == 1 &&
       EVP_CipherUpdate(open_.get(), sealed_.data(), &written, sealed_.data(), flight_bytes) == 1 &&
       EVP_CipherFinal_ex(open_.get(), tag.data(), &written) == 1);
}

// RFC 9846 5.2: the header is authenticated, the type encrypted. RFC 5246 6.2.3.3: a number, type, version and length.
RawAead::RawAead(ProtocolVersion version)
    : seal_(EVP_CIPHER_CTX_new()),
      open_(EVP_CIPHER_CTX_new()),
      additional_data_bytes_(version == ProtocolVersion::tls13 ? 5 : 13),
      type_bytes_(version == ProtocolVersion::tls13 ? 1 : 0) {
  const Owned<EVP_CIPHER, EVP_CIPHER_free> cipher(EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr));
  const std::array<std::uint8_t, 16> key{};
  must(EVP_CipherInit_ex2(seal_.get(), cipher.get(), key.data(), nullptr, 1, nullptr) == 1 &&
       EVP_CipherInit_ex2(open_.get(), cipher.get(), key.data(), nullptr, 0, nullptr) == 1);
}

void RawAead::seal(const std::uint8_t* in, int size_bytes, std::uint8_t* out) {
  ++nonce_[0];
  int written = 0;
  must(EVP_CipherInit_ex2(seal_.get(), nullptr, nullptr, nonce_.data(), 1, nullptr) == 1 &&
       EVP_CipherUpdate(seal_.get(), nullptr, &written, additional_data_.data(), additional_data_bytes_) == 1 &&
       EVP_CipherUpdate(seal_.get(), out, &written, in, size_bytes) == 1 &&
       EVP_CipherFinal_ex(seal_.get(), out + size_bytes, &written) == 1 &&
       EVP_CIPHER_CTX_ctrl(seal_.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes, out + size_bytes) == 1);
}

void RawAead::open(std::uint8_t* in, int size_bytes, std::uint8_t* out) {
  int written = 0;
  must(EVP_CipherInit_ex2(open_.get(), nullptr, nullptr, nonce_.data(), 0, nullptr) == 1 &&
       EVP_CIPHER_CTX_ctrl(open_.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes, in + size_bytes) == 1 &&
       EVP_CipherUpdate(open_.get(), nullptr, &written, additional_data_.data(), additional_data_bytes_) == 1 &&
       EVP_CipherUpdate(open_.get(), out, &written, in, size_bytes) == 1 &&
       EVP_CipherFinal_ex(open_.get(), out + size_bytes, &written) == 1);
}

}  // namespace tocsin::bench
