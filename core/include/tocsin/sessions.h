#pragma once
/// @file
/// Where sessions of TLS 1.2 are kept, so that a later connection can resume one (RFC 5246 7.3).
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

/// Keeps sessions for one end or for several; whoever reads it can read their traffic. Connections call it, so where they run
/// in several threads it has to lock. Keys and sessions are opaque; one is Limits::session_bytes_max long at most.
class SessionStore {
 public:
  virtual ~SessionStore() = default;
  /// Keeps a copy, in the place of what is there under the key. until: nobody resumes it from then on.
  virtual void keep(ByteView key, ByteView session, UnixSeconds until) = 0;
  /// A copy of what is kept under the key; empty: nothing is.
  virtual SecretBytes find(ByteView key) = 0;
  /// A connection of the session failed: it may not be resumed any more (RFC 5246 7.2.2).
  virtual void forget(ByteView key) = 0;
};

/// A store in memory for one thread, which lets go of what was not used for longest.
class SessionCache final : public SessionStore {
 public:
  /// sessions_max: how many it holds; at least one.
  explicit SessionCache(std::size_t sessions_max = 1024);
  void keep(ByteView key, ByteView session, UnixSeconds until) override;
  SecretBytes find(ByteView key) override;
  void forget(ByteView key) override;
  std::size_t size() const { return sessions_.size(); }  ///< How many it holds now.

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
