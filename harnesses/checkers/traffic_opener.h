#pragma once
// What protects records of TLS 1.3, from outside: a traffic secret of the key log.
#include <optional>
#include <span>
#include <vector>

#include "core/record/tls13/protection.h"
#include "tocsin/provider.h"

namespace tocsin::harness {

/// Opens the records of one end under one traffic secret, in their turn (RFC 9846 5.3).
class TrafficOpener {
 public:
  /// The provider must outlive it. The suite is one that has the secret's hash; the first record that opens tells which.
  TrafficOpener(Provider& provider, const Secret& traffic_secret);

  struct Content {
    ContentType type;
    ByteView bytes;  // as long as nothing else is opened
  };
  /// Nothing if the record does not open with the key and the sequence number that are its turn. record: with its header.
  std::optional<Content> open(ByteView record);
  /// RFC 9846 7.2: goes on with the secret that follows a KeyUpdate.
  void update();

 private:
  void start(const Secret& traffic_secret);
  bool add_candidate();

  Provider* provider_;
  Secret secret_;
  std::span<const CipherSuite> untried_;  // with the secret's hash; its keys are derived when no other opens the record
  std::vector<record::Opener> candidates_;
  Bytes record_;
};

}  // namespace tocsin::harness
