#include "harnesses/stacks/pipe/peer.h"

#include <gtest/gtest.h>

#include <deque>

namespace tocsin::stacks::pipe {
namespace {

// A shim that answers as it is told, and keeps what it was asked.
class Told final : public Channel {
 public:
  Bytes exchange(ByteView message) override {
    asked.emplace_back(message.begin() + 4, message.end());
    if (answers.empty()) throw Broken("nothing more");
    Bytes answer(answers.front().begin() + 4, answers.front().end());
    answers.pop_front();
    return answer;
  }
  void say(MessageWriter writer) { answers.push_back(writer.finish()); }

  std::vector<Bytes> asked;
  std::deque<Bytes> answers;
};

MessageWriter welcome() {
  MessageWriter writer(MessageType::welcome);
  writer.number(Tag::protocol, 1, 2).add(Tag::name, "It").number(Tag::role, 1, 1).number(Tag::version, 0x304, 2);
  return writer;
}

MessageWriter state(Status status) {
  MessageWriter writer(MessageType::state);
  writer.number(Tag::status, static_cast<std::uint8_t>(status), 1);
  return writer;
}

// A server in a shim that then answers so.
struct Served {
  explicit Served(std::vector<MessageWriter> answers) {
    shim.say(welcome());
    shim.say(state(Status::handshaking));
    for (MessageWriter& answer : answers) shim.say(std::move(answer));
    stack.emplace(shim);
    peer = stack->make(Role::server, {}, 7);
  }
  void feed() { peer->receive(Bytes{1}); }

  Told shim;
  std::optional<PipeStack> stack;
  std::unique_ptr<Peer> peer;
};

TEST(PipeStack, tells_a_server_its_configuration_and_takes_what_it_says) {
  Served served({std::move(state(Status::complete).add(Tag::output, "out").add(Tag::data, "in"))});
  const Message make(served.shim.asked.at(1));
  EXPECT_EQ(make.type(), MessageType::make);
  EXPECT_EQ(make.number(Tag::seed, 8), 7u);
  EXPECT_EQ(make.numbers(Tag::version, 2), (std::vector<std::uint64_t>{0x304}));
  EXPECT_TRUE(text_of(*make.find(Tag::certificate, 10000)).starts_with("-----BEGIN CERTIFICATE"));
  served.feed();
  EXPECT_EQ(served.peer->status(), Status::complete);
  EXPECT_EQ(text_of(served.peer->take_output()), "out");
  EXPECT_EQ(text_of(served.peer->take_application_data()), "in");
}

TEST(PipeStack, asks_for_nothing_that_the_stack_has_not) {
  Served served({});
  PeerConfig config;
  config.versions = {ProtocolVersion::tls12};
  EXPECT_THROW(served.stack->make(Role::server, config, 0), Unsupported);
  EXPECT_THROW(served.stack->make(Role::client, {}, 0), Unsupported);
  EXPECT_EQ(served.shim.asked.size(), 2u);
}

TEST(PipeStack, releases_an_end_before_the_next_one_is_made) {
  Served served({state(Status::handshaking), state(Status::handshaking)});
  served.stack->make(Role::server, {}, 0);
  ASSERT_EQ(served.shim.asked.size(), 4u);
  EXPECT_EQ(Message(served.shim.asked[2]).type(), MessageType::release);
  EXPECT_EQ(Message(served.shim.asked[2]).number(Tag::end, 4), 1u);
  EXPECT_EQ(Message(served.shim.asked[3]).number(Tag::end, 4), 2u);
}

TEST(PipeStack, takes_cannot_for_a_lack) {
  Served served({state(Status::handshaking), std::move(MessageWriter(MessageType::cannot).add(Tag::failure, "no ALPN"))});
  try {
    served.stack->make(Role::server, {}, 0);
    FAIL();
  } catch (const Unsupported& lack) {
    EXPECT_STREQ(lack.what(), "no ALPN");
  }
}

TEST(PipeStack, refuses_a_welcome_that_is_none) {
  for (MessageWriter& answer : std::vector<MessageWriter>{
           state(Status::complete), MessageWriter(MessageType::welcome),
           std::move(MessageWriter(MessageType::welcome).number(Tag::protocol, 2, 2).add(Tag::name, "It")),
           std::move(MessageWriter(MessageType::welcome).number(Tag::protocol, 1, 2)),
           std::move(
               MessageWriter(MessageType::welcome).number(Tag::protocol, 1, 2).add(Tag::name, "It").number(Tag::role, 3, 1))}) {
    Told shim;
    shim.say(std::move(answer));
    EXPECT_THROW(PipeStack{shim}, Broken);
  }
}

TEST(PipePeer, refuses_a_state_that_is_none) {
  for (MessageWriter& answer :
       std::vector<MessageWriter>{MessageWriter(MessageType::state), MessageWriter(MessageType::welcome),
                                  std::move(MessageWriter(MessageType::state).number(Tag::status, 3, 1)),
                                  std::move(state(Status::complete).number(Tag::is_done, 2, 1)),
                                  std::move(state(Status::failed).number(Tag::alert_sent, 0, 3)),
                                  std::move(state(Status::handshaking).add(Tag::server_handshake_secret, Bytes(65))),
                                  std::move(state(Status::handshaking).add(Tag::output, "").add(Tag::output, ""))}) {
    Served served({std::move(answer)});
    EXPECT_THROW(served.feed(), Broken);
  }
}

TEST(PipePeer, refuses_a_state_that_takes_back_another) {
  Served served({state(Status::complete), state(Status::handshaking)});
  served.feed();
  EXPECT_THROW(served.feed(), Broken);
}

TEST(PipePeer, refuses_output_without_end) {
  const Bytes much(message_bytes_max - 100);
  Served served({std::move(state(Status::handshaking).add(Tag::output, much)),
                 std::move(state(Status::handshaking).add(Tag::output, much)),
                 std::move(state(Status::handshaking).add(Tag::output, much)),
                 std::move(state(Status::handshaking).add(Tag::data, much)),
                 std::move(state(Status::handshaking).add(Tag::data, much))});
  for (int i = 0; i < 4; ++i) served.feed();
  EXPECT_THROW(served.feed(), Broken);
}

TEST(PipePeer, believes_the_alert_on_the_wire_before_the_one_that_is_told) {
  Served served(
      {std::move(state(Status::failed).add(Tag::output, Bytes{21, 3, 3, 0, 2, 2, 50}).add(Tag::alert_sent, Bytes{2, 40}))});
  served.feed();
  EXPECT_EQ(served.peer->alert_sent(), (AlertSeen{2, 50, true}));
}

TEST(PipePeer, believes_no_alert_that_nothing_on_the_wire_can_be) {
  Served hidden({std::move(state(Status::failed).add(Tag::alert_sent, Bytes{2, 40}))});
  hidden.feed();
  EXPECT_EQ(hidden.peer->alert_sent(), std::nullopt);
  EXPECT_FALSE(hidden.peer->may_have_sent_alert());

  Bytes record{23, 3, 3, 0, 19};
  record.resize(5 + 19);
  Served shown({std::move(state(Status::failed).add(Tag::output, record).add(Tag::alert_sent, Bytes{2, 40}))});
  shown.feed();
  EXPECT_EQ(shown.peer->alert_sent(), (AlertSeen{2, 40, false}));
}

TEST(PipePeer, tells_where_an_alert_may_be_that_it_is_not_told_of) {
  Bytes record{23, 3, 3, 0, 19};
  record.resize(5 + 19);
  Served served({std::move(state(Status::failed).add(Tag::output, record))});
  served.feed();
  EXPECT_EQ(served.peer->alert_sent(), std::nullopt);
  EXPECT_TRUE(served.peer->may_have_sent_alert());
}

TEST(PipePeer, asks_nothing_of_an_end_that_has_failed) {
  Served served({state(Status::failed)});
  served.feed();
  served.feed();
  served.peer->receive_end_of_stream();
  EXPECT_FALSE(served.peer->send(Bytes{1}));
  EXPECT_FALSE(served.peer->close());
  EXPECT_EQ(served.shim.asked.size(), 3u);
}

}  // namespace
}  // namespace tocsin::stacks::pipe
