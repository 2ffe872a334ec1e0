#pragma once
// A DatagramClient whose invariants are checked from outside after every call. A broken invariant is a finding.
#include "harnesses/checkers/sent_datagrams.h"
#include "harnesses/stacks/endpoint.h"
#include "tocsin/dtls.h"

namespace tocsin::harness {

/// It has one other end, whatever address that is at.
class CheckedDatagramClient final : public stacks::Endpoint {
 public:
  CheckedDatagramClient(ClientConfig config, std::string_view server_name, stacks::Time now);

  void receive(ByteView datagram, stacks::Address from, stacks::Time now) override;
  std::optional<stacks::Time> deadline() const override;
  void on_timeout(stacks::Time now) override;
  std::vector<stacks::Datagram> take_output() override { return std::exchange(to_peer_, {}); }
  bool send(stacks::Address peer, ByteView application_data, stacks::Time now) override;
  bool close(stacks::Address peer, stacks::Time now) override;
  std::vector<Bytes> take_application_data(stacks::Address peer) override;
  stacks::Status status(stacks::Address peer) const override;
  bool is_closed_by(stacks::Address) const override { return client_ && client_->is_closed_by_peer(); }
  std::optional<Bytes> export_keying_material(stacks::Address peer, std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override;
  Negotiated negotiated(stacks::Address) const override { return client_ ? client_->negotiated() : Negotiated{}; }
  std::string failure(stacks::Address) const override { return error_ ? error_->describe() : std::string(); }
  /// Fatal or PeerAlert, or Misuse closed_by_caller.
  const std::optional<Error>& error() const { return error_; }
  bool is_handshake_complete() const { return is_complete_; }

 private:
  template <class Call>
  Outcome run(std::string_view name, ByteView input, Call&& call);
  void check_call(const Outcome& outcome);
  void check_stickiness();
  void emit_return(const Outcome& outcome) const;

  std::optional<DatagramClient> client_;
  SentDatagrams sent_;
  DatagramOutput out_;  // of one call
  std::vector<stacks::Datagram> to_peer_;
  std::vector<Bytes> delivered_;
  Now now_;
  bool is_complete_ = false, is_closed_ = false;
  bool is_repeating_ = false;  // calls after an error, which the trace leaves out
  std::optional<Error> error_;
};

}  // namespace tocsin::harness
