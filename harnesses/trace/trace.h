#pragma once
// The trace of a run: events that a scenario emits while it runs. `tocsin replay` sets a TraceSink for them; while fuzzing
// there is none, and an event costs one branch.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harnesses/stacks/peer.h"

namespace tocsin::differential {
struct Comparison;
}

namespace tocsin::harness {

struct TracedOption {
  std::string_view name;
  std::uint8_t value;
  std::string_view meaning;
};

/// How the input was taken apart.
struct InputEvent {
  std::vector<TracedOption> options;
  ByteView body;
};
/// A part of the run begins, such as another run of the same input.
struct ChunkEvent {
  std::string what;
};
/// An end is called. It may never return.
struct CallEvent {
  std::string_view end;   // "tocsin server", "OpenSSL client"
  std::string_view call;  // "receive"
  ByteView input;         // what it is given, from the other end or to be sent
};
/// The result of a call.
struct ReturnEvent {
  std::string_view end;
  bool is_ok;
  ByteView sent, delivered;
  std::vector<Event> events{};
  std::optional<Error> error{};                                     // tocsin's
  std::string failure{};                                            // in the stack's own words; empty: none
  std::optional<stacks::AlertSeen> alert_sent{}, alert_received{};  // of OpenSSL; tocsin's stand in its error
};
/// The content of a record, without its protection.
struct PayloadEvent {
  std::string_view end;
  enum class Direction : std::uint8_t { sent, received } direction;
  std::uint8_t type;
  bool is_protected;
  ByteView content;
};
/// Anything else.
struct NoteEvent {
  std::string_view who;
  std::string what;
};
/// The verdicts of two stacks were compared.
struct ComparisonEvent {
  std::string tocsin, openssl;
  const differential::Comparison* comparison;
};

using TraceEvent = std::variant<InputEvent, ChunkEvent, CallEvent, ReturnEvent, PayloadEvent, NoteEvent, ComparisonEvent>;

class TraceSink {
 public:
  virtual ~TraceSink() = default;
  virtual void on_event(const TraceEvent& event) = 0;
  /// The last call: ends the process.
  [[noreturn]] virtual void on_finding(std::string_view what) = 0;
};

/// Set it before a scenario runs. It must outlive the run.
inline TraceSink* trace_sink = nullptr;

/// make(): gives the event; called only if there is a sink.
template <class Make>
void emit(Make&& make) {
  if (trace_sink != nullptr) [[unlikely]]
    trace_sink->on_event(make());
}

}  // namespace tocsin::harness
