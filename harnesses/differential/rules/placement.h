#pragma once
// The table of RFC 9846 4.3, and what of it every stack has to know.
#include <algorithm>
#include <cstdint>

namespace tocsin::rules {

/// The messages of TLS 1.3 that carry extensions, a bit each.
enum Carriers : unsigned {
  in_client_hello = 1,
  in_server_hello = 2,
  in_encrypted_extensions = 4,
  in_certificate = 8,
  in_certificate_request = 16,
  in_new_session_ticket = 32,
  in_retry = 64,
};

struct Placement {
  std::uint64_t extension;
  unsigned carriers;
};
inline constexpr Placement placements[] = {
    {0, in_client_hello | in_encrypted_extensions | in_certificate_request},
    {1, in_client_hello | in_encrypted_extensions},  // RFC 6066 4, which section 4.3 leaves out
    {5, in_client_hello | in_certificate_request | in_certificate},
    {10, in_client_hello | in_encrypted_extensions},
    {13, in_client_hello | in_certificate_request},
    {14, in_client_hello | in_encrypted_extensions},
    {15, in_client_hello | in_encrypted_extensions},
    {16, in_client_hello | in_encrypted_extensions},
    {18, in_client_hello | in_certificate_request | in_certificate},  // RFC 8446 4.2
    {19, in_client_hello | in_encrypted_extensions},
    {20, in_client_hello | in_encrypted_extensions},
    {21, in_client_hello},
    {27, in_client_hello | in_certificate_request},
    {28, in_client_hello | in_encrypted_extensions},
    {34, in_client_hello | in_certificate_request | in_certificate},
    {39, in_client_hello | in_encrypted_extensions},
    {41, in_client_hello | in_server_hello},
    {42, in_client_hello | in_encrypted_extensions | in_new_session_ticket},
    {43, in_client_hello | in_server_hello | in_retry},
    {44, in_client_hello | in_retry},
    {45, in_client_hello},
    {47, in_client_hello | in_certificate_request},
    {48, in_certificate_request},
    {49, in_client_hello},
    {50, in_client_hello | in_certificate_request},
    {51, in_client_hello | in_server_hello | in_retry},
    {52, in_client_hello | in_certificate_request | in_certificate},
    {55, in_client_hello | in_encrypted_extensions},
    {56, in_client_hello | in_encrypted_extensions},
    {57, in_client_hello | in_encrypted_extensions},
    {58, in_client_hello | in_encrypted_extensions},
    {64768, in_client_hello},
    {65037, in_client_hello | in_retry | in_encrypted_extensions},
    // Of TLS 1.2 alone.
    {11, in_client_hello},
    {12, in_client_hello},
    {17, in_client_hello},
    {22, in_client_hello},
    {23, in_client_hello},
    {35, in_client_hello},
    {54, in_client_hello},
    {0xff01, in_client_hello},
};

/// Null: an extension that the RFCs do not know, or not in TLS 1.3.
inline const Placement* placement_of(std::uint64_t extension) {
  const auto* found = std::ranges::find(placements, extension, &Placement::extension);
  return found == std::end(placements) ? nullptr : found;
}

inline bool may_stand(std::uint64_t extension, Carriers carrier) {
  const Placement* placement = placement_of(extension);
  return placement != nullptr && (placement->carriers & carrier) != 0;
}

/// RFC 9846 9.2: mandatory to implement.
inline bool is_known_to_all(std::uint64_t extension) {
  constexpr std::uint64_t known[] = {0, 10, 13, 43, 44, 50, 51};
  return std::ranges::find(known, extension) != std::end(known);
}

}  // namespace tocsin::rules
