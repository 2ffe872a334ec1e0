#include "harnesses/differential/rules/tls12_server_flight.h"

#include <algorithm>

#include "core/base/reader.h"
#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/x509.h"

namespace tocsin::rules {
namespace {

using dissect::Message;
using Judged = std::optional<std::vector<Fault>>;

// That of the test's authority for localhost, over P-256 and signed with ecdsa_secp256r1_sha256.
bool is_trusted_by(const ClientOffer& offer, ByteView own) {
  static const Bytes trusted = differential::certificate_named("server-ecdsa-p256");
  constexpr std::uint64_t p256 = 23, ecdsa_secp256r1_sha256 = 0x0403;
  return offer.server_name == "localhost" && has(offer.groups, p256) && has(offer.schemes, ecdsa_secp256r1_sha256) &&
         std::ranges::equal(own, trusted);
}

bool is_to_be_refused(const Fault& fault) { return row_of(fault.rule).level == Level::must_refuse; }

Fault fault_in(const Message& message, Rule rule) { return {rule, message.node.value, message.node.offset}; }

struct CertificateSeen {
  std::vector<Fault> faults;
  std::vector<ByteView> chain;
};

CertificateSeen read_certificate(const Message& message) {
  CertificateSeen seen;
  const auto add = [&](Rule rule) { seen.faults.push_back(fault_in(message, rule)); };
  Reader body(message.body), list(body.vector24());
  while (!list.empty()) {
    const ByteView entry = list.vector24();
    if (!list.failed()) seen.chain.push_back(entry);
  }
  const bool has_empty = std::ranges::any_of(seen.chain, [](ByteView entry) { return entry.empty(); });
  const bool is_malformed = !seen.chain.empty() && !seen.chain[0].empty() && !differential::is_certificate(seen.chain[0]);
  if (!body.done() || list.failed()) add(Rule::tls12_certificate_syntax);
  if (has_empty) add(Rule::tls12_certificate_empty);
  if (is_malformed) add(Rule::tls12_certificate_malformed);
  if (body.done() && !list.failed() && seen.chain.empty()) add(Rule::tls12_certificate_list_empty);
  if (seen.chain.size() > 1) add(Rule::tls12_certificates_more);
  return seen;
}

Judged read_key_exchange(const Message& message, const ClientOffer& offer) {
  constexpr std::uint8_t named_curve = 3;
  const auto only = [&](Rule rule) { return std::vector{fault_in(message, rule)}; };
  Reader body(message.body);
  const std::uint8_t curve_type = body.u8();
  if (!body.failed() && curve_type != named_curve) return only(Rule::tls12_curve_type);
  const std::uint16_t group = body.u16();
  const ByteView point = body.vector8();
  const std::uint16_t scheme = body.u16();
  const bool has_scheme = !body.failed();
  body.vector16();
  // What is wrong besides may be found before the message's end is reached.
  std::vector<Fault> faults;
  const auto add_if = [&](bool is_broken, Rule rule) {
    if (is_broken) faults.push_back(fault_in(message, rule));
  };
  add_if(!body.done(), Rule::tls12_key_exchange_syntax);
  if (message.body.size() < 3) return faults;
  add_if(!has(offer.groups, group), Rule::tls12_group_not_offered);
  if (!has_scheme) return faults;
  add_if(point.empty(), Rule::tls12_point_empty);
  constexpr std::uint16_t ecdsa = 3;  // RFC 5246 7.4.1.4.1: the low byte of a scheme; the certificate's key is one for it
  add_if(!has(offer.schemes, scheme), Rule::tls12_scheme_not_offered);
  add_if((scheme & 0xff) != ecdsa, Rule::tls12_scheme_of_another_key);
  return faults.empty() ? std::nullopt : Judged(faults);  // the signature is over the client's random
}

bool names_ecdsa(std::uint64_t suite) { return suite == 0xc02b || suite == 0xc02c || suite == 0xcca9; }

}  // namespace

std::optional<std::vector<Fault>> read_hello_requests(std::span<const Message> messages) {
  const auto message = std::ranges::find_if(
      messages, [](const Message& one) { return one.type != hello_request || !one.is_whole || !one.body.empty(); });
  if (message == messages.end() || message->type != hello_request) return std::nullopt;
  Fault fault = fault_in(*message, Rule::hello_request_not_empty);
  fault.may_pass = !message->is_whole;
  return std::vector{fault};
}

std::optional<std::vector<Fault>> read_tls12_server_flight(std::span<const Message> messages, std::uint64_t suite,
                                                           const ClientOffer& offer) {
  if (messages.empty()) return std::vector<Fault>{};
  if (messages[0].type == hello_request) return read_hello_requests(messages);
  if (!messages[0].is_whole) return std::nullopt;
  if (messages[0].type != certificate) return std::vector{fault_in(messages[0], Rule::tls12_certificate_expected)};
  const CertificateSeen seen = read_certificate(messages[0]);
  if (std::ranges::any_of(seen.faults, is_to_be_refused)) return seen.faults;
  if (!names_ecdsa(suite) || !is_trusted_by(offer, seen.chain[0])) return std::nullopt;
  if (messages.size() == 1) return seen.faults;
  const bool is_hello_request = messages[1].type == hello_request;
  if (!messages[1].is_whole && !is_hello_request) return std::nullopt;
  Judged faults = is_hello_request ? read_hello_requests(messages.subspan(1))
                  : messages[1].type == server_key_exchange
                      ? read_key_exchange(messages[1], offer)
                      : std::vector{fault_in(messages[1], Rule::tls12_key_exchange_expected)};
  if (faults) faults->insert(faults->end(), seen.faults.begin(), seen.faults.end());
  return faults;
}

}  // namespace tocsin::rules
