#pragma once
// What an end of DTLS 1.2 must have come to by what a script's peer has sent, as RFC 6347 says: a reader of records, fragments
// and alerts of its own. It is sure as long as every message that the end takes is the one that an honest peer would send then.
#include <optional>
#include <string>
#include <vector>

#include "harnesses/models/reassembly.h"
#include "harnesses/models/replay_window.h"
#include "harnesses/script/dtls12/watcher.h"

namespace tocsin::harness {

class ModelDatagramReceiver {
 public:
  /// asked: what a server asks its client for.
  ModelDatagramReceiver(stacks::Role role, ClientAuthentication asked, const Limits& limits)
      : role_(role), asked_(asked), limits_(limits), reassembly_(limits) {}

  void take_message(const script::dtls12::SentMessage& message);
  void take_datagram(const script::dtls12::SentDatagram& datagram, stacks::Address from);
  /// So much time goes by at least.
  void pass(std::size_t tenths) { passed_tenths_ += tenths; }
  /// The end has closed its side.
  void close();
  void give_up() { is_sure_ = false; }

  /// False once something was sent on which RFC 6347 leaves a choice, or which this does not model: nothing is known from then
  /// on.
  bool is_sure() const { return is_sure_; }
  bool is_complete() const { return is_complete_; }
  /// By an alert under keys that ends the association.
  bool is_ended_by_peer() const { return is_ended_by_peer_; }
  bool is_refused_in_plaintext() const { return is_refused_; }  // at some time
  /// The application data that the end must have delivered, in order.
  const std::vector<Bytes>& delivered() const { return delivered_; }

 private:
  void take_record(const script::dtls12::SentRecord& record);
  bool opens(const script::dtls12::SentRecord& record);
  void take_handshake(ByteView content, std::uint16_t epoch);
  void take_alert(ByteView content, std::uint16_t epoch);
  void take_messages();
  void take_next(ByteView message);
  void listen(const script::dtls12::SentRecord& record, stacks::Address from);
  bool expects_change_cipher_spec() const;
  bool has_told_more_in_plaintext() const;
  std::vector<std::string> honest_traces() const;

  stacks::Role role_;
  ClientAuthentication asked_;
  Limits limits_;
  bool is_sure_ = true, is_complete_ = false, is_closed_ = false, is_ended_by_peer_ = false, is_refused_ = false;

  std::vector<script::dtls12::SentMessage> sent_;  // those that are due
  std::string trace_;  // of those that were taken, behind a server's HelloVerifyRequests or a client's hello
  std::uint32_t cookie_requests_ = 0, warnings_ = 0;
  ModelReassembly reassembly_;
  ModelReplayWindow window_;  // of epoch 1
  std::uint16_t epoch_ = 0;   // that is read
  std::vector<Bytes> delivered_;

  /// A server's: with which ClientHello the handshake began, and from where; before that those that have come.
  struct Hello {
    script::dtls12::SentMessage message;
    stacks::Address from;
  };
  std::optional<Hello> begun_;
  std::vector<Hello> hellos_;
  std::size_t passed_tenths_ = 0;
  std::size_t handshake_ = 0;  // which of the peer's it is
};

}  // namespace tocsin::harness
