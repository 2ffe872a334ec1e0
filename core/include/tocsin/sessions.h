#pragma once
/// @file
/// Stores of TLS 1.2 sessions, from which a later connection can resume one (RFC 5246 7.3).
#include <cstddef>
#include <list>
#include <map>
#include <utility>

#include "tocsin/bytes.h"
#include "tocsin/provider.h"

namespace tocsin {

/// Bytes of any length, zeroised when they go away.
class SecretBytes {
 public:
  SecretBytes() = default;                                                                ///< Empty.
  explicit SecretBytes(Bytes from) : bytes_(std::move(from)) {}                           ///< Takes these over.
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}  ///< Leaves the other empty.
  SecretBytes& operator=(SecretBytes&& other) noexcept;                                   ///< likewise
  ~SecretBytes();                                                                         ///< Zeroises.

  ByteView view() const { return bytes_; }         ///< Its bytes, as long as it lives.
  bool empty() const { return bytes_.empty(); }    ///< Whether it has no bytes.
  MutableBytes mutable_bytes() { return bytes_; }  ///< Its bytes, as long as it lives.

 private:
  Bytes bytes_;
};

/// Keeps sessions for one or several ends. Anyone who can read it can read their traffic. Connections call it, so it must lock
/// if they run in several threads. Keys and sessions are opaque; a session has at most Limits::session_bytes_max bytes.
class SessionStore {
 public:
  virtual ~SessionStore() = default;
  /// Stores a copy, and replaces what was stored under the key. until: from then on nobody resumes it.
  virtual void keep(ByteView key, ByteView session, UnixSeconds until) = 0;
  /// A copy of what is stored under the key; empty: nothing is.
  virtual SecretBytes find(ByteView key) = 0;
  /// A connection of the session failed: the session must not be resumed again (RFC 5246 7.2.2).
  virtual void forget(ByteView key) = 0;
};

/// A store in memory for one thread, which evicts the least recently used session.
class SessionCache final : public SessionStore {
 public:
  /// sessions_max: its capacity, at least one.
  explicit SessionCache(std::size_t sessions_max = 1024);
  void keep(ByteView key, ByteView session, UnixSeconds until) override;
  SecretBytes find(ByteView key) override;
  void forget(ByteView key) override;
  std::size_t size() const { return sessions_.size(); }  ///< The number of sessions in it.

 private:
  struct Kept {
    Bytes key;
    SecretBytes session;
  };
  std::size_t sessions_max_;
  std::list<Kept> sessions_;  // what was used last comes first
  std::map<Bytes, std::list<Kept>::iterator> by_key_;
};

}  // namespace tocsin
