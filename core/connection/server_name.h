#pragma once
// What a caller may give as a server's name.
#include <string_view>

namespace tocsin {

/// An address in text form; whether it is a good one is the verifier's to say.
bool looks_like_address(std::string_view name);
/// Of the characters and lengths of a host name.
bool is_host_name(std::string_view name);

}  // namespace tocsin
