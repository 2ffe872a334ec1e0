// The seeds of server_first_flight that come with what the RFCs ask for, replayed.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harnesses/checkers/checked_peer.h"
#include "harnesses/differential/rfc_column_testing.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/first_flight.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/pump.h"

namespace tocsin::harness {
namespace {

using namespace differential;

std::vector<ExpectedOutcomes> table() { return read_expected(text_of(corpus_file("expected/server_first_flight.tsv"))); }
Bytes seed_of(const ExpectedOutcomes& row) { return corpus_file("server_first_flight/" + row.seed); }

std::string feed(stacks::Peer& peer, ByteView bytes, std::size_t chunk_bytes) {
  Bytes sent;
  stacks::each_piece(bytes, chunk_bytes, [&](ByteView piece) {
    peer.receive(piece);
    append(sent, peer.take_output());
    return true;
  });
  return outcome_of(verdict_of(peer, stacks::Role::server, sent));
}

std::string tocsins_outcome(const Input& input, EntryPoint entry_point, std::size_t chunk_bytes) {
  return feed(*checked_server(server_options(input), 0, entry_point), input.body(), chunk_bytes);
}

TEST(rfc_column, has_every_row_of_the_facts) {
  const std::string text{text_of(corpus_file("expected/server_first_flight.tsv"))};
  EXPECT_EQ(text.substr(0, text.find('\n')), "seed\texpected\trfc\truling");
  EXPECT_EQ(table().size(), static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 1);
  EXPECT_GE(table().size(), 120u);
}

//= RFC 9846 4.2.1 //# and the groups supported by the server, then the server MUST abort the handshake with a
//= RFC 9846 4.2.2 //# support, or wish to use, the server MUST ignore those cipher suites and process the
//= RFC 9846 4.2.2 //# the server MUST abort the handshake with an "illegal_parameter" alert.
//= RFC 9846 4.2.2 //# Servers MUST ignore unrecognized extensions.
//= RFC 9846 4.3.1 //# and which also support TLS 1.2 MUST negotiate TLS 1.2 or prior as specified in
//= RFC 9846 4.3.1 //# Servers MUST be prepared to receive ClientHellos that include this extension but do not
//= RFC 9846 4.3.3 //# then the server MUST abort the handshake with a "missing_extension" alert (see Section
//= RFC 9846 4.3.9 //# servers MUST abort the handshake.
//= RFC 9846 4.3.11 //# The "pre_shared_key" extension MUST be the last extension in the ClientHello (this
//= RFC 9846 4.3.11 //# Servers MUST check that it is the last extension and otherwise fail the handshake with
//= RFC 9846 9.2 //# Such a ClientHello message MUST meet the following requirements:
//= RFC 9846 9.2 //# which does not conform to these requirements MUST abort the handshake with a
//= RFC 9846 9.3 //# A server receiving a ClientHello MUST correctly ignore all unrecognized cipher suites,
//= RFC 9846 E.2 //# the server MUST abort the handshake with a "protocol_version" alert.
//= RFC 9846 E.5 //# [RFC7568], and [RFC8996] and they MUST NOT be negotiated for any reason.
//= RFC 9846 6 //# MUST terminate the connection with a "decode_error" alert.
//= RFC 9846 6 //# e.g., a DHE share of p - 1, or an invalid enum) MUST terminate the connection with an
//= RFC 9846 5 //# and MUST simply drop it without further processing.
//= RFC 9846 5 //# which receives a protected change_cipher_spec record MUST abort the handshake with an
//= RFC 9846 5 //# it MUST terminate the connection with an "unexpected_message" alert.
//= RFC 9846 5.1 //# Handshake messages MUST NOT be interleaved with other record types.
//= RFC 9846 5.1 //# there MUST NOT be any other records between them.
//= RFC 9846 5.2 //# If the decryption fails, the receiver MUST terminate the connection with a
TEST(rfc_column, tocsin_does_what_the_rfc_asks_or_what_a_ruling_allows_by_each_way_in) {
  for (const ExpectedOutcomes& row : table()) {
    const Bytes seed = seed_of(row);
    const Input input(seed);
    for (const std::size_t chunk_bytes : {SIZE_MAX, std::size_t{1}}) {
      EXPECT_EQ(problem_with(row, tocsins_outcome(input, EntryPoint::direct, chunk_bytes)), "");
      EXPECT_EQ(problem_with(row, tocsins_outcome(input, EntryPoint::acceptor, chunk_bytes)), "") << "by Acceptor";
    }
  }
}

TEST(rfc_column, every_ruling_is_needed) {
  std::set<std::string_view> needed;
  const std::vector<ExpectedOutcomes> rows = table();
  for (const ExpectedOutcomes& row : rows) needed.insert(row.ruling);
  for (const RfcRuling& ruling : rulings()) EXPECT_EQ(needed.count(ruling.id), 1u) << ruling.id;
}

// OpenSSL, too: what it does otherwise it does for tocsin's reason, or it is a row of the ledger.
TEST(rfc_column, openssl_does_what_the_rfc_asks_or_what_tocsin_does_or_what_the_ledger_knows) {
  std::size_t deviations = 0;
  for (const ExpectedOutcomes& row : table()) {
    const Bytes seed = seed_of(row);
    const Input input(seed);
    stacks::OpenSslPeer openssl(stacks::Role::server, server_options(input), 0);
    const std::string outcome = feed(openssl, input.body(), SIZE_MAX);
    if (is_expected(row, outcome)) continue;
    ++deviations;
    const Comparison comparison = server_first_flight(input);
    const bool is_ruled = !row.ruling.empty() && problem_with(row, outcome).empty();
    EXPECT_TRUE(is_ruled || comparison.kind == Comparison::Kind::known)
        << row.seed << ": OpenSSL comes to " << outcome << "; " << comparison.text;
  }
  EXPECT_GT(deviations, 20u);  // or nothing was compared
}

TEST(rfc_column, a_deviation_needs_a_ruling_that_allows_it_and_a_ruling_a_deviation) {
  const auto row = [](const char* expected, const char* ruling) {
    return read_expected(std::string("seed\texpected\trfc\truling\nx\t") + expected + "\t9846 6\t" + ruling + "\n").at(0);
  };
  EXPECT_EQ(problem_with(row("50", ""), "50"), "");
  EXPECT_EQ(problem_with(row("50|47", ""), "47"), "");
  EXPECT_EQ(problem_with(row("error", ""), "47"), "");
  EXPECT_EQ(problem_with(row("47", "sslv2_is_no_record"), "10"), "");
  EXPECT_EQ(problem_with(row("50|47", ""), "70"), "x: 70 where RFC 9846 6 wants 50 or 47, without a ruling");
  EXPECT_NE(problem_with(row("5", ""), "50"), "");
  EXPECT_NE(problem_with(row("error", ""), "silent"), "");
  EXPECT_NE(problem_with(row("accept", ""), "waits"), "");
  EXPECT_NE(problem_with(row("47", "sslv2_is_no_record"), "40"), "");
  EXPECT_NE(problem_with(row("47", "sslv2_is_no_record"), "47"), "");
  EXPECT_NE(problem_with(row("accept", "no_such_ruling"), "accept"), "");
}

TEST(rfc_column, an_outcome_is_an_alert_or_says_what_there_was_instead) {
  Verdict verdict;
  EXPECT_EQ(outcome_of(verdict), "waits");
  verdict.retried = true;
  EXPECT_EQ(outcome_of(verdict), "retry");
  verdict.answered = true;
  EXPECT_EQ(outcome_of(verdict), "accept");
  verdict.end = End::rejected;
  EXPECT_EQ(outcome_of(verdict), "silent");
  verdict.end = End::told;
  EXPECT_EQ(outcome_of(verdict), "told");
  verdict.alert = stacks::AlertSeen{2, 50, false};
  EXPECT_EQ(outcome_of(verdict), "50");
}

}  // namespace
}  // namespace tocsin::harness
