#pragma once
// RFC 9846 4.7.3, seen from outside at one end: whose turn it is to send a KeyUpdate. The checker knows the messages alone.
#include <cstdint>

namespace tocsin::harness {

enum class KeyUpdateAsks : std::uint8_t { no, yes };  // request_update

class KeyUpdateTurns {
 public:
  /// The other end's KeyUpdate, before what this end says to it.
  void note_received(KeyUpdateAsks asks);
  /// This end's. A finding if it asks although the other end owes an answer.
  void note_sent(KeyUpdateAsks asks);
  /// A finding if the other end waits for a KeyUpdate, which comes first.
  void note_sent_application_data() const;

  /// While a call receives, this end sends no KeyUpdate but answers. None asks, whenever it is sent, unless the caller does.
  void begin_receiving() { is_receiving_ = true; }
  void end_receiving() { is_receiving_ = false; }
  /// The caller asks for a KeyUpdate that asks: it has to ask, unless an answer is due already.
  void expect_request() { must_ask_ = !awaits_answer_; }

 private:
  bool is_receiving_ = false;
  bool must_ask_ = false;       // the next that is sent
  bool awaits_answer_ = false;  // this end asked, and nothing came since
  bool owes_answer_ = false;    // the other end asked, however often
};

}  // namespace tocsin::harness
