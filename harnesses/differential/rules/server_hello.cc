#include "harnesses/differential/rules/server_hello.h"

#include <algorithm>

#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/rules/judge.h"
#include "harnesses/differential/rules/server_hello_reader.h"
#include "harnesses/differential/rules/tls12_server_flight.h"
#include "harnesses/dissect/dissect.h"
#include "harnesses/dissect/records.h"

namespace tocsin::rules {
namespace {

using dissect::Message;

// What handshake records hold, up to the first record that no rule here is about.
struct Stream {
  Bytes bytes;
  std::vector<std::size_t> record_ends;      // in the bytes
  std::vector<std::size_t> dropped_records;  // where in the bytes a change_cipher_spec of TLS 1.3 stood
  std::size_t begun_record_bytes = 0;        // of one behind them that is not whole, by its header
  bool is_all = true;
};

Stream read_stream(ByteView records) {
  constexpr std::size_t stream_bytes_max = 0x4000, dropped_max = 4;  // more than that nobody need take
  Stream stream;
  const auto is_sound = [&](const dissect::RecordHeader& header) {
    return header.type == ContentType::handshake && header.version >> 8 >= 3 && header.length_bytes != 0 &&
           header.length_bytes <= 0x4000 && stream.bytes.size() + header.length_bytes <= stream_bytes_max;
  };
  while (const auto record = dissect::take_record(records)) {
    const bool is_dropped = record->type == ContentType::change_cipher_spec && record->version >> 8 >= 3 &&
                            record->fragment.size() == 1 && record->fragment[0] == 1 &&
                            stream.dropped_records.size() < dropped_max;
    if (!is_dropped && !is_sound(*record)) {
      stream.is_all = false;
      return stream;
    }
    if (is_dropped) {
      stream.dropped_records.push_back(stream.bytes.size());
    } else {
      append(stream.bytes, record->fragment);
      stream.record_ends.push_back(stream.bytes.size());
    }
  }
  // What is not whole yet can be refused by its header alone.
  const auto header = dissect::read_record_header(records);
  stream.is_all = !header || is_sound(*header);
  if (header) stream.begun_record_bytes = header->length_bytes;
  return stream;
}

class FlightReader {
 public:
  FlightReader(ByteView records, const ClientOffer& offer)
      : offer_(offer), stream_(read_stream(records)), document_(dissect::dissect_messages(stream_.bytes)) {}

  std::optional<Reading> read() {
    const auto& messages = document_.messages;
    if (!messages.empty() && messages[0].type == hello_request) return of_hello_requests();
    if (messages.empty() || !messages[0].is_whole) return std::nullopt;
    if (messages[0].type != server_hello) return of_another_message(messages[0]);
    if (!is_retry(messages[0], stream_.bytes)) return with_what_follows(read_hello(messages[0], nullptr));
    if (!speaks_tls13()) return of_unasked_retry(messages[0]);
    Reading retry = read_retry(messages[0], offer_);
    if (messages.size() == 1 || must_be_refused(retry)) return judged_to_end(0, std::move(retry));
    if (!messages[1].is_whole) return std::nullopt;
    if (!ends_its_record(messages[0]))
      retry.faults.push_back(
          {Rule::retry_shares_record, "HelloRetryRequest", messages[0].node.end(), false, {}, Progress{.retried = true}});
    const Retried settled = settled_by(messages[0]);
    const bool is_hello = messages[1].type == server_hello, is_second_retry = is_hello && is_retry(messages[1], stream_.bytes);
    Reading second = !is_hello         ? of_no_hello(messages[1], retry.version)
                     : is_second_retry ? read_retry(messages[1], offer_)
                                       : read_hello(messages[1], &settled);
    if (is_second_retry) second.faults.push_back({Rule::second_retry, "HelloRetryRequest", messages[1].node.offset});
    for (Fault& fault : second.faults) fault.at.retried = true;
    second.reached = Progress{.retried = true, .answered = is_hello && !is_second_retry};
    second.faults.insert(second.faults.begin(), retry.faults.begin(), retry.faults.end());
    return judged_to_end(1, std::move(second));
  }

 private:
  bool speaks_tls13() const { return has(offer_.versions, tls13_code); }
  bool ends_its_record(const Message& message) const {
    return std::ranges::find(stream_.record_ends, message.node.end()) != stream_.record_ends.end();
  }

  std::optional<Reading> of_another_message(const Message& message) const {
    if (!stream_.dropped_records.empty()) return std::nullopt;
    Reading reading;
    reading.faults.push_back({Rule::server_hello_expected, message.node.value, message.node.offset});
    reading.reached = Progress{};
    return reading;
  }

  // Behind a HelloRetryRequest.
  static Reading of_no_hello(const Message& message, std::optional<ProtocolVersion> version) {
    const Rule rule = message.type == hello_request ? Rule::hello_request : Rule::server_hello_expected;
    Reading reading;
    reading.faults.push_back({rule, message.node.value, message.node.offset});
    reading.version = version;
    return reading;
  }

  // What a client that offers TLS 1.2 alone ignores, if it is one.
  std::optional<Reading> of_hello_requests() const {
    if (speaks_tls13() || !stream_.dropped_records.empty()) return std::nullopt;
    auto faults = read_hello_requests(document_.messages);
    if (!faults) return std::nullopt;
    Reading reading;
    reading.faults = std::move(*faults);
    reading.version = ProtocolVersion::tls12;
    reading.reached = Progress{};
    reading.is_all_read = stream_.is_all;
    return reading;
  }

  // It may know a HelloRetryRequest, or take it for a ServerHello.
  std::optional<Reading> of_unasked_retry(const Message& hello) const {
    if (document_.messages.size() > 1) return std::nullopt;
    Reading reading = read_tls12_server_hello(hello, offer_);
    reading.faults.push_back({Rule::retry_to_client_of_tls12, "ServerHello.random", hello.node.offset});
    return judged_to_end(0, std::move(reading));
  }

  // RFC 9846 4.3.1: supported_versions tells the version.
  Reading read_hello(const Message& hello, const Retried* retried) const {
    const bool selects_by_extension =
        has(numbers_in(field_of(&hello.node, "extensions"), "extension_type"), supported_versions);
    if (selects_by_extension && speaks_tls13()) return read_tls13_server_hello(hello, offer_, retried);
    if (retried == nullptr && has(offer_.versions, tls12_code)) return read_tls12_server_hello(hello, offer_);
    return read_server_hello_of_no_version(hello, offer_, retried);
  }

  // hello: of the first message, which is no HelloRetryRequest.
  std::optional<Reading> with_what_follows(Reading hello) const {
    const auto& messages = document_.messages;
    const bool goes_further = messages.size() > 1 && hello.version == ProtocolVersion::tls12 && !must_be_refused(hello);
    if (!goes_further) return judged_to_end(0, std::move(hello));
    const dissect::Node& node = messages[0].node;
    if (!hello.faults.empty() || limits_records(messages[0])) return std::nullopt;
    const std::uint64_t suite = numbers_in(&node, "cipher_suite").at(0);
    auto faults = read_tls12_server_flight(std::span(messages).subspan(1), suite, offer_);
    if (!faults) return std::nullopt;
    hello.faults = std::move(*faults);
    const bool is_part_judged = std::ranges::any_of(hello.faults, [&](const Fault& fault) {
      return fault.rule == Rule::hello_request_not_empty && fault.offset == messages.back().node.offset;
    });
    const bool is_all = stream_.is_all && stream_.dropped_records.empty();
    if (!must_be_refused(hello) && !is_part_judged && !(is_all && messages.back().is_whole)) return std::nullopt;
    hello.is_all_read = is_all;
    return hello;
  }

  // last: the number of the last message that was read. What stands behind it there are no rules about; but where it must be
  // refused that makes no difference.
  std::optional<Reading> judged_to_end(std::size_t last, Reading reading) const {
    const Message& message = document_.messages[last];
    const std::size_t end = message.node.end();
    const bool is_of_tls13 = reading.version == ProtocolVersion::tls13;
    for (const std::size_t place : stream_.dropped_records) {
      const bool is_between = place == 0 || (last == 1 && place == document_.messages[0].node.end());
      if (place >= end) continue;
      if (!is_between || !is_of_tls13) return std::nullopt;
      if (place == 0) reading.faults.push_back({Rule::change_cipher_spec_before_hello, "change_cipher_spec", 0});
    }
    const bool is_hello = reading.reached && reading.reached->answered;
    if (is_hello && is_of_tls13 && !ends_its_record(message))
      reading.faults.push_back(
          {Rule::server_hello_shares_record, "ServerHello", end, false, {.retried = last != 0}, reading.reached});
    if (reading.version == ProtocolVersion::tls12 && limits_records(message) && !must_be_refused(reading)) {
      const std::uint64_t agreed = numbers_in(field_of(&message.node, "extensions"), "max_fragment_length").at(0);
      if (stream_.begun_record_bytes > std::size_t{256} << agreed)
        reading.faults.push_back({Rule::record_longer_than_agreed, "length", end, true});
    }
    const bool is_more_behind = end != stream_.bytes.size() || !stream_.is_all ||
                                std::ranges::any_of(stream_.dropped_records, [&](std::size_t place) { return place >= end; });
    if (is_more_behind && !must_be_refused(reading)) return std::nullopt;
    return reading;
  }

  static bool limits_records(const Message& hello) {
    return !numbers_in(field_of(&hello.node, "extensions"), "max_fragment_length").empty();
  }

  const ClientOffer& offer_;
  Stream stream_;
  dissect::Document document_;
};

}  // namespace

std::optional<Reading> read_server_flight(ByteView records, const ClientOffer& offer) {
  return FlightReader(records, offer).read();
}

}  // namespace tocsin::rules
