#pragma once
// Who is told what a scripted peer does.
#include <cstddef>
#include <optional>

#include "core/base/types.h"
#include "harnesses/script/script.h"
#include "tocsin/algorithms.h"
#include "tocsin/bytes.h"

namespace tocsin::script {

/// Sees what the peer does, in order.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_step(const Step& step) = 0;           // before it
  virtual void on_message_built(ByteView message) = 0;  // as an honest peer would send it now, before any edit
  /// Sent. content: without protection, and so many bytes of padding behind it; key_updates: how many changed the keys of
  /// application data before.
  virtual void on_record(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys, std::size_t key_updates) = 0;
  /// Received. content: without protection; key_updates: how many changed the keys that it was under.
  virtual void on_received(ContentType type, ByteView content, Keys keys, std::size_t key_updates) = 0;
  virtual void on_client_hello(ByteView message) = 0;  // a server has got it
  virtual void on_retry(std::optional<NamedGroup> asked) = 0;  // a client has got a HelloRetryRequest
  virtual void on_resumption() = 0;                    // a client has got a ServerHello that goes on with its session
  virtual void on_exchange() = 0;                      // all that was sent was received, and the answer read
};

}  // namespace tocsin::script
