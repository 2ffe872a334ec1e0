#include "harnesses/differential/rules/hello_reader.h"

#include <algorithm>

namespace tocsin::rules {

HelloReader::HelloReader(const dissect::Message& hello, std::string_view name)
    : message_(hello), hello_(hello.node), extensions_(extensions_of(hello.node)), name_(name) {}

const dissect::Node* HelloReader::extension(std::uint64_t type) const {
  const auto found =
      std::find_if(extensions_.begin(), extensions_.end(), [&](const Node* one) { return one->fields[0].number == type; });
  return found == extensions_.end() ? nullptr : *found;
}

const dissect::Node* HelloReader::readable_field(std::string_view name) const {
  return unreadable_fields_.contains(std::string(name)) ? nullptr : field_of(&hello_, name);
}

const dissect::Node* HelloReader::around(const dissect::Fault& fault) const {
  if (!fault.path.starts_with("extensions.")) return nullptr;
  return extension_around(*fault.node, extensions_);
}

ByteView HelloReader::content_of(const Node* node, std::string_view vector) const {
  const Node* content = field_of(field_of(node, vector), "opaque");
  return content == nullptr ? ByteView{} : bytes_of(*content);
}

void HelloReader::add_unreadable(Rule rule, const dissect::Fault& fault, const Node* extension) {
  add(rule, *fault.node, std::string(name_) + "." + fault.path);
  if (extension == nullptr)
    unreadable_fields_.insert(fault.path.substr(0, fault.path.find('.')));
  else if (fault.node->name != "Extension")
    unreadable_extensions_.insert(*extension->fields[0].number);
}

std::string HelloReader::path_of(const Node& where) const {
  const std::string start(name_);
  for (const Node* one : extensions_)
    if (one->offset <= where.offset && where.end() <= one->end() && one->size_bytes != 0)
      return start + ".extensions." + one->value + (&where == one ? "" : "." + std::string(where.name));
  return start + "." + std::string(where.name);
}

}  // namespace tocsin::rules
