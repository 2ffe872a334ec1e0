#include "harnesses/differential/public_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "harnesses/stacks/openssl/context.h"

namespace tocsin::differential {
namespace {

using stacks::OpenSslPtr;
using KeyPtr = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;

bool is_point(const char* curve, ByteView key) {
  const OpenSslPtr<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(OBJ_sn2nid(curve)));
  const OpenSslPtr<EC_POINT, EC_POINT_free> point(EC_POINT_new(group.get()));
  // RFC 9846 4.3.8.2: uncompressed only.
  return !key.empty() && key[0] == 4 && EC_POINT_oct2point(group.get(), point.get(), key.data(), key.size(), nullptr) == 1;
}

// RFC 9846 7.4.2: the shared secret may not be all zeros, with whatever private key.
bool is_usable_x25519(ByteView key) {
  if (key.size() != 32) return false;
  const std::uint8_t any_private_key[32] = {8};
  const KeyPtr ours(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, any_private_key, sizeof any_private_key));
  const KeyPtr theirs(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, key.data(), key.size()));
  const OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> derivation(EVP_PKEY_CTX_new(ours.get(), nullptr));
  std::uint8_t secret[32];
  std::size_t secret_bytes = sizeof secret;
  return EVP_PKEY_derive_init(derivation.get()) == 1 && EVP_PKEY_derive_set_peer(derivation.get(), theirs.get()) == 1 &&
         EVP_PKEY_derive(derivation.get(), secret, &secret_bytes) == 1;
}

}  // namespace

bool is_public_key(NamedGroup group, ByteView key) {
  switch (group) {
    case NamedGroup::secp256r1:
      return is_point("prime256v1", key);
    case NamedGroup::secp384r1:
      return is_point("secp384r1", key);
    case NamedGroup::x25519:
      return is_usable_x25519(key);
  }
  return true;
}

}  // namespace tocsin::differential
