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
#include <string_view>
#include <vector>

#include "harnesses/trace/trace.h"
#include "tocsin/bytes.h"

// clang-format off
// The options: name, tag, meaning. A tag's number never changes: seeds hold it.
#define TOCSIN_INPUT_OPTIONS(X) \
  X(seed,                            0, "of all randomness") \
  X(chunk_bytes,                     1, "how what a peer sends is cut: 0 whole; n at most n bytes a call") \
  X(entry_point,                          2, "into a server: even direct, odd by Acceptor") \
  X(limits,                          3, "odd: small limits, so that short inputs reach them") \
  /* configurations; one of a kind for the server, one for the client */ \
  X(server_suites,                   4, "bits 0 to 2: which of three, none meaning all; the rest: which order") \
  X(client_suites,                   5, "as server_suites") \
  X(server_groups,                   6, "as server_suites") \
  X(client_groups,                   7, "as server_suites") \
  X(client_key_shares,               8, "how many groups get one") \
  X(server_alpn,                     9, "bits 0 to 2: which of three protocols; the rest: which order") \
  X(client_alpn,                    10, "as server_alpn") \
  X(server_record_size_limit,       11, "0 none; n: 64 n bytes; 255 the largest") \
  X(client_record_size_limit,       12, "as server_record_size_limit") \
  X(server_padding,                 13, "0 none; n: blocks of 4 n bytes") \
  X(client_padding,                 14, "as server_padding") \
  X(server_certificate,             15, "which of the keys; bit 7: the next one too") \
  X(client_signature_schemes,       16, "0 all; n: all but the nth") \
  X(client_server_name,             17, "which of the names") \
  X(client_middlebox_compatibility, 18, "odd: yes") \
  /* what happens */ \
  X(valid_prefix,                    19, "how much of an honest client's part comes before the body: see harnesses/scenarios/client_side.h") \
  X(injected_as,                    20, "even: the body is raw bytes, odd: records (harnesses/scenarios/client_side.h)") \
  X(data_bytes,                     21, "application data of each side: n*n bytes") \
  X(key_update,                     22, "bit 0: the client, bit 1: the server, bit 2: and asks the other to, bit 3: twice at once, bit 4: again after data") \
  X(closing,                        23, "bit 0: the client closes, bit 1: the server, bit 2: the transport just ends") \
  X(peer,                           24, "who is at the other end: see the target") \
  X(fault_kind,                     25, "see the target") \
  X(fault_nth,                      26, "at which call") \
  X(fault_bit,                      27, "which bit of the result") \
  X(fault_side,                     28, "even: the client's provider, odd: the server's") \
  X(sequence,                       29, "a record's sequence number") \
  X(suite,                          30, "one of the three") \
  X(content_type,                   31, "one of the protected ones") \
  X(padding_bytes,                  32, "of one record") \
  X(fault_bit_high,                 33, "256 times this is added to fault_bit") \
  /* connection ids of DTLS */ \
  X(server_connection_id,           34, "0 none; else how long that is by which the server knows a client: see the target") \
  X(client_connection_id,           35, "as server_connection_id") \
  X(address_change,                 36, "of the client: bit 0 once the server has completed, bit 1 once both have") \
  /* client certificates */ \
  X(client_authentication,          40, "modulo 3: the server asks for no client certificate; makes it optional; requires it") \
  X(client_certificate,             41, "modulo 7: 0 none; of three kinds of key; expired, for servers, of another authority") \
  X(server_signature_schemes,       42, "for the client's certificate: as client_signature_schemes") \
  /* TLS 1.2 */ \
  X(server_versions,                43, "modulo 3: TLS 1.3; TLS 1.2; both") \
  X(client_versions,                44, "as server_versions") \
  X(hidden,                         45, "what is hidden from the server: modulo 3 nothing; supported_versions; extended_master_secret (of a second connection: harnesses/scenarios/resumed_pair.h)") \
  X(resumption,                     56, "of TLS 1.2: modulo 4 none; by ticket; by session id; by either; bit 2: the server has forgotten") \
  X(later,                          57, "how long after the first connection: n*n seconds") \
  X(classic_master_secret,          58, "without extended_master_secret, bit 0: the client goes on; bit 1: the server") \
  X(client_max_fragment_length,     59, "modulo 5: 0 not asked for; 2^9 to 2^12 bytes")
// clang-format on

namespace tocsin::harness {

enum class Tag : std::uint8_t {
#define X(name, number, meaning) name = number,
  TOCSIN_INPUT_OPTIONS(X)
#undef X
};

class Input {
 public:
  /// The bytes must outlive it.
  explicit Input(ByteView bytes);
  /// What it does not say is as in the other one.
  Input(ByteView bytes, const Input& other);

  std::uint8_t option(Tag tag, std::uint8_t default_value) const;
  bool has(Tag tag) const { return (present_ >> static_cast<unsigned>(tag) & 1) != 0; }
  ByteView body() const { return body_; }
  /// The same but for this option, or but for the body, which must outlive it.
  Input with(Tag tag, std::uint8_t value) const;
  Input with_body(ByteView body) const;

 private:
  static constexpr std::size_t tags_max = 64;
  std::array<std::uint8_t, tags_max> values_{};
  std::uint64_t present_ = 0;  // bit t: tag t is there
  ByteView body_;
};

/// Those that the input gives, by tag.
std::vector<TracedOption> options_of(const Input& input);

}  // namespace tocsin::harness
