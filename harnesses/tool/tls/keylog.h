#pragma once
// A file of lines in SSLKEYLOGFILE format, for Wireshark. Whoever has it can read the connections.
#include <functional>
#include <string>
#include <string_view>

namespace tocsin::tool {

/// Gives a function that appends a line to the file, which only its owner may read if it is made new. Every line is written at
/// once, so that several processes can share a file. UsageError if the file cannot be opened.
std::function<void(std::string_view line)> open_key_log(const std::string& path);

}  // namespace tocsin::tool
