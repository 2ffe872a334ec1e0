#pragma once
// JSON of what the tool prints. The names of the members are stable: scripts rely on them.
#include <nlohmann/json.hpp>
#include <vector>

#include "harnesses/dissect/dissect.h"
#include "harnesses/scenarios/input.h"
#include "tocsin/error.h"

namespace tocsin::tool {

using Json = nlohmann::ordered_json;

/// {"kind":"fatal","reason","sentence","alert":{"description","name"},"clause"}, {"kind":"peer_alert","alert"}, or
/// {"kind":"misuse","sentence"}.
Json to_json(const Error& error);
Json alert_to_json(std::uint8_t description);
/// Each {"name","value","meaning"}.
Json to_json(const std::vector<harness::TracedOption>& options);
/// Each {"name","offset","length"}, and where there is such a thing "value","number","fault"; then "fields", or "hex" of a
/// leaf.
Json to_json(const std::vector<dissect::Node>& nodes, ByteView input);
/// Each {"offset","path","fault"}.
Json to_json(const std::vector<dissect::Fault>& faults);

}  // namespace tocsin::tool
