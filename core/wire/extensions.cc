#include "core/wire/extensions.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>

namespace tocsin::wire {
namespace {

struct Row {
  ExtensionType type;
  std::string_view name;
  std::uint8_t carriers;
};
constexpr auto rows = std::apply(
    [](const auto&... row) {
      return std::array{Row{row.type, row.name, row.carriers}...};
    },
    table::rows);

const Row* find(ExtensionType type) {
  for (const Row& row : rows)
    if (row.type == type) return &row;
  return nullptr;
}

/// The messages whose extensions answer those of another message (RFC 8446 4.2).
bool answers(Carrier carrier) {
  using enum Carrier;
  return (any_of(server_hello, hello_retry_request, encrypted_extensions, server_hello12, certificate) & any_of(carrier)) != 0;
}

/// The types that stood before. A block may hold 16384 extensions, too many to compare each with each, and has a dozen: the
/// table for many is made only for them.
class SeenTypes {
 public:
  /// False if it was there before.
  bool add(ExtensionType type) {
    const auto code = static_cast<std::uint16_t>(type);
    if (count_ < few_.size()) {
      const auto end = few_.begin() + static_cast<std::ptrdiff_t>(count_);
      if (std::find(few_.begin(), end, code) != end) return false;
      few_[count_++] = code;
      return true;
    }
    if (!many_) {
      many_.emplace();
      for (const std::uint16_t seen : few_) many_->set(seen);
    }
    if (many_->test(code)) return false;
    many_->set(code);
    return true;
  }

 private:
  std::array<std::uint16_t, 32> few_;
  std::size_t count_ = 0;
  std::optional<std::bitset<0x10000>> many_;
};

}  // namespace

Standing standing_of(ExtensionType type, Carrier carrier) {
  const Row* row = find(type);
  if (row == nullptr) return Standing::unknown;
  return (row->carriers & any_of(carrier)) != 0 ? Standing::allowed : Standing::misplaced;
}

std::string_view name_of(ExtensionType type) {
  const Row* row = find(type);
  return row == nullptr ? "unknown" : row->name;
}

Result<Done> check_extensions(ByteView block, Carrier carrier) {
  if (!ExtensionList::is_valid(block)) return Fatal{Reason::extension_malformed};
  if (block.empty()) return Done{};
  SeenTypes seen;
  for (const Extension& extension : ExtensionList(block)) {
    if (!seen.add(extension.type)) return Fatal{Reason::extension_duplicate};
    switch (standing_of(extension.type, carrier)) {
      case Standing::allowed:
        break;
      case Standing::misplaced:
        return Fatal{Reason::extension_misplaced};
      case Standing::unknown:
        if (answers(carrier)) return Fatal{Reason::extension_unsolicited};
        break;
    }
    // RFC 8446 4.2.11: it MUST be the last, since its binders cover all that stands before them.
    if (carrier == Carrier::client_hello && extension.type == ExtensionType::pre_shared_key && !extension.is_last)
      return Fatal{Reason::pre_shared_key_not_last};
  }
  return Done{};
}

}  // namespace tocsin::wire
