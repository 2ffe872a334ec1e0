#include "harnesses/tool/read/json.h"

#include "harnesses/dissect/text.h"

namespace tocsin::tool {

Json alert_to_json(std::uint8_t description) {
  return {{"description", description}, {"name", alert_name(static_cast<AlertDescription>(description))}};
}

Json to_json(const Error& error) {
  if (const Fatal* fatal = error.fatal())
    return {{"kind", "fatal"},
            {"reason", name_of(fatal->why)},
            {"sentence", sentence_of(fatal->why)},
            {"alert", alert_to_json(static_cast<std::uint8_t>(alert_for(fatal->why)))},
            {"clause", clause_of(fatal->why)}};
  if (const PeerAlert* received = error.peer_alert())
    return {{"kind", "peer_alert"}, {"alert", alert_to_json(static_cast<std::uint8_t>(received->description))}};
  return {{"kind", "misuse"}, {"sentence", sentence_of(*error.misuse())}};
}

Json to_json(const std::vector<harness::TracedOption>& options) {
  Json rows = Json::array();
  for (const harness::TracedOption& option : options)
    rows.push_back({{"name", option.name}, {"value", option.value}, {"meaning", option.meaning}});
  return rows;
}

Json to_json(const std::vector<dissect::Node>& nodes, ByteView input) {
  Json rows = Json::array();
  for (const dissect::Node& node : nodes) {
    Json row{{"name", node.name}, {"offset", node.offset}, {"length", node.size_bytes}};
    if (const std::string text = text_of(node); !text.empty()) row["value"] = text;
    if (node.number) row["number"] = *node.number;
    if (!node.fault.empty()) row["fault"] = node.fault;
    if (node.is_leaf())
      row["hex"] = dissect::hex(input.subspan(node.offset, node.size_bytes));
    else
      row["fields"] = to_json(node.fields, input);
    rows.push_back(std::move(row));
  }
  return rows;
}

Json to_json(const std::vector<dissect::Fault>& faults) {
  Json rows = Json::array();
  for (const dissect::Fault& fault : faults)
    rows.push_back({{"offset", fault.node->offset}, {"path", fault.path}, {"fault", fault.node->fault}});
  return rows;
}

}  // namespace tocsin::tool
