#pragma once
// Who is told what a scripted peer of DTLS does.
#include "harnesses/script/dtls12/script.h"
#include "harnesses/script/dtls12/sent.h"
#include "harnesses/stacks/endpoint.h"

namespace tocsin::script::dtls12 {

/// Sees what the peer does, in order.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_step(const Step& step) = 0;  // before it
  virtual void on_message(const SentMessage& message) = 0;
  virtual void on_datagram(const SentDatagram& datagram, stacks::Address from) = 0;  // before the end is given it
  virtual void on_time(stacks::Time now) = 0;                                        // the end is called so late
  virtual void on_exchange(std::size_t bytes_from_end) = 0;                          // the end was called, and its output read
};

}  // namespace tocsin::script::dtls12
