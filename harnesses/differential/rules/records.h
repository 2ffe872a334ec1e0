#pragma once
// What a peer sends in plaintext, record by record: the rules that records break, and the messages in them. For either role;
// the reader of a role says before each message what may come. It shares no table and no decoder with core/.
#include <vector>

#include "harnesses/differential/rules/fault.h"
#include "harnesses/dissect/messages.h"
#include "harnesses/dissect/records.h"

namespace tocsin::rules {

enum class ChangeCipherSpec : std::uint8_t {
  misplaced,  // it may not come
  dropped,    // RFC 9846 5
  awaited,    // RFC 5246 7.1: it changes the keys
};

/// What may come until the next message has.
struct Phase {
  std::optional<ProtocolVersion> version{};        // that both keep to by now
  Progress at{};                                   // how far the stack has come
  std::vector<std::uint8_t> messages{};            // the types that may come
  Rule (*misplaced)(std::uint8_t type) = nullptr;  // which rule a message of another type breaks
  ChangeCipherSpec change_cipher_spec = ChangeCipherSpec::misplaced;
  Rule change_cipher_spec_misplaced = Rule::change_cipher_spec_early;
  bool has_keys = false;                    // of TLS 1.3: only an alert or a change_cipher_spec may come in plaintext
  bool skips_early_data = false;            // RFC 9846 4.3.10
  std::size_t fragment_bytes_max = 0x4000;  // RFC 6066 4: that was agreed
};

struct Arrived {
  std::optional<dissect::Message>
      message{};           // none: the change_cipher_spec that was awaited. Its offsets count from its start.
  std::size_t offset = 0;  // of the message's header, in the input
};

class Records {
 public:
  /// Both outlive it. Faults are added to the reading.
  Records(ByteView input, Reading& reading) : rest_(input), input_(input), reading_(reading) { stream_.reserve(input.size()); }

  /// The next that may come. Nothing: the input ended, or a fault ended the conversation.
  std::optional<Arrived> next(const Phase& phase);
  /// Whether nothing stands behind the last message in its record.
  bool is_at_end_of_record() const { return taken_ == stream_.size(); }
  bool has_more() const { return !rest_.empty() || !is_at_end_of_record(); }
  /// Behind the last record that was read, in the input.
  std::size_t offset() const { return input_.size() - rest_.size(); }

  Fault& add(Rule rule, const Phase& phase, std::string path, std::size_t offset);

 private:
  enum class Took : std::uint8_t { nothing, record, change_cipher_spec };

  std::optional<Arrived> take_message(const Phase& phase);
  Took take_record(const Phase& phase);
  void see_header(const dissect::RecordHeader& header, const Phase& phase);
  Took see_content(const dissect::RecordView& record, const Phase& phase);
  Took see_change_cipher_spec(ByteView content, const Phase& phase);
  void see_early_data(ByteView content, const Phase& phase);
  void see_alert(ByteView content, const Phase& phase);
  void see_alert(std::uint8_t level, std::uint8_t description, const Phase& phase);
  void add_warning(Rule rule, const Phase& phase);
  void rename(Rule each, Rule together);
  void add_in_record(Rule rule, const Phase& phase, std::string_view field = {});
  void stop_unread() {
    reading_.is_all_read = false;
    is_over_ = true;
  }
  std::size_t offset_in_input(std::size_t offset_in_stream) const;

  struct Piece {
    std::size_t in_stream, in_input;
  };
  ByteView rest_, input_;
  Reading& reading_;
  Bytes stream_;  // what handshake records hold; messages look into it
  std::vector<Piece> pieces_;
  std::size_t taken_ = 0;                    // of the stream, in whole messages
  std::optional<std::size_t> header_fault_;  // of the message that is not whole yet, among the reading's
  bool is_header_seen_ = false, is_over_ = false;
  std::size_t change_cipher_specs_ = 0, warnings_ = 0, early_bytes_ = 0, record_offset_ = 0;
};

}  // namespace tocsin::rules
