#pragma once
// What unit tests ask of scenarios, beyond what the fuzz targets do.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <utility>

#include "core/base/writer.h"
#include "harnesses/differential/rules/fault.h"
#include "harnesses/differential/verdict.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/stacks/stack.h"

namespace tocsin::harness {

/// A file of the corpus: "server_first_flight/empty". Unit tests run in the source tree.
inline Bytes corpus_file(const std::string& name) {
  std::ifstream file("corpus/" + name, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "there is no corpus/%s\n", name.c_str());
    std::abort();
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The input that holds these options, 31 at most, and this body.
inline Bytes make_input(std::initializer_list<std::pair<Tag, std::uint8_t>> options, ByteView body) {
  Bytes out;
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(options.size()));
  for (const auto& [tag, value] : options) {
    writer.u8(static_cast<std::uint8_t>(tag));
    writer.u8(value);
  }
  writer.bytes(body);
  return out;
}

/// What tocsin alone makes of an input of server_first_flight and of client_first_flight.
differential::Verdict server_verdict(const Input& input);
differential::Verdict client_verdict(const Input& input);

/// What a stack makes of an input, and which rules that breaks for it, if there are rules about it.
struct Judged {
  std::optional<rules::Reading> reading;
  differential::Verdict verdict;
  // Of a stack that is known by what comes out of it:
  bool is_alert_unreadable = false;  // where it refuses, the alert that is not in the verdict may be in a protected record
  std::string words{};               // its own, where it failed
};
/// target: whose input it is, of those that rules belong to.
Judged judged_for_tocsin(std::string_view target, const Input& input);
/// Of any stack. Nothing for targets of datagrams. Throws stacks::Unsupported.
std::optional<Judged> judged_for(stacks::Stack& stack, std::string_view target, const Input& input);
/// Nothing where OpenSSL is not tried.
std::optional<Judged> judged_for_openssl(std::string_view target, const Input& input);

/// What tocsin does with the records of an input of dtls_listen_openssl, in order: the DiscardReason or hello_verify_request;
/// joined by a space.
std::string listen_outcome(const Input& input);

}  // namespace tocsin::harness
