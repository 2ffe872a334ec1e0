#include "harnesses/scenarios/judged.h"

#include <algorithm>

namespace tocsin::harness {
namespace {

struct Target {
  std::string_view name;
  Judged (*of_tocsin)(const Input&);
  Judged (*of_openssl)(const Input&);  // null: OpenSSL is not tried
};
constexpr Target targets[] = {
    {"server_first_flight", server_first_flight_of_tocsin, server_first_flight_of_openssl},
    {"client_first_flight", client_first_flight_of_tocsin, client_first_flight_of_openssl},
    {"client_script", client_script_of_tocsin, client_script_of_openssl},
    {"server_script", server_script_of_tocsin, server_script_of_openssl},
    {"dtls_listen_openssl", dtls_listen_openssl_of_tocsin, dtls_listen_openssl_of_openssl},
    {"dtls_listen", dtls_listen_of_tocsin, nullptr},
};

const Target& target_of(std::string_view name) {
  const auto* found = std::ranges::find(targets, name, &Target::name);
  if (found == std::end(targets)) std::abort();  // a rule names a target that is not listed above
  return *found;
}

}  // namespace

Judged judged_for_tocsin(std::string_view target, const Input& input) { return target_of(target).of_tocsin(input); }

std::optional<Judged> judged_for_openssl(std::string_view target, const Input& input) {
  const Target& one = target_of(target);
  if (one.of_openssl == nullptr) return std::nullopt;
  return one.of_openssl(input);
}

}  // namespace tocsin::harness
