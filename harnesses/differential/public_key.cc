#include "harnesses/differential/public_key.h"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <array>

#include "harnesses/stacks/openssl/context.h"

namespace tocsin::differential {
namespace {

using stacks::OpenSslPtr;
using GroupPtr = OpenSslPtr<EC_GROUP, EC_GROUP_free>;

GroupPtr make_group(int name) {
  stacks::set_up_libcrypto();
  return GroupPtr(EC_GROUP_new_by_curve_name(name));
}

bool is_point(const GroupPtr& group, ByteView key) {
  const OpenSslPtr<EC_POINT, EC_POINT_free> point(EC_POINT_new(group.get()));
  // RFC 9846 4.3.8.2: uncompressed only.
  return !key.empty() && key[0] == 4 && EC_POINT_oct2point(group.get(), point.get(), key.data(), key.size(), nullptr) == 1;
}

// RFC 9846 7.4.2: the shared secret may not be all zeros, with whatever private key. RFC 7748 6.1: it is for the points whose
// order divides the cofactor of 8, on the curve or on its twist, by their u-coordinates here. Two of them have a second form,
// as RFC 7748 5 takes what is not below the prime.
using Coordinate = std::array<std::uint8_t, 32>;
constexpr Coordinate around_prime(std::uint8_t lowest_byte) {
  Coordinate coordinate;
  coordinate.fill(0xff);
  coordinate.front() = lowest_byte;
  coordinate.back() = 0x7f;
  return coordinate;
}
constexpr Coordinate of_small_order[] = {
    {0},                 // order 2
    {1},                 // order 4, on the twist
    around_prime(0xec),  // -1, order 4
    around_prime(0xed),  // 0
    around_prime(0xee),  // 1
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
     0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},  // order 8
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
     0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},  // order 8
};

bool is_usable_x25519(ByteView key) {
  Coordinate coordinate;
  if (key.size() != coordinate.size()) return false;
  std::ranges::copy(key, coordinate.begin());
  coordinate.back() &= 0x7f;  // RFC 7748 5: the highest bit does not count
  return std::ranges::count(of_small_order, coordinate) == 0;
}

}  // namespace

bool is_public_key(NamedGroup group, ByteView key) {
  static const GroupPtr secp256r1 = make_group(NID_X9_62_prime256v1);
  static const GroupPtr secp384r1 = make_group(NID_secp384r1);
  switch (group) {
    case NamedGroup::secp256r1:
      return is_point(secp256r1, key);
    case NamedGroup::secp384r1:
      return is_point(secp384r1, key);
    case NamedGroup::x25519:
      return is_usable_x25519(key);
  }
  return true;
}

}  // namespace tocsin::differential
