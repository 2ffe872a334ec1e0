#include "harnesses/tool/read/explain.h"

#include <gtest/gtest.h>

#include "harnesses/dissect/text.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/tocsin/connection.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/read/json.h"
#include "harnesses/tool/read/key_log_file.h"
#include "tocsin/connection.h"

namespace tocsin::tool {
namespace {

constexpr std::string_view alert = "15 03 03 00 02 02 28";

Json json_of(ByteView content, ExplainOptions options = {}) {
  options.is_json = true;
  return Json::parse(explain(content, options));
}

TEST(explain, takes_hex_and_raw_bytes_for_what_they_are) {
  EXPECT_EQ(json_of(bytes_of(alert))["encoding"], "hex");
  const Bytes raw = from_hex(alert);
  EXPECT_EQ(json_of(raw)["encoding"], "raw");
  EXPECT_EQ(json_of(raw)["fields"], json_of(bytes_of(alert))["fields"]);
  EXPECT_EQ(json_of(bytes_of("1603"), {.encoding = Encoding::raw})["bytes"], 4);
}

TEST(explain, says_what_the_core_says_with_alert_and_clause) {
  const Json told = json_of(bytes_of(alert))["core"];
  EXPECT_EQ(told["verdict"], "is_told");
  EXPECT_EQ(told["error"]["alert"]["name"], "handshake_failure");
  const Json refused = json_of(bytes_of("16 03 03 00 00"))["core"];
  EXPECT_EQ(refused["verdict"], "refuses");
  EXPECT_EQ(refused["taken_bytes"], 5);
  EXPECT_EQ(refused["error"]["reason"], "record_empty");
  EXPECT_EQ(refused["error"]["alert"]["description"], 10);
  EXPECT_EQ(refused["error"]["clause"], "RFC 9846 5.4");
}

TEST(explain, marks_the_place_of_the_refusal_in_the_text) {
  const std::string text = explain(bytes_of("16 03 03 00 00 15 03 03 00 02 02 28"), {});
  const auto refusal = text.find(">>>>>> record_empty"), alert_line = text.find("TLSPlaintext: alert");
  ASSERT_NE(refusal, std::string::npos) << text;
  EXPECT_LT(refusal, alert_line) << text;
}

TEST(explain, guesses_the_sender_by_the_first_message_unless_told) {
  EXPECT_EQ(json_of(bytes_of("16 03 03 00 04 02 00 00 00"))["sender"], "server");
  EXPECT_EQ(json_of(bytes_of("16 03 03 00 04 01 00 00 00"))["sender"], "client");
  EXPECT_EQ(json_of(bytes_of("16 03 03 00 04 01 00 00 00"), {.sender = Sender::server})["sender"], "server");
}

TEST(explain, strips_the_options_of_a_corpus_input_and_shows_them) {
  const Bytes input = harness::make_input({{harness::Tag::seed, 7}}, from_hex(alert));
  const Json document = json_of(input, {.is_corpus_input = true});
  EXPECT_EQ(document["bytes"], 7);
  EXPECT_EQ(document["options"][0]["name"], "seed");
  EXPECT_EQ(document["options"][0]["value"], 7);
}

TEST(explain, reads_messages_without_records) {
  const Json document = json_of(bytes_of("18 00 00 01 02"), {.form = Form::messages});
  EXPECT_EQ(document["fields"][0]["value"], "KeyUpdate");
  EXPECT_EQ(document["faults"][0]["path"], "KeyUpdate.request_update");
  EXPECT_EQ(document["core"]["error"]["reason"], "key_update_request_invalid");
}

/// A connection with OpenSSL's client: what each end sends, and the key log.
struct Logged {
  Bytes of_client, of_server;
  std::string key_log;
};

Logged talk(ProtocolVersion version) {
  Logged both;
  stacks::PeerConfig config;
  config.versions = {version};
  auto of_server = std::make_shared<ServerConfig>(
      stacks::tocsin_server_config(config, [&](std::string_view line) { both.key_log += std::string(line) + "\n"; }));
  Connection server = std::move(*Connection::server(of_server));
  stacks::OpenSslPeer client(stacks::Role::client, config, 1);
  Output out;
  const auto exchange = [&] {
    for (Bytes sent = client.take_output(); !sent.empty(); sent = client.take_output()) {
      append(both.of_client, sent);
      EXPECT_TRUE(server.receive(sent, {{}, stacks::peers_now}, out));
      client.receive(out.to_peer);
      append(both.of_server, std::exchange(out.to_peer, {}));
    }
  };
  exchange();
  EXPECT_TRUE(client.send(bytes_of("from the client")));
  EXPECT_TRUE(server.send(bytes_of("from the server"), out));
  EXPECT_EQ(client.update_keys(KeyUpdateRequest::update_not_requested), version == ProtocolVersion::tls13);
  EXPECT_TRUE(client.close());
  exchange();
  return both;
}

Json opened(ByteView bytes, const std::string& key_log) {
  return Json::parse(explain(bytes, {.is_json = true}, key_log))["protected"];
}

std::vector<std::string> types_in(const Json& protected_records) {
  std::vector<std::string> types;
  for (const Json& record : protected_records["records"]) types.push_back(record["content_type"]);
  return types;
}

using Types = std::vector<std::string>;

TEST(explain, opens_records_of_tls13_with_a_key_log) {
  const Logged both = talk(ProtocolVersion::tls13);
  const Json of_client = opened(both.of_client, both.key_log), of_server = opened(both.of_server, both.key_log);
  EXPECT_EQ(types_in(of_client), (Types{"handshake", "application_data", "handshake", "alert"}));
  EXPECT_EQ(of_client["records"][1]["hex"], dissect::hex(bytes_of("from the client")));
  EXPECT_EQ(of_client["records"][3]["key"], "CLIENT_TRAFFIC_SECRET_0, update 1");
  EXPECT_EQ(of_client["fields"][1]["value"], "KeyUpdate");
  EXPECT_FALSE(of_client.contains("stopped"));
  EXPECT_EQ(types_in(of_server).back(), "application_data");
  EXPECT_EQ(of_server["records"][0]["key"], "SERVER_HANDSHAKE_TRAFFIC_SECRET");
  EXPECT_EQ(of_server["fields"][0]["value"], "EncryptedExtensions");
}

TEST(explain, opens_what_a_server_of_tls12_sends) {
  const Logged both = talk(ProtocolVersion::tls12);
  const Json of_server = opened(both.of_server, both.key_log);
  EXPECT_EQ(types_in(of_server), (Types{"handshake", "application_data"}));
  EXPECT_EQ(of_server["records"][1]["hex"], dissect::hex(bytes_of("from the server")));
  EXPECT_EQ(opened(both.of_client, both.key_log)["stopped"],
            "keys of TLS 1.2 depend on the ServerHello, which a client does not send");
}

TEST(explain, says_where_a_record_does_not_open) {
  Logged both = talk(ProtocolVersion::tls13);
  both.of_client.back() ^= 1;
  const Json of_client = opened(both.of_client, both.key_log);
  EXPECT_EQ(of_client["records"].size(), 3u);
  EXPECT_TRUE(of_client["stopped"].get<std::string>().ends_with(
      "does not open with CLIENT_TRAFFIC_SECRET_0, update 1 as the next one"));
  const std::string handshake_alone = both.key_log.substr(0, both.key_log.find("CLIENT_TRAFFIC_SECRET_0"));
  EXPECT_TRUE(opened(both.of_client, handshake_alone)["stopped"].get<std::string>().ends_with(
      "needs CLIENT_TRAFFIC_SECRET_0, which the key log does not have"));
}

std::string refusal_of(std::string_view key_log) {
  try {
    (void)read_key_log(key_log, {});
  } catch (const UsageError& error) {
    return error.what();
  }
  return "none";
}

TEST(explain, refuses_a_key_log_that_is_none_and_says_where) {
  const std::string random(64, 'a'), good = "L " + random + " 0102\n";
  EXPECT_EQ(refusal_of(good), "none");
  EXPECT_EQ(refusal_of("# a comment\r\n\n" + good), "none");
  EXPECT_EQ(refusal_of(""), "the key log holds no secret");
  for (const std::string& bad :
       std::vector<std::string>{"x", "L 00", " 00 00", "L " + random + " 012", "L " + random + " ", "L " + random + " xy",
                                "L aa 00", "L " + random + " " + std::string(130, '0'), "L " + std::string(64, 'b') + " 00"})
    EXPECT_TRUE(refusal_of(good + bad).starts_with("the key log, line 2: ")) << bad << ": " << refusal_of(good + bad);
}

}  // namespace
}  // namespace tocsin::tool
