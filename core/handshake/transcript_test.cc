#include "core/handshake/transcript.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"
#include "core/crypto/testing.h"

namespace tocsin::handshake {
namespace {

using test::copy_of;
using test::from_hex;

const Bytes client_hello = from_hex("01 000003 aabbcc"), server_hello = from_hex("02 000001 dd"), done = from_hex("0e 000000");

TEST(Transcript, of_tls_has_the_messages_as_they_are) {
  Transcript transcript;
  ASSERT_TRUE(transcript.add_received({client_hello, 7}));
  ASSERT_TRUE(transcript.start_and_keep(*test::openssl(), HashAlgorithm::sha256, transcript_form_of(ProtocolVersion::tls12)));
  ASSERT_TRUE(transcript.add_sent(server_hello));
  EXPECT_EQ(copy_of(transcript.kept()), test::join({client_hello, server_hello}));
}

TEST(Transcript, of_dtls_1_2_has_each_message_with_the_header_of_a_whole_fragment_and_its_number) {
  Transcript transcript(1);
  ASSERT_TRUE(transcript.add_received({client_hello, 1}));
  ASSERT_TRUE(transcript.start_and_keep(*test::openssl(), HashAlgorithm::sha256, transcript_form_of(ProtocolVersion::dtls12)));
  ASSERT_TRUE(transcript.add_sent(server_hello));
  ASSERT_TRUE(transcript.add_sent(done));
  ASSERT_TRUE(transcript.add_received({done, 2}));
  const Bytes expected = from_hex(
      "01 000003 0001 000000 000003 aabbcc"
      "02 000001 0001 000000 000001 dd"
      "0e 000000 0002 000000 000000"
      "0e 000000 0002 000000 000000");
  EXPECT_EQ(copy_of(transcript.kept()), expected);
  auto hash = test::openssl()->hash(HashAlgorithm::sha256);
  ASSERT_TRUE((*hash)->update(expected));
  EXPECT_EQ(copy_of(*transcript.current()), copy_of(*(*hash)->current()));
}

TEST(Transcript, a_client_numbers_its_messages_on_from_its_client_hello) {
  Transcript transcript(1);
  ASSERT_TRUE(transcript.add_sent(client_hello));
  ASSERT_TRUE(transcript.start_and_keep(*test::openssl(), HashAlgorithm::sha256, TranscriptForm::whole_fragment));
  ASSERT_TRUE(transcript.add_sent(done));
  EXPECT_EQ(copy_of(transcript.kept()), from_hex("01 000003 0001 000000 000003 aabbcc 0e 000000 0002 000000 000000"));
}

}  // namespace
}  // namespace tocsin::handshake
