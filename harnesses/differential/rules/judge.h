#pragma once
// Whether what a stack did is permitted, by the rules alone: no other stack is needed.
#include "harnesses/differential/rules/fault.h"
#include "harnesses/differential/verdict.h"

namespace tocsin::rules {

/// In the order of their weight.
enum class Tier : std::uint8_t {
  safety,   // a rule of level must_refuse is broken, and the stack went on or was silent
  none,     // no rule is broken, and the stack refuses
  single,   // one rule is broken, and the alert is not one of its own
  several,  // several are, and the alert is of none of them
  stuck,    // everything is there, and the stack waits for more
};

/// What is due for a record of a datagram, apart from alerts; or for a message.
enum class Due : std::uint8_t { answer, either, silence };
Due due_of_record(const Reading& reading, std::size_t record);
/// The ids of the rules that the record breaks, each once; "no rule".
std::string rules_of(const Reading& reading, std::size_t record);

/// "refuses with decode_error", "goes on", ...
std::string conduct_of(const Reading& reading, const differential::Verdict& verdict);

/// A rule of level must_refuse is broken.
bool must_be_refused(const Reading& reading);

struct Deviation {
  Tier tier;
  std::string text;  // what was due and what came, in one sentence; alike for all inputs of one finding
};

/// stack: its name, for the text. Nothing: permitted.
std::optional<Deviation> judge(const Reading& reading, const differential::Verdict& verdict, std::string_view stack);

/// "must be refused with decode_error: server_name_empty (RFC 6066 3): A host_name ...", a line for each fault.
std::string describe(const Reading& reading);

}  // namespace tocsin::rules
