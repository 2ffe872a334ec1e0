#pragma once
// The floor: the operations of libcrypto that a handshake or a record cannot do without, with every object made beforehand.
// X25519, ECDSA P-256 and AES-128-GCM, a chain of one certificate below its authority, both sides.
#include <array>
#include <cstdint>
#include <vector>

#include "harnesses/bench/keys.h"
#include "tocsin/algorithms.h"

namespace tocsin::bench {

/// What a handshake takes beside 2 key generations, 2 derivations, 1 signature and 2 verifications.
struct HandshakeShape {
  int hmacs;                                // of both sides
  int transcript_values_per_side;           // digests of the messages so far
  std::vector<int> message_bytes;           // that each side hashes
  std::vector<int> protected_flight_bytes;  // that one side seals and the other opens
  int signed_bytes;                         // by the server
};
HandshakeShape shape_of(ProtocolVersion version);

class HandshakeFloor {
 public:
  explicit HandshakeFloor(ProtocolVersion version);
  void run();

 private:
  using Digest = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
  using Cipher = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

  void exchange_keys();
  void sign_and_verify();
  void hash_transcript();
  void derive_secrets();
  void protect(int flight_bytes);

  HandshakeShape shape_;
  Key server_key_, authority_key_, peer_;
  std::vector<std::uint8_t> certificate_body_, certificate_signature_, signature_;
  Owned<EVP_MD, EVP_MD_free> sha256_;
  Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> generator_;
  Digest signer_, verifier_, authority_verifier_, running_, snapshot_;
  Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> hmac_;
  Cipher seal_, open_;
  std::array<std::uint8_t, 2048> bytes_{}, sealed_{};
};

/// One direction of bare AES-128-GCM, as records use it: a nonce each, additional data, a tag of 16 bytes behind.
class RawAead {
 public:
  explicit RawAead(ProtocolVersion version);
  /// How long what is sealed is for so much content.
  int inner_bytes(int content_bytes) const { return content_bytes + type_bytes_; }
  /// out: size_bytes + 16.
  void seal(const std::uint8_t* in, int size_bytes, std::uint8_t* out);
  /// in: size_bytes + 16.
  void open(std::uint8_t* in, int size_bytes, std::uint8_t* out);

 private:
  Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> seal_, open_;
  std::array<std::uint8_t, 12> nonce_{};
  std::array<std::uint8_t, 13> additional_data_{};
  int additional_data_bytes_, type_bytes_;
};

}  // namespace tocsin::bench
