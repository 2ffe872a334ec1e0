#pragma once
// A Listener, strays, and honest clients after them: what the strays cost, and what the clients come to.
#include <array>
#include <string>
#include <vector>

#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/listen_script.h"
#include "harnesses/scenarios/listen_witness.h"
#include "harnesses/stacks/peer_config.h"
#include "tocsin/listener.h"

namespace tocsin::harness {

/// On the day on which the test certificates are valid.
inline Now at(Instant instant) { return {instant, stacks::peers_now}; }

/// What became of the association that the first address had before: option closing, modulo 4.
enum class PreviousAssociation : std::uint8_t { of_another_listener, lingers, is_forgotten, lives };

/// All that came out of the honest part, for each address, in order: what the client sent, was sent and got, and what the
/// Listener told. Nothing for an address that took no part.
using ListenLogs = std::array<std::vector<std::string>, listen_addresses>;

class ListenRun {
 public:
  /// Of the options: seed, closing, server_connection_id (modulo 16; n: n + 3 bytes, so that none is drawn twice),
  /// client_connection_id (odd: what the server sends has one of 5 bytes).
  explicit ListenRun(const Input& input);

  const ReplayedDatagrams& former() const { return former_.datagrams; }
  /// Strays, and silences. What each may do is checked.
  void before(const std::vector<Stray>& strays);
  /// An honest handshake, data both modes, and the end, from each of these addresses. amid: strays; those that come amid a
  /// handshake do.
  void honest(const std::vector<std::size_t>& addresses, const std::vector<Stray>& amid);
  const ListenLogs& logs() const { return logs_; }
  /// What the last stray came to, by whichever rules it is judged.
  const Judged& last() const { return last_; }

 private:
  struct Client;
  /// What an association left behind.
  struct Traces {
    ReplayedDatagrams datagrams;
    std::vector<Bytes> cookies;
  };
  Traces have_former_association();
  void talk(std::size_t from, Client& client, std::vector<Bytes>* captured, const std::vector<Stray>& amid);
  void say_and_close(std::size_t from, Client& client);
  void deliver(const Stray& stray);
  void deliver_amid(const Stray& stray);
  void pass(std::int64_t milliseconds);
  void check_unverified(const Stray& stray, std::uint64_t counted, std::size_t peers) const;
  void check_told(std::size_t from) const;
  bool brings_cookie(const Stray& stray) const;
  /// A record of the former association, unchanged, that the Listener may know by its connection id.
  bool is_known_by_id(const Stray& stray) const;
  void check_address(const Stray& stray, const ListenerOutput& out, bool is_alone);
  void judge(const Stray& stray, const std::vector<rules::RecordConduct>& records, bool is_unknown, bool begins);
  bool names_an_association(ByteView datagram) const;
  std::uint64_t counted() const;
  void write(const char* what, ByteView bytes);
  void write_told();

  const Input& input_;
  std::uint64_t seed_;
  std::shared_ptr<DeterministicProvider> provider_;
  std::optional<tocsin::Listener> listener_;
  ListenerOutput out_;
  ListenWitness witness_;
  Judged last_;
  std::array<bool, listen_addresses> waits_for_key_exchange_{};  // a handshake there has begun, and nothing came since
  std::size_t connection_id_bytes_ = 0;
  Instant now_{1000};
  Traces former_;
  PreviousAssociation became_ = PreviousAssociation::of_another_listener;
  bool has_id_ = false;                                       // its records carry a connection id
  std::size_t current_address_ = 0;                           // where it is
  bool has_seen_[2] = {};                                     // its application data, its close_notify
  std::array<std::vector<Bytes>, listen_addresses> cookies_;  // that were sent there
  std::array<bool, listen_addresses> is_known_{};             // something may be kept for it
  std::array<bool, listen_addresses> has_begun_{};  // a cookie came back with a stray: a handshake, whose failure is told
  ListenLogs logs_;
  std::size_t current_ = 0;  // whose log is written
};

/// The logs of a run without strays, in which so much time passes first. It is the same for all inputs with these options, and
/// kept.
const ListenLogs& logs_without_strays(const Input& input, Milliseconds waits);

}  // namespace tocsin::harness
