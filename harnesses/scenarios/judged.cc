#include "harnesses/scenarios/judged.h"

#include <algorithm>

#include "harnesses/checkers/traced_peer.h"

namespace tocsin::harness {
namespace {

struct Target {
  std::string_view name;
  Judged (*of_tocsin)(const Input&);
  Judged (*of_stack)(stacks::Stack&, const Input&);  // null: of datagrams, and no other stack is behind this interface
};
constexpr Target targets[] = {
    {"server_first_flight", server_first_flight_of_tocsin, server_first_flight_of},
    {"client_first_flight", client_first_flight_of_tocsin, client_first_flight_of},
    {"client_script", client_script_of_tocsin, client_script_of},
    {"server_script", server_script_of_tocsin, server_script_of},
    {"dtls_listen_openssl", dtls_listen_openssl_of_tocsin, nullptr},
    {"dtls_listen", dtls_listen_of_tocsin, nullptr},
};

const Target& target_of(std::string_view name) {
  const auto* found = std::ranges::find(targets, name, &Target::name);
  if (found == std::end(targets)) std::abort();  // a rule names a target that is not listed above
  return *found;
}

}  // namespace

Judged judged_end(const stacks::Peer& end, std::optional<rules::Reading> reading, differential::Verdict verdict) {
  const bool has_failed = end.status() == stacks::Status::failed;
  verdict.peer = nullptr;
  const bool is_unreadable = !verdict.alert && end.may_have_sent_alert();
  return {std::move(reading), std::move(verdict), is_unreadable, has_failed ? end.failure() : std::string()};
}

Judged judged_for_tocsin(std::string_view target, const Input& input) { return target_of(target).of_tocsin(input); }

std::optional<Judged> judged_for(stacks::Stack& stack, std::string_view target, const Input& input) {
  const Target& one = target_of(target);
  if (one.of_stack == nullptr) return std::nullopt;
  return one.of_stack(stack, input);
}

std::optional<Judged> judged_for_openssl(std::string_view target, const Input& input) {
  if (target == "dtls_listen_openssl") return dtls_listen_openssl_of_openssl(input);
  return judged_for(openssl_stack(), target, input);
}

}  // namespace tocsin::harness
