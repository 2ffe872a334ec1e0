#pragma once
// Holds what an end of DTLS does after each datagram of a script against what it was sent.
#include <vector>

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

class DtlsScriptJudge final : public script::dtls12::Watcher {
 public:
  /// The end must outlive it.
  explicit DtlsScriptJudge(stacks::Endpoint& end) : end_(end) {}

  void on_step(const script::dtls12::Step& step) override;
  void on_message(const script::dtls12::SentMessage&) override {}
  void on_datagram(const script::dtls12::SentDatagram& datagram, stacks::Address from) override;
  void on_exchange() override;

 private:
  stacks::Endpoint& end_;
  DatagramsToDeliver to_deliver_;
};

}  // namespace tocsin::harness
