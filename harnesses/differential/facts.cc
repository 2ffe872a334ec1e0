#include "harnesses/differential/facts.h"

#include <algorithm>

#include "core/wire/extensions.h"
#include "harnesses/differential/client_hello_faults.h"
#include "harnesses/differential/server_hello_faults.h"

namespace tocsin::differential {
namespace {

bool went_on(const Verdict& one, const Verdict& other) {
  return other.end == End::rejected &&
         (one.end == End::waiting || (one.retried && !other.retried) || (one.answered && !other.answered));
}

}  // namespace

InputFacts::InputFacts(const Case& seen) : flight(read_flight(seen.input)) {
  bool ends_its_record = true;
  const bool is_server = seen.role == stacks::Role::server;
  const auto hello_type = is_server ? HandshakeType::client_hello : HandshakeType::server_hello;
  for (const MessageSeen& message : flight.messages) {
    if (message.type != hello_type) continue;
    if (hello && !(seen.tocsin.retried && seen.openssl.retried)) break;
    first_hello = std::move(hello);
    ends_its_record = message.ends_its_record;
    hello = is_server ? read_client_hello(message.body) : read_server_hello(message.body);
    if (first_hello) break;
  }
  if (!hello) return;
  // RFC 9846 5.1: the keys change between a ClientHello and its ServerHello, and behind that; not at a retry.
  faults.add_if(!ends_its_record && (is_server || !is_taken_for_retry(*hello)), AlertDescription::unexpected_message);
  const HelloSeen* const first = first_hello ? &*first_hello : nullptr;
  if (is_server) {
    faults.add(faults_of_client_hello(*hello, first, seen.config));
    faults_for_openssl_only = differential::faults_for_openssl_only(*hello, seen.config);
  } else {
    faults.add(faults_of_server_hello(*hello, {seen.config, seen.session_id, first}));
  }
}

Facts::Facts(const Case& seen, const InputFacts& input)
    : compared(seen),
      tocsin(seen.tocsin),
      openssl(seen.openssl),
      flight(input.flight),
      first_hello(input.first_hello),
      hello(input.hello),
      faults(input.faults),
      faults_for_openssl_only(input.faults_for_openssl_only) {}

bool Facts::openssl_rejects(AlertDescription description) const {
  return openssl.end == End::rejected && openssl.alert && openssl.alert->description == static_cast<std::uint8_t>(description);
}

bool Facts::alerts_differ() const {
  return tocsin.alert && openssl.alert && tocsin.alert->description != openssl.alert->description;
}

bool Facts::openssl_went_on() const { return went_on(openssl, tocsin); }
bool Facts::tocsin_went_on() const { return went_on(tocsin, openssl); }

bool Facts::is_before_any_answer() const {
  return !tocsin.answered && !openssl.answered && !tocsin.retried && !openssl.retried;
}

bool Facts::has_record(ContentType type) const {
  return std::ranges::any_of(flight.records, [&](const dissect::RecordView& record) { return record.type == type; });
}

bool Facts::has_alert(AlertDescription description) const {
  return std::ranges::any_of(flight.records, [&](const dissect::RecordView& record) {
    return record.holds_two_byte_alert() && record.fragment[1] == static_cast<std::uint8_t>(description);
  });
}

bool Facts::is_tls12() const {
  if (compared.role == stacks::Role::server)
    return tocsin.version == ProtocolVersion::tls12 || openssl.version == ProtocolVersion::tls12;
  return hello && stacks::speaks(compared.config, ProtocolVersion::tls12) &&
         extension(static_cast<std::uint16_t>(wire::ExtensionType::supported_versions)) == nullptr;
}

}  // namespace tocsin::differential
