#include "harnesses/scenarios/sent_flight.h"

#include "core/record/header.h"
#include "harnesses/differential/rules/client_flight.h"
#include "harnesses/differential/rules/judge.h"
#include "harnesses/differential/rules/server_hello.h"
#include "harnesses/dissect/dissect.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {
namespace {

/// The handshake records with which a flight begins: none is protected before the ServerHello is through.
ByteView plaintext_of(ByteView sent) {
  ByteView rest = sent;
  std::size_t plain_bytes = 0;
  while (const auto record = dissect::take_record(rest)) {
    if (record->type != ContentType::handshake) break;
    plain_bytes += record->bytes.size();
  }
  return sent.first(plain_bytes);
}

void require_unbroken(const rules::Reading& reading, std::string_view sender) {
  const bool is_broken = rules::must_be_refused(reading);
  check(Invariant::sent_messages_break_no_rule, !is_broken,
        is_broken ? std::string(sender) + "\n" + rules::describe(reading) : std::string());
}

Bytes in_a_record(ByteView message) {
  const auto header = record::make_header(ContentType::handshake, 0x0303, message.size());
  Bytes record(header.begin(), header.end());
  append(record, message);
  return record;
}

}  // namespace

void check_flight_of_server(ByteView sent, ByteView received) {
  const ByteView plain = plaintext_of(sent);
  if (plain.empty()) return;
  const auto offer = rules::read_client_offer(dissect::dissect_records(received).stream);
  if (!offer) return;
  auto reading = rules::read_server_flight(plain, *offer);
  // Not all can be judged without keys: then the hello alone.
  if (!reading) {
    const Bytes messages = dissect::dissect_records(plain).stream;
    ByteView stream = messages;
    if (const auto hello = dissect::take_message(stream))
      reading = rules::read_server_flight(in_a_record(hello->bytes), *offer);
  }
  if (reading) require_unbroken(*reading, "a server");
}

void check_flight_of_client(ByteView sent) {
  stacks::PeerConfig server;
  server.versions = {ProtocolVersion::tls13, ProtocolVersion::tls12};
  server.client_authentication = ClientAuthentication::optional;
  const ByteView plain = plaintext_of(sent);
  if (plain.empty()) return;
  rules::Reading reading = rules::read_client_flight(plain, server);
  // This server has one key of those that there are, and a client need not know its scheme.
  std::erase_if(reading.faults, [](const rules::Fault& fault) { return fault.rule == rules::Rule::scheme_none_in_common; });
  require_unbroken(reading, "a client");
}

}  // namespace tocsin::harness
