#pragma once
// What a target does, told while it does it: `tocsin replay` listens, nobody does while fuzzing. Then telling costs one branch.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harnesses/peers/peer.h"

namespace tocsin::differential {
struct Comparison;
}

namespace tocsin::fuzz {

struct OptionTold {
  std::string_view name;
  std::uint8_t value;
  std::string_view meaning;
};

/// The input was taken apart so.
struct Given {
  std::vector<OptionTold> options;
  ByteView body;
};
/// Something begins: another run of the same input, say.
struct Part {
  std::string what;
};
/// An end is called. It may never return.
struct Called {
  std::string_view end;   // "tocsin server", "OpenSSL client"
  std::string_view call;  // "receive"
  ByteView input;         // what it is given, from the other end or to be sent
};
/// What came of it.
struct Returned {
  std::string_view end;
  bool is_ok;
  ByteView sent, delivered;
  std::vector<Event> events{};
  std::optional<Error> error{};                                    // tocsin's
  std::string failure{};                                           // in the stack's own words; empty: none
  std::optional<peers::AlertSeen> alert_sent{}, alert_received{};  // of OpenSSL; tocsin's are told by its error
};
/// The content of a record, without its protection.
struct Content {
  std::string_view end;
  enum class Direction : std::uint8_t { sent, received } direction;
  std::uint8_t type;
  bool is_protected;
  ByteView content;
};
/// Anything else that somebody does.
struct Note {
  std::string_view who;
  std::string what;
};
/// The verdicts of two stacks were compared.
struct Compared {
  std::string tocsin, openssl;
  const differential::Comparison* comparison;
};

using Told = std::variant<Given, Part, Called, Returned, Content, Note, Compared>;

class Listener {
 public:
  virtual ~Listener() = default;
  virtual void hear(const Told& told) = 0;
  /// The last that is heard: ends the process.
  [[noreturn]] virtual void hear_finding(std::string_view what) = 0;
};

/// To be set before a target runs. It must outlive the run.
inline Listener* listener = nullptr;

/// make: gives what is told; called only if somebody listens.
template <class Make>
void tell(Make&& make) {
  if (listener != nullptr) [[unlikely]]
    listener->hear(make());
}

}  // namespace tocsin::fuzz
