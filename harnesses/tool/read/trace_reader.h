#pragma once
// The trace of a scenario, event by event, as JSON and as text.
#include <map>
#include <string>

#include "harnesses/tool/read/json.h"
#include "harnesses/trace/trace.h"

namespace tocsin::tool {

/// Turns each event into a step, a JSON object. Remembers the bytes of each end, so that a record or message that comes in
/// pieces is named by the step that completes it.
class TraceReader {
 public:
  /// The member "step" says which event it is, the others what was in it:
  ///   input       options, body_bytes                                  how the input was taken apart
  ///   chunk       what                                                 a part of the run begins
  ///   call        end, call, input, records (of receive)               an end is called
  ///   return      end, ok, sent, records, delivered, events; error, failure, alert_sent, alert_received where there are any
  ///   payload     end, direction, protected, type, payload; messages or alert   what a record holds, without its protection
  ///   note        who, what                                            anything else
  ///   comparison  tocsin, openssl, result, ledger                      two stacks' verdicts, and the rows that excuse a
  ///   difference
  /// Bytes are in hexadecimal.
  Json read(const harness::TraceEvent& event);

 private:
  struct Bytestream {
    Bytes bytes;
    std::size_t records_named = 0;
  };

  Json step(const harness::InputEvent& input);
  Json step(const harness::ChunkEvent& chunk);
  Json step(const harness::CallEvent& call);
  Json step(const harness::ReturnEvent& returned);
  Json step(const harness::PayloadEvent& payload);
  Json step(const harness::NoteEvent& note);
  Json step(const harness::ComparisonEvent& compared);
  Json records_taken(std::string_view end, ByteView input);
  Json messages_in(const harness::PayloadEvent& payload);

  std::map<std::string, Bytestream, std::less<>> taken_;  // by end
  std::map<std::string, Bytes, std::less<>> unfinished_;  // messages, by end and direction
};

/// Turns steps into lines.
class TraceText {
 public:
  /// With their newlines. Equal calls in a row without any result are written once, with their number.
  std::string read(const Json& step);
  /// The number of such calls at the end of the trace.
  std::string end();

 private:
  std::string call_;            // the last
  std::string repeated_;        // the one before it, if that came to nothing
  bool is_held_back_ = false;   // the last, as it is the same
  std::size_t more_calls_ = 0;  // that were held back, and came to nothing
};

}  // namespace tocsin::tool
