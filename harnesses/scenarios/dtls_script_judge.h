#pragma once
// Holds what an end of DTLS does after each datagram of a script against what it was sent.
#include <functional>
#include <map>
#include <vector>

#include "harnesses/models/datagram_receiver.h"
#include "harnesses/script/dtls12/watcher.h"

namespace tocsin::harness {

/// Of what a script's peer has sent: the application data that an end may deliver, each record of them once.
class DatagramsToDeliver {
 public:
  void add(const script::dtls12::SentDatagram& datagram);
  /// A finding if this was not sent, or was delivered before.
  void take(ByteView delivered);

 private:
  struct Record {
    std::size_t handshake;
    std::uint64_t sequence;
    Bytes content;
    bool is_delivered = false;
  };
  std::vector<Record> records_;
};

/// What an end has come to.
struct EndOutcome {
  std::size_t completions = 0;  // of handshakes
  std::optional<Error> error{};
};

class DtlsScriptJudge final : public script::dtls12::Watcher {
 public:
  /// outcome: what the end has come to, which it can be asked for at any time. The end must outlive it.
  DtlsScriptJudge(stacks::Endpoint& end, std::function<EndOutcome()> outcome, ModelDatagramReceiver model)
      : end_(end), outcome_(std::move(outcome)), model_(std::move(model)) {}

  void on_step(const script::dtls12::Step& step) override;
  void on_message(const script::dtls12::SentMessage& message) override { model_.take_message(message); }
  void on_datagram(const script::dtls12::SentDatagram& datagram, stacks::Address from) override;
  void on_time(stacks::Time now) override { now_ = now; }
  void on_exchange(std::size_t bytes_from_end) override;

  /// For people: what the end must have come to.
  std::string model_text() const;

 private:
  void check_repetition(std::size_t bytes_from_end);
  void check_against_model();

  stacks::Endpoint& end_;
  std::function<EndOutcome()> outcome_;
  ModelDatagramReceiver model_;
  DatagramsToDeliver to_deliver_;
  std::vector<Bytes> delivered_;
  std::size_t waits_ = 0;
  stacks::Time now_{};
  Bytes plaintext_;                         // the datagram that the end was given, if nothing in it is protected
  std::map<Bytes, std::uint32_t> repeats_;  // of such datagrams: how often each was answered by more than it holds
};

}  // namespace tocsin::harness
