#pragma once
// The handshake messages of an honest end of DTLS, which come in fragments, and more than once.
#include <map>
#include <optional>
#include <vector>

#include "harnesses/dissect/records.h"

namespace tocsin::script::dtls12 {

class ReceivedMessages {
 public:
  /// The next message has this number.
  void restart(std::uint16_t message_seq) {
    next_ = message_seq;
    begun_.clear();
  }
  void add(const dissect::FragmentView& fragment);
  /// The next message, with a 4-byte header; nothing if it is not whole.
  std::optional<Bytes> take();
  /// Of the one that take() gave last.
  std::uint16_t last_message_seq() const { return static_cast<std::uint16_t>(next_ - 1u); }

 private:
  struct Begun {
    Bytes bytes;
    std::vector<bool> has;
  };
  std::uint16_t next_ = 0;
  std::map<std::uint16_t, Begun> begun_;
};

}  // namespace tocsin::script::dtls12
