#include "harnesses/tool/tls/status_page.h"

#include <gtest/gtest.h>

namespace tocsin::tool {
namespace {

const std::vector<std::string> page{"version: TLSv1.3", "group: x25519"};

TEST(respond, waits_for_the_whole_head_of_the_request) {
  EXPECT_EQ(respond("GET / HTTP/1.0\r\nHost: x\r\n", page), "");
  EXPECT_TRUE(respond("GET / HTTP/1.0\r\nHost: x\r\n\r\n", page).starts_with("HTTP/1.0 200 OK\r\n"));
  EXPECT_TRUE(respond("GET / HTTP/1.0\n\n", page).ends_with("\r\n\r\nversion: TLSv1.3\ngroup: x25519\n"));
}

TEST(respond, answers_head_with_the_same_headers_and_no_page) {
  const std::string get = respond("GET / HTTP/1.0\r\n\r\n", page);
  const std::string head = respond("HEAD / HTTP/1.0\r\n\r\n", page);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  EXPECT_TRUE(get.starts_with(head));
}

TEST(respond, refuses_other_methods_and_endless_requests) {
  EXPECT_TRUE(respond("POST / HTTP/1.0\r\n\r\n", page).starts_with("HTTP/1.0 405 "));
  EXPECT_TRUE(respond("GET / HTTP/1.0\r\n" + std::string(request_bytes_max, 'a'), page).starts_with("HTTP/1.0 400 "));
}

TEST(printable, escapes_what_a_terminal_or_a_log_could_take_for_its_own) {
  EXPECT_EQ(printable("h2"), "h2");
  EXPECT_EQ(printable(std::string_view("\x1b[1m\n\0\\\xff", 8)), "\\x1b[1m\\x0a\\x00\\x5c\\xff");
}

TEST(describe, names_every_parameter) {
  Negotiated negotiated;
  negotiated.cipher_suite = CipherSuite::aes_256_gcm_sha384;
  negotiated.group = NamedGroup::secp384r1;
  negotiated.signature_scheme = SignatureScheme::ed25519;
  negotiated.application_protocol = "h\n2";
  negotiated.retried = true;
  const std::vector<std::string> expected{"version: TLSv1.3", "cipher suite: TLS_AES_256_GCM_SHA384",
                                          "group: secp384r1", "signature scheme: ed25519",
                                          "ALPN: h\\x0a2",    "server name: none",
                                          "retried: yes"};
  EXPECT_EQ(describe(negotiated), expected);
}

TEST(describe, names_the_client_that_authenticated) {
  Negotiated negotiated;
  negotiated.client_certificate = {0x30, 0};  // not one that has a subject
  negotiated.client_signature_scheme = SignatureScheme::ed25519;
  const std::vector<std::string> lines = describe(negotiated);
  ASSERT_GE(lines.size(), 2u);
  EXPECT_EQ(lines[lines.size() - 2], "client certificate: none");
  EXPECT_EQ(lines.back(), "client signature scheme: ed25519");
}

TEST(describe, says_of_tls_1_2_whether_it_is_resumed_and_then_has_no_key_exchange) {
  Negotiated negotiated;
  negotiated.version = ProtocolVersion::tls12;
  negotiated.resumed = true;
  const std::vector<std::string> lines = describe(negotiated);
  EXPECT_EQ(lines[2], "group: none");
  EXPECT_EQ(lines[3], "signature scheme: none");
  EXPECT_EQ(lines.back(), "resumed: yes");
  negotiated.resumed = false;
  EXPECT_EQ(describe(negotiated).back(), "resumed: no");
}

TEST(describe, counts_in_words) {
  EXPECT_EQ(describe(Counters{.accepted = 4, .completed = 3, .retried = 1, .resumed = 2, .failed = 1}),
            "4 connections accepted, 3 handshakes completed (1 with a retry, 2 resumed), 1 connection failed");
  EXPECT_EQ(describe_dropped(0), "");
  EXPECT_EQ(describe_dropped(1), ", 1 line dropped");
}

}  // namespace
}  // namespace tocsin::tool
