#include "harnesses/stacks/pipe/message.h"

#include <gtest/gtest.h>

#include "core/base/writer.h"

namespace tocsin::stacks::pipe {
namespace {

Bytes body_of(MessageWriter writer) {
  const Bytes message = writer.finish();
  return {message.begin() + 4, message.end()};
}

TEST(PipeMessage, is_read_as_it_was_written) {
  const Bytes body = body_of(std::move(MessageWriter(MessageType::state)
                                           .number(Tag::status, 2, 1)
                                           .add(Tag::failure, "no")
                                           .number(Tag::version, 0x303, 2)
                                           .number(Tag::version, 0x304, 2)));
  const Message message(body);
  EXPECT_EQ(message.type(), MessageType::state);
  EXPECT_EQ(message.number(Tag::status, 1), 2u);
  EXPECT_EQ(message.number(Tag::is_done, 1), std::nullopt);
  EXPECT_EQ(message.text(Tag::failure), "no");
  EXPECT_EQ(message.numbers(Tag::version, 2), (std::vector<std::uint64_t>{0x303, 0x304}));
}

TEST(PipeMessage, without_a_type_is_refused) { EXPECT_THROW(Message{ByteView()}, Broken); }

TEST(PipeMessage, cut_anywhere_but_between_fields_is_refused) {
  const Bytes body = body_of(std::move(MessageWriter(MessageType::state).add(Tag::output, "abc").number(Tag::status, 0, 1)));
  for (std::size_t size = 1; size < body.size(); ++size) {
    if (size == 1 || size == 9) continue;
    EXPECT_THROW(Message(ByteView(body).first(size)), Broken) << size;
  }
}

TEST(PipeMessage, with_a_field_that_is_longer_than_it_is_refused) {
  const Bytes body{129, 37, 0xff, 0xff, 0xff, 0xff, 1};
  EXPECT_THROW(Message{body}, Broken);
}

TEST(PipeMessage, with_too_many_fields_is_refused) {
  Bytes body{129};
  for (std::size_t i = 0; i < fields_max; ++i) append(body, Bytes{200, 0, 0, 0, 0});
  EXPECT_NO_THROW(Message{body});
  append(body, Bytes{200, 0, 0, 0, 0});
  EXPECT_THROW(Message{body}, Broken);
}

TEST(PipeMessage, with_values_that_are_not_as_they_must_be_is_refused) {
  MessageWriter writer(MessageType::state);
  writer.number(Tag::status, 0, 2).add(Tag::output, "a").add(Tag::output, "b").add(Tag::failure, std::string(1025, 'a'));
  for (int i = 0; i < 17; ++i) writer.number(Tag::role, 1, 1);
  const Bytes body = body_of(std::move(writer));
  const Message message(body);
  EXPECT_THROW(message.number(Tag::status, 1), Broken);
  EXPECT_THROW(message.find(Tag::output, 10), Broken) << "it stands twice";
  EXPECT_THROW(message.text(Tag::failure), Broken) << "it is too long";
  EXPECT_THROW(message.numbers(Tag::role, 1), Broken) << "there are too many";
}

TEST(PipeMessage, shows_no_text_that_a_terminal_obeys) {
  const Bytes body = body_of(std::move(MessageWriter(MessageType::state).add(Tag::failure, "a\x1b[2J\nb\xff")));
  EXPECT_EQ(Message(body).text(Tag::failure), "a?[2J?b?");
}

TEST(PipeMessageWriter, refuses_what_is_longer_than_a_message) {
  const Bytes value(message_bytes_max);
  EXPECT_THROW(MessageWriter(MessageType::send).add(Tag::bytes, value).finish(), Broken);
  EXPECT_EQ(MessageWriter(MessageType::send).add(Tag::bytes, ByteView(value).first(message_bytes_max - 6)).finish().size(),
            message_bytes_max + 4);
}

TEST(PipeMessageReader, gives_messages_that_come_byte_by_byte) {
  Bytes stream = MessageWriter(MessageType::state).add(Tag::output, "abc").finish();
  append(stream, MessageWriter(MessageType::cannot).finish());
  MessageReader reader;
  std::vector<Bytes> messages;
  for (const std::uint8_t byte : stream) {
    reader.add({&byte, 1});
    if (auto message = reader.take()) messages.push_back(std::move(*message));
  }
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[1], Bytes{130});
  EXPECT_TRUE(reader.is_empty());
}

TEST(PipeMessageReader, refuses_a_length_before_the_message_is_there) {
  MessageReader reader;
  reader.add(Bytes{0, 0x10, 0});
  EXPECT_THROW(reader.add(Bytes{1}), Broken);
  MessageReader longest;
  EXPECT_NO_THROW(longest.add(Bytes{0, 0x10, 0, 0}));
  EXPECT_EQ(longest.take(), std::nullopt);
  MessageReader behind_another;
  behind_another.add(Bytes{0, 0, 0, 1, 129, 0xff, 0xff, 0xff, 0xff});
  EXPECT_EQ(behind_another.take(), Bytes{129});
  EXPECT_THROW(behind_another.take(), Broken);
}

}  // namespace
}  // namespace tocsin::stacks::pipe
