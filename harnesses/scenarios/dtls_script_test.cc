// What dtls_client_script and dtls_server_script make of scripts, by their traces.
#include <gtest/gtest.h>

#include "harnesses/scenarios/scenarios.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/script/dtls12/testing.h"

namespace tocsin::harness {
namespace {

using script::dtls12::Script;
using script::dtls12::What;

/// Keeps what the end sent and delivered, and the notes.
class Recorder final : public TraceSink {
 public:
  Recorder() { trace_sink = this; }
  ~Recorder() override { trace_sink = nullptr; }
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void on_event(const TraceEvent& event) override {
    if (const auto* returned = std::get_if<ReturnEvent>(&event)) {
      append(sent, returned->sent);
      append(delivered, returned->delivered);
    }
    if (const auto* note = std::get_if<NoteEvent>(&event)) notes += std::string(note->who) + ": " + note->what + "\n";
  }
  void on_finding(std::string_view what) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
  }
  bool has(std::string_view note) const { return notes.find(note) != std::string::npos; }

  Bytes sent, delivered;
  std::string notes;
};

struct Played {
  Bytes sent, delivered;
  bool is_proved, is_due;  // the peer has proved itself; the end has to complete
};

Played play(void (*scenario)(ByteView), ByteView input) {
  Recorder recorder;
  scenario(input);
  return {recorder.sent, recorder.delivered, recorder.has("peer: has proved itself"), recorder.has("RFC 6347: completes")};
}

TEST(DtlsScripts, an_honest_server_and_an_honest_client_complete_and_twice_with_the_same_bytes) {
  const std::pair<void (*)(ByteView), Script> both[] = {{scenarios::dtls_client_script, script::dtls12::honest_server()},
                                                        {scenarios::dtls_server_script, script::dtls12::honest_client()}};
  for (const auto& [scenario, script] : both) {
    const Bytes input = make_input({{Tag::seed, 3}}, script::dtls12::to_binary(script));
    const Played first = play(scenario, input), second = play(scenario, input);
    EXPECT_TRUE(first.is_proved && first.is_due);
    EXPECT_EQ(first.delivered.size(), 5u);
    EXPECT_EQ(first.sent, second.sent);
    EXPECT_EQ(first.delivered, second.delivered);
  }
}

//= RFC 6347 4.1.2.7 //# In general, invalid records SHOULD be silently discarded, thus preserving the
TEST(DtlsScripts, what_must_be_discarded_leaves_an_honest_script_honest) {
  for (const std::string_view target : {"dtls_client_script", "dtls_server_script"}) {
    const auto scenario = target == "dtls_client_script" ? scenarios::dtls_client_script : scenarios::dtls_server_script;
    for (const std::string_view name :
         {"alert-in-plaintext-amid-the-handshake", "alert-in-plaintext-before-finished", "change-cipher-spec-early",
          "change-cipher-spec-lost", "data-before-finished", "data-in-plaintext", "data-with-a-broken-mac",
          "datagrams-repeated", "finished-in-plaintext-then-under-keys", "finished-in-fragments",
          "first-message-in-overlapping-fragments", "first-message-with-other-bytes-then-again", "message-of-the-past-edited",
          "message-far-ahead", "flight-of-the-end-lost", "silence"}) {
      const Played played = play(scenario, corpus_file(std::string(target) + "/" + std::string(name)));
      EXPECT_TRUE(played.is_proved && played.is_due) << target << " " << name;
    }
  }
}

}  // namespace
}  // namespace tocsin::harness
