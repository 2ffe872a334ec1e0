#pragma once
// tocsin explain: reads a flight field by field, and says where tocsin would refuse it, why, with which alert, after which
// clause.
#include <optional>
#include <string>

#include "harnesses/tool/read/input_bytes.h"

namespace tocsin::tool {

enum class Sender : std::uint8_t { guessed, client, server };
enum class Form : std::uint8_t { records, messages };

struct ExplainOptions {
  std::string path = "-";
  Encoding encoding = Encoding::guessed;
  Sender sender = Sender::guessed;  // guessed by the first message
  Form form = Form::records;
  bool is_corpus_input = false;  // the options of a fuzz target stand in front
  bool is_json = false;
  std::string key_log_path{};  // whose secrets open what is protected; empty: none
};

/// Everything that it has to say, ending with a newline. content: the file's; key_log: that one's, if there is one.
std::string explain(ByteView content, const ExplainOptions& options, std::optional<std::string_view> key_log = {});

/// Reads the file and writes to standard output. The exit status.
int explain(const ExplainOptions& options);

}  // namespace tocsin::tool
