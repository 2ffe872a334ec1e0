#include "harnesses/link/datagram_text.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"

namespace tocsin::link {
namespace {

using Lines = std::vector<std::string>;
using test::from_hex;

TEST(datagram_text, tells_records_and_plaintext_messages) {
  EXPECT_EQ(lines_of(from_hex("16fefd 0000 000000000005 000e 0b 000009 0002 000004 000002 abcd"
                              "14fefd 0000 000000000006 0001 01"
                              "16fefd 0001 000000000000 0004 00000000"
                              "17fefd 0001 010000000001 0000"
                              "15fefd 0000 000000000007 0002 0228")),
            (Lines{"handshake 0:5 14: certificate 2, 4+2 of 9 bytes", "change_cipher_spec 0:6 1", "handshake 1:0 4",
                   "application_data 1:1099511627777 0", "alert 0:7 2: fatal 40"}));
}

TEST(datagram_text, tells_several_messages_in_a_record) {
  EXPECT_EQ(lines_of(from_hex("16fefd 0000 000000000000 0018 03 000000 0000 000000 000000 0e 000000 0001 000000 000000")),
            (Lines{"handshake 0:0 24: hello_verify_request 0, 0 bytes; server_hello_done 1, 0 bytes"}));
}

TEST(datagram_text, tells_what_is_no_record_or_not_whole) {
  EXPECT_EQ(lines_of({}), Lines{"empty"});
  EXPECT_EQ(lines_of(from_hex("474554")), Lines{"3 bytes that are no record"});
  EXPECT_EQ(lines_of(from_hex("16fefd 0000 000000000000 00")), Lines{"12 bytes that are no record"});
  EXPECT_EQ(lines_of(from_hex("17fefd 0001 000000000000 0005 0102")), Lines{"application_data 1:0 5, only 2 there"});
  EXPECT_EQ(lines_of(from_hex("16fefd 0000 000000000000 0003 010000")), Lines{"handshake 0:0 3: not a whole fragment"});
  EXPECT_EQ(lines_of(from_hex("63fefd 0000 000000000000 0001 00")), Lines{"type 99 0:0 1"});
  EXPECT_EQ(lines_of(from_hex("19fefd 0001 000000000000 abcdef 0001 00")), Lines{"tls12_cid 1:0 in the 6 bytes that are left"});
}

}  // namespace
}  // namespace tocsin::link
