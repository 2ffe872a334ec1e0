#pragma once
// What a fuzz target tells of its run, step by step, as JSON and as text.
#include <map>
#include <string>

#include "harnesses/tool/read/json.h"
#include "harnesses/trace/trace.h"

namespace tocsin::tool {

/// Makes a JSON object of each step; remembers the bytes of each end, so that records and messages in pieces are named where
/// they become whole.
class TraceReader {
 public:
  /// The member "step" says which one it is: given, part, called, returned, content, note, compared.
  Json read(const harness::TraceEvent& event);

 private:
  struct Bytestream {
    Bytes bytes;
    std::size_t records_told = 0;
  };

  Json step(const harness::InputEvent& given);
  Json step(const harness::ChunkEvent& part);
  Json step(const harness::CallEvent& called);
  Json step(const harness::ReturnEvent& returned);
  Json step(const harness::PayloadEvent& content);
  Json step(const harness::NoteEvent& note);
  Json step(const harness::ComparisonEvent& compared);
  Json records_taken(std::string_view end, ByteView input);
  Json messages_in(const harness::PayloadEvent& content);

  std::map<std::string, Bytestream, std::less<>> taken_;  // by end
  std::map<std::string, Bytes, std::less<>> unfinished_;  // messages, by end and direction
};

/// Makes lines of the steps.
class TraceText {
 public:
  /// With their newlines. Calls of one kind that come to nothing, one after another, are told once and counted.
  std::string read(const Json& step);
  /// What is left to say of such calls at the end.
  std::string end();

 private:
  std::string call_;            // the last
  std::string repeated_;        // the one before it, if that came to nothing
  bool is_held_back_ = false;   // the last, as it is the same
  std::size_t more_calls_ = 0;  // that were held back, and came to nothing
};

}  // namespace tocsin::tool
