#pragma once
// A Listener whose invariants are checked from outside after every call. A broken invariant is a finding.
#include <map>
#include <set>
#include <string>

#include "harnesses/checkers/sent_datagrams.h"
#include "harnesses/stacks/endpoint.h"
#include "tocsin/listener.h"

namespace tocsin::harness {

/// For a trace.
std::string describe(const ListenerOutput::Told& told);

class CheckedListener final : public stacks::Endpoint {
 public:
  /// Its clients have no connection ids.
  explicit CheckedListener(ServerConfig config);

  void receive(ByteView datagram, stacks::Address from, stacks::Time now) override;
  std::optional<stacks::Time> deadline() const override;
  void on_timeout(stacks::Time now) override;
  std::vector<stacks::Datagram> take_output() override { return std::exchange(to_peers_, {}); }
  bool send(stacks::Address peer, ByteView application_data, stacks::Time now) override;
  bool close(stacks::Address peer, stacks::Time now) override;
  std::vector<Bytes> take_application_data(stacks::Address peer) override { return std::exchange(of_[peer].delivered, {}); }
  /// Complete as long as there is an association whose handshake is.
  stacks::Status status(stacks::Address peer) const override;
  bool is_closed_by(stacks::Address peer) const override;
  std::optional<Bytes> export_keying_material(stacks::Address peer, std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override;
  Negotiated negotiated(stacks::Address peer) const override;
  std::string failure(stacks::Address peer) const override;
  /// Why the last association there failed.
  std::optional<Error> error(stacks::Address peer) const;
  /// How many handshakes of this address have completed.
  std::size_t completions(stacks::Address peer) const;

 private:
  /// What is known of an address.
  struct Checked {
    SentDatagrams sent;
    std::vector<Bytes> cookies;        // that were sent there
    std::size_t cookies_seen = 0;      // how often one has come back
    std::set<Bytes> cookies_returned;  // which: each may begin a handshake
    std::set<Bytes> handshakes;        // that have begun, by the random of their ServerHello
    std::size_t completions = 0, errors = 0;
    bool is_closed_by_peer = false;
    std::vector<Bytes> delivered;
    std::optional<Error> error;
  };
  using Sent = std::map<stacks::Address, DatagramsSent>;

  template <class Call>
  Outcome run(std::string_view name, ByteView input, Call&& call);
  Sent read_sent();
  void take_told(const Sent& sent);
  void note_cookie(ByteView datagram, stacks::Address from);

  std::optional<Listener> listener_;
  std::map<stacks::Address, Checked> of_;
  ListenerOutput out_;  // of one call
  std::vector<stacks::Datagram> to_peers_;
};

}  // namespace tocsin::harness
