#include "harnesses/differential/rules/second_client_hello.h"

#include <algorithm>

#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/rules/fields.h"

namespace tocsin::rules {
namespace {

using dissect::Message;
using dissect::Node;

// What may change has rules of its own.
bool may_change(std::uint64_t type) {
  return type == key_share || type == early_data || type == cookie || type == pre_shared_key || type == padding;
}

struct Entry {
  std::uint64_t type;
  ByteView bytes;  // with the header
  const Node* node;
};

std::vector<Entry> entries_of(const Message& hello) {
  std::vector<Entry> entries;
  for (const Node* extension : extensions_of(hello.node))
    entries.push_back({*extension->fields[0].number, bytes_of_node(*extension, hello), extension});
  return entries;
}

const Entry* find(const std::vector<Entry>& entries, std::uint64_t type) {
  const auto found = std::ranges::find(entries, type, &Entry::type);
  return found == entries.end() ? nullptr : &*found;
}

bool are_equal(ByteView one, ByteView other) { return std::ranges::equal(one, other); }

std::vector<ByteView> identities_of(const Entry& keys, const Message& hello) {
  std::vector<ByteView> identities;
  if (const Node* list = field_of(keys.node, "identities"))
    for (const Node& entry : list->fields)
      if (const Node* identity = field_of(&entry, "identity")) identities.push_back(bytes_of_node(*identity, hello));
  return identities;
}

class Comparison {
 public:
  Comparison(const Message& first, const Message& second)
      : first_(first), second_(second), old_(entries_of(first)), new_(entries_of(second)) {}

  std::vector<Change> changes(NamedGroup asked) && {
    compare_field("random", Rule::second_hello_random);
    compare_field("legacy_session_id", Rule::second_hello_session_id);
    compare_field("cipher_suites", Rule::second_hello_suites);
    compare_extensions();
    compare_keys();
    judge_shares(asked);
    if (const Entry* data = find(new_, early_data)) add(Rule::second_hello_early_data, data->node);
    const Entry *old_padding = find(old_, padding), *new_padding = find(new_, padding);
    if ((old_padding == nullptr) != (new_padding == nullptr) ||
        (old_padding != nullptr && !are_equal(old_padding->bytes, new_padding->bytes)))
      add(Rule::second_hello_padding, new_padding == nullptr ? nullptr : new_padding->node);
    return std::move(changes_);
  }

 private:
  void add(Rule rule, const Node* where) { changes_.push_back({rule, where}); }

  void compare_field(std::string_view name, Rule rule) {
    const Node *was = field_of(&first_.node, name), *is = field_of(&second_.node, name);
    if (was != nullptr && is != nullptr && !are_equal(bytes_of_node(*was, first_), bytes_of_node(*is, second_))) add(rule, is);
  }

  void compare_extensions() {
    std::erase_if(old_kept_ = old_, [](const Entry& entry) { return may_change(entry.type); });
    std::erase_if(new_kept_ = new_, [](const Entry& entry) { return may_change(entry.type); });
    bool is_same_set = old_kept_.size() == new_kept_.size();
    for (const Entry& entry : new_kept_) {
      const Entry* was = find(old_kept_, entry.type);
      is_same_set = is_same_set && was != nullptr;
      if (was == nullptr)
        add(Rule::second_hello_extension_added, entry.node);
      else if (!are_equal(was->bytes, entry.bytes))
        add(Rule::second_hello_extension_changed, entry.node);
    }
    for (const Entry& entry : old_kept_)
      if (find(new_kept_, entry.type) == nullptr) add(Rule::second_hello_extension_removed, nullptr);
    if (is_same_set && !std::ranges::equal(old_kept_, new_kept_, {}, &Entry::type, &Entry::type))
      add(Rule::second_hello_extensions_reordered, nullptr);
  }

  void compare_keys() {
    const Entry *was = find(old_, pre_shared_key), *is = find(new_, pre_shared_key);
    if (is == nullptr) return;
    const auto known = was == nullptr ? std::vector<ByteView>() : identities_of(*was, first_);
    for (const ByteView identity : identities_of(*is, second_))
      if (std::ranges::none_of(known, [&](ByteView one) { return are_equal(one, identity); }))
        return add(Rule::second_hello_identity_added, is->node);
    if (was != nullptr && !are_equal(was->bytes, is->bytes)) add(Rule::second_hello_binders, is->node);
  }

  void judge_shares(NamedGroup asked) {
    const Entry* shares = find(new_, key_share);
    if (shares == nullptr) return;
    const Numbers groups = numbers_in(shares->node, "group");
    if (groups.empty())
      add(Rule::second_hello_share_absent, shares->node);
    else if (!has(groups, static_cast<std::uint16_t>(asked)))
      add(Rule::second_hello_share_wrong, shares->node);
    else if (groups.size() > 1)
      add(Rule::second_hello_shares_more, shares->node);
  }

  const Message &first_, &second_;
  const std::vector<Entry> old_, new_;
  std::vector<Entry> old_kept_, new_kept_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> changes_between(const Message& first, const Message& second, NamedGroup asked) {
  return Comparison(first, second).changes(asked);
}

}  // namespace tocsin::rules
