#pragma once
// A decorator that watches what is sealed: a nonce used twice under one key is a finding (nonce_used_once).
#include <array>
#include <memory>
#include <unordered_set>
#include <vector>

#include "tocsin/provider.h"

namespace tocsin::harness {

/// What was sealed with, by all the providers that share this.
class SealRecord {
 public:
  /// A number for the key.
  std::uint32_t number_of(CipherSuite suite, ByteView key);
  /// Notes a seal; a finding if there was one with this key and nonce before.
  void note(std::uint32_t key_number, const Aead::Nonce& nonce);
  /// To be called between runs: the same input draws the same keys again.
  void forget();

 private:
  struct Key {
    CipherSuite suite;
    Secret key;
  };
  struct Used {
    std::uint32_t key_number;
    Aead::Nonce nonce;
    friend bool operator==(const Used&, const Used&) = default;
  };
  struct UsedHash {
    std::size_t operator()(const Used& used) const;
  };
  std::vector<Key> keys_;
  std::unordered_set<Used, UsedHash> used_;
};

/// Both ends of a connection may share one record: then each may only use its own keys.
std::shared_ptr<Provider> make_auditing_provider(std::shared_ptr<Provider> inner, std::shared_ptr<SealRecord> record);

}  // namespace tocsin::harness
