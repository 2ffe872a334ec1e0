// pipe_answers: whatever a shim writes as answers to a probe, the probe goes on or gives it up.
#include <algorithm>

#include "harnesses/scenarios/scenarios.h"
#include "harnesses/stacks/pipe/peer.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using stacks::Status;

// A shim that has said all that it will ever say.
class Spoken final : public stacks::pipe::Channel {
 public:
  explicit Spoken(ByteView said) : rest_(said) {}

  Bytes exchange(ByteView) override {
    constexpr std::size_t piece_bytes = 7;
    while (true) {
      if (auto answer = reader_.take()) return std::move(*answer);
      if (rest_.empty()) throw stacks::pipe::Broken("it says nothing more");
      const std::size_t size = std::min(piece_bytes, rest_.size());
      reader_.add(rest_.first(size));
      rest_ = rest_.subspan(size);
    }
  }

 private:
  ByteView rest_;
  stacks::pipe::MessageReader reader_;
};

void require_printable(std::string_view text) {
  ++stats().other_checks;
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (!is_plain || text.size() > stacks::pipe::text_bytes_max) finding("the text of a shim is not fit for a line of output");
}

// Until the shim is given up, or has failed.
void talk_to(stacks::Peer& end) {
  std::size_t output_bytes = 0;
  for (Status before = Status::handshaking; end.status() != Status::failed;) {
    end.receive(Bytes{1});
    if (end.send(Bytes{2})) end.update_keys(KeyUpdateRequest::update_requested);
    output_bytes += end.take_output().size() + end.take_application_data().size();
    require_printable(end.failure());
    ++stats().other_checks;
    if (end.status() < before) finding("a handshake that was complete is under way again");
    if (output_bytes > stacks::pipe::output_bytes_max) finding("an end writes without a limit");
    if (end.alert_sent() && end.may_have_sent_alert()) finding("an alert is told, and may have been sent besides");
    before = end.status();
  }
  if (end.send(Bytes{1}) || end.close()) finding("an end that has failed goes on");
}

}  // namespace

void scenarios::pipe_answers(ByteView bytes) {
  Spoken shim(bytes);
  try {
    stacks::pipe::PipeStack stack(shim);
    require_printable(stack.name() + stack.version());
    for (const stacks::Role role : {stacks::Role::server, stacks::Role::client}) {
      try {
        talk_to(*stack.make(role, stack.adapted({}), 0));
      } catch (const stacks::Unsupported& lack) {
        require_printable(lack.what());
      }
    }
  } catch (const stacks::pipe::Broken& broken) {
    emit([&] { return NoteEvent{"probe", broken.what()}; });
    require_printable(broken.what());
  }
}

}  // namespace tocsin::harness
