#pragma once
// The layout of every target's input:
//
//   byte 0            n, the number of options (its low five bits)
//   2n bytes          the options: pairs of tag and value
//   the rest          the body
//
// An option that is not there has its default, an unknown tag is ignored, and of two with one tag the last counts. So any bytes
// are an input, a mutation of the body leaves the options alone, and a new option leaves the corpus as it was.
#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "tocsin/bytes.h"

namespace tocsin::fuzz {

/// The options. A tag's number never changes: seeds hold it.
enum class Tag : std::uint8_t {
  seed = 0,         // of all randomness
  chunk_bytes = 1,  // how what a peer sends is cut: 0 whole; n at most n bytes a call
  way_in = 2,       // into a server: even direct, odd by Acceptor
  limits = 3,       // odd: small limits, so that short inputs reach them

  // configurations; one of a kind for the server, one for the client
  server_suites = 4,  // bits 0 to 2: which of three, none meaning all; the rest: which order
  client_suites = 5,
  server_groups = 6,
  client_groups = 7,
  client_key_shares = 8,  // how many groups get one
  server_alpn = 9,        // bits 0 to 2: which of three protocols; the rest: which order
  client_alpn = 10,
  server_record_size_limit = 11,  // 0 none; n: 64 n bytes; 255 the largest
  client_record_size_limit = 12,
  server_padding = 13,  // 0 none; n: blocks of 4 n bytes
  client_padding = 14,
  server_certificate = 15,              // which of the keys; bit 7: the next one too
  client_signature_schemes = 16,        // 0 all; n: all but the nth
  client_server_name = 17,              // which of the names
  client_middlebox_compatibility = 18,  // odd: yes

  // what happens
  honest_part = 19,    // how much of an honest client's part comes before the body: see fuzz/lib/client_side.h
  injected_as = 20,    // even: the body is raw bytes, odd: records (fuzz/lib/client_side.h)
  data_bytes = 21,     // application data of each side: n*n bytes
  key_update = 22,     // bit 0: the client, bit 1: the server, bit 2: and asks the other to
  closing = 23,        // bit 0: the client closes, bit 1: the server, bit 2: the transport just ends
  peer = 24,           // who is at the other end: see the target
  fault_kind = 25,     // see the target
  fault_nth = 26,      // at which call
  fault_bit = 27,      // which bit of the result
  fault_side = 28,     // even: the client's provider, odd: the server's
  sequence = 29,       // a record's sequence number
  suite = 30,          // one of the three
  content_type = 31,   // one of the protected ones
  padding_bytes = 32,  // of one record
  fault_bit_high = 33,
};

class Input {
 public:
  explicit Input(ByteView bytes);

  std::uint8_t option(Tag tag, std::uint8_t default_value) const;
  ByteView body() const { return body_; }

 private:
  static constexpr std::size_t tags_max = 64;
  std::array<std::uint8_t, tags_max> values_{};
  std::uint64_t present_ = 0;  // bit t: tag t is there
  ByteView body_;
};

/// The input that holds these options and this body.
Bytes make_input(std::initializer_list<std::pair<Tag, std::uint8_t>> options, ByteView body);

}  // namespace tocsin::fuzz
