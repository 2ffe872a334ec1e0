#include "harnesses/models/datagram_receiver.h"

#include <gtest/gtest.h>

#include "core/wire/dtls/fragment.h"

namespace tocsin::harness {
namespace {

using script::dtls12::SentMessage;
using script::dtls12::SentRecord;

constexpr stacks::Address here{0};

/// A client that has taken so many of a server's messages, each of one byte.
class ModelDatagramReceiverTest : public ::testing::Test {
 protected:
  ModelDatagramReceiverTest() : model(stacks::Role::client, ClientAuthentication::none, Limits{}) {}

  void send(std::size_t messages) {
    constexpr std::string_view letters = "hckzf";
    for (std::size_t i = 0; i < messages; ++i) {
      const auto number = static_cast<std::uint16_t>(i);
      const auto epoch = static_cast<std::uint16_t>(letters[i] == 'f' ? 1 : 0);
      const SentMessage message{0, number, epoch, letters[i], {11, 0, 0, 1, static_cast<std::uint8_t>(i)}};
      model.take_message(message);
      give(handshake(message, epoch, i));
    }
  }
  static SentRecord handshake(const SentMessage& message, std::uint16_t epoch, std::uint64_t sequence) {
    const auto header = wire::whole_fragment_header(message.bytes, message.message_seq);
    Bytes content(header.begin(), header.end());
    content.push_back(message.bytes.back());
    return {ContentType::handshake, epoch, sequence, content};
  }
  static SentRecord data(std::uint64_t sequence, std::uint8_t byte = 'd') {
    return {ContentType::application_data, 1, sequence, Bytes{byte}};
  }
  void give(const SentRecord& record) { model.take_datagram({Bytes{1}, {record}}, here); }

  ModelDatagramReceiver model;
};

TEST_F(ModelDatagramReceiverTest, completes_with_the_last_message) {
  send(4);
  EXPECT_FALSE(model.is_complete());
  send(5);
  EXPECT_TRUE(model.is_sure() && model.is_complete());
}

TEST_F(ModelDatagramReceiverTest, delivers_each_record_once_and_none_early) {
  send(4);
  give(data(0));
  send(5);
  for (const std::uint64_t sequence : {10u, 10u, 9u, 9u, 100u, 12u}) give(data(sequence));
  EXPECT_EQ(model.delivered().size(), 3u);
}

TEST_F(ModelDatagramReceiverTest, what_is_not_authentic_is_nothing) {
  send(4);
  SentRecord forged = data(9);
  forged.is_authentic = false;
  SentRecord alert{ContentType::alert, 0, 9, {2, 40}};
  give(forged);
  give(alert);
  send(5);
  give(forged);
  give(data(9));
  EXPECT_TRUE(model.is_sure() && model.is_complete());
  EXPECT_FALSE(model.is_ended_by_peer());
  EXPECT_EQ(model.delivered().size(), 1u);
  alert.epoch = 1;
  alert.sequence = 10;
  give(alert);
  EXPECT_TRUE(model.is_ended_by_peer());
}

TEST_F(ModelDatagramReceiverTest, is_sure_no_more_once_another_message_is_taken) {
  send(2);
  give(handshake({0, 2, 0, 'k', {11, 0, 0, 1, 77}}, 0, 5));
  EXPECT_FALSE(model.is_sure());
}

TEST_F(ModelDatagramReceiverTest, a_message_of_the_past_or_far_ahead_changes_nothing) {
  send(4);
  give(handshake({0, 1, 0, 'c', {11, 0, 0, 1, 77}}, 0, 5));
  give(handshake({0, 60, 0, 'c', {11, 0, 0, 1, 77}}, 0, 6));
  send(5);
  EXPECT_TRUE(model.is_sure() && model.is_complete());
}

}  // namespace
}  // namespace tocsin::harness
